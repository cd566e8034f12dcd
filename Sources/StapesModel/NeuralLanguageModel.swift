public import StapesDecoding
public import StapesKernels
public import StapesNetwork
internal import StapesText

/// A language model of characters whose memory is a recurrent network: how probable each character
/// is after all of a text before it.
///
/// Token 0 begins and ends a text, token 1 stands for every character that the model does not have,
/// the others are its characters. The network sees each token as a row of zeros with a single one,
/// and its classes are the tokens; their softmax is the probability of what comes next (Mikolov et
/// al., "Recurrent neural network based language model", 2010; of characters: Graves, "Generating
/// sequences with recurrent neural networks", 2013).
public struct NeuralLanguageModel: Sendable {
  /// The characters that it has, a space for the end of a word among them.
  public let characters: [String]
  /// The network, of one direction and without strides, with long short-term memory.
  public let network: Network
  /// Where the model comes from.
  public var provenance: Provenance

  private let tokenOfCharacter: [String: Int]
  let step: RecurrentStep
  let first: (memory: [Float], logProbabilities: [Float])

  /// The token that begins and ends a text.
  static let boundary = 0
  /// The token of a character that the model does not have.
  static let unknown = 1
  /// The token of the first character.
  private static let firstCharacter = 2

  /// The shape of a network for so many characters.
  public static func configuration(
    characterCount: Int, layerCount: Int, hiddenSize: Int, dropout: Double
  ) -> NetworkConfiguration {
    let tokenCount = firstCharacter + characterCount
    return NetworkConfiguration(
      featureCount: tokenCount, stackCount: 1, stride: 1, layerCount: layerCount,
      hiddenSize: hiddenSize, isBidirectional: false, dropout: dropout, classCount: tokenCount)
  }

  /// Puts a model together.
  ///
  /// - Throws: `ModelFault.unusableSetting` where a character is empty or stands there twice, and
  ///   `.mismatch` where the network is not of the shape for them.
  public init(
    characters: [String], network: Network, provenance: Provenance = Provenance()
  ) throws(ModelFault) {
    guard Set(characters).count == characters.count, !characters.contains("") else {
      throw .unusableSetting(key: "characters", detail: "one is empty or stands there twice")
    }
    let (found, architecture) = (network.configuration, network.configuration.architecture)
    guard case .lstm(let layer)? = architecture.layers.first?.kind,
      found
        == Self.configuration(
          characterCount: characters.count, layerCount: architecture.layers.count,
          hiddenSize: layer.cell.size, dropout: architecture.dropout)
    else {
      throw .unusableSetting(
        key: "network", detail: "it is not of LSTM layers for \(characters.count) characters")
    }
    (self.characters, self.network, self.provenance) = (characters, network, provenance)
    tokenOfCharacter = Dictionary(
      uniqueKeysWithValues: characters.enumerated().map { ($1, $0 + Self.firstCharacter) })
    step = RecurrentStep(network)
    let begin = step.run([(step.emptyMemory, Self.boundary)])
    first = (begin.memories[0], Array(begin.logProbabilities.row(0)))
  }

  /// The token of a character.
  public func token(of character: String) -> Int { tokenOfCharacter[character] ?? Self.unknown }

  /// The tokens of a text's characters, divided as those of a recogniser are; a letter with its signs
  /// is one where the model has it so.
  public func tokens(of text: String) -> [Int] {
    text.flatMap { character in
      tokenOfCharacter[String(character)].map { [$0] }
        ?? character.units.map { token(of: String($0)) }
    }
  }

  /// What the network sees of a text: the begin, then each character, as rows with a single one.
  ///
  /// - Returns: [1 + characters × tokens].
  public static func input(_ tokens: some Collection<Int>, tokenCount: Int) -> Matrix {
    var input = Matrix(rowCount: tokens.count + 1, columnCount: tokenCount)
    input[0, boundary] = 1
    for (index, token) in tokens.enumerated() { input[index + 1, token] = 1 }
    return input
  }

  /// What the network should say of a text: each of its tokens, then the end.
  public static func targets(_ tokens: some Collection<Int>) -> [Int] { tokens + [boundary] }

  /// How probable texts are, character by character.
  ///
  /// - Returns: for each text the natural log-probability of each character after those before it,
  ///   and at last that of its end.
  public func logProbabilities(of texts: [String]) -> [[Float]] {
    let network = InferenceNetwork(network)
    let tokenCount = network.configuration.classCount
    var all: [[Float]] = []
    for begin in stride(from: 0, to: texts.count, by: Self.batchSize) {
      let batch = texts[begin..<min(begin + Self.batchSize, texts.count)].map(tokens(of:))
      let logits = network.logits(of: batch.map { Self.input($0, tokenCount: tokenCount) })
      for (tokens, logits) in zip(batch, logits) {
        var logProbabilities = logits
        logProbabilities.takeLogSoftmaxOfRows()
        all.append(Self.targets(tokens).enumerated().map { logProbabilities[$0, $1] })
      }
    }
    return all
  }

  /// How many texts go through the network together.
  package static let batchSize = 32
}

extension NeuralLanguageModel: CharacterPredictor {
  /// The token that stands for all unknown characters.
  public var unknownToken: Int { Self.unknown }

  /// The token that ends a text.
  public var endToken: Int { Self.boundary }

  /// What the model knows at the begin of a text.
  public var begin: CharacterPrediction {
    CharacterPrediction(memory: first.memory, logProbabilities: first.logProbabilities)
  }

  /// The character of a token; nil for the unknown one and the end.
  public func character(of token: Int) -> String? {
    token < Self.firstCharacter ? nil : characters[token - Self.firstCharacter]
  }

  /// Goes on by a token from each of some texts, in one matrix product a layer.
  public func predictions(
    after texts: [(before: CharacterPrediction, token: Int)]
  ) -> [CharacterPrediction] {
    let next = step.run(texts.map { ($0.before.memory, $0.token) })
    return next.memories.enumerated().map { row, memory in
      CharacterPrediction(
        memory: memory, logProbabilities: Array(next.logProbabilities.row(row)))
    }
  }
}

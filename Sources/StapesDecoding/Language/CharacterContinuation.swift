internal import Glibc
public import StapesLanguage

/// A text that goes on, character by character, as a language model of characters predicts it.
public struct CharacterContinuation: Sendable {
  /// A character that may come next.
  public struct Next: Sendable, Equatable {
    /// The character; nil for the end of the text.
    public let character: String?
    /// How probable it is, in 0...1.
    public let probability: Double
  }

  private enum Source: Sendable {
    case ngrams(NGramModel, NGramModel.State)
    case predictor(any CharacterPredictor, CharacterPrediction)
  }

  private var source: Source
  /// The text so far.
  public private(set) var text = ""

  /// Begins a text after an n-gram model.
  ///
  /// - Precondition: it is a model of characters.
  public init(by model: NGramModel) {
    precondition(model.unit == .character, "a model of words")
    source = .ngrams(model, model.initialState)
  }

  /// Begins a text after a predictor.
  public init(by predictor: any CharacterPredictor) {
    source = .predictor(predictor, predictor.begin)
  }

  /// What may come next, most probable first, and equally probable ones in the order of the model;
  /// unknown characters are left out, so that the sum may be below 1.
  public var next: [Next] {
    let all: [Next]
    switch source {
    case .ngrams(let model, let state):
      let end = Next(character: nil, probability: exp(Double(model.finish(state))))
      all =
        [end]
        + model.spokenWords.map { word in
          let name = model.word(at: word)
          return Next(
            character: name == LanguageUnit.space ? " " : name,
            probability: exp(Double(model.score(word, from: state).logProbability)))
        }
    case .predictor(let predictor, let prediction):
      all = prediction.logProbabilities.enumerated().compactMap { token, logProbability in
        token == predictor.unknownToken
          ? nil
          : Next(
            character: token == predictor.endToken ? nil : predictor.character(of: token),
            probability: exp(Double(logProbability)))
      }
    }
    return all.enumerated().sorted {
      ($1.element.probability, $0.offset) < ($0.element.probability, $1.offset)
    }.map(\.element)
  }

  /// Goes on by a character, also one that the model does not have.
  public mutating func append(_ character: String) {
    text += character
    switch source {
    case .ngrams(let model, let state):
      let name = character == " " ? LanguageUnit.space : character
      let word = model.index(of: name) ?? model.unknownWord
      source = .ngrams(model, model.score(word, from: state).state)
    case .predictor(let predictor, let prediction):
      let token = predictor.token(of: character)
      let next = predictor.predictions(after: [(before: prediction, token: token)])
      source = .predictor(predictor, next[0])
    }
  }

  /// Goes on by a character drawn at random.
  ///
  /// - Parameters:
  ///   - temperature: above 0; the probabilities are raised to the power of 1 / `temperature`
  ///     first, so that a low one keeps to what is probable.
  ///   - generator: where the randomness comes from.
  /// - Returns: whether it went on, and did not end.
  public mutating func extend(
    temperature: Double, using generator: inout some RandomNumberGenerator
  ) -> Bool {
    precondition(temperature > 0, "temperature \(temperature)")
    let next = next
    let highest = next.first?.probability ?? 1
    let weights = next.map { pow($0.probability / highest, 1 / temperature) }
    var place = Double.random(in: 0..<1, using: &generator) * weights.reduce(0, +)
    for (candidate, weight) in zip(next, weights) {
      place -= weight
      if place < 0 {
        guard let character = candidate.character else { return false }
        append(character)
        return true
      }
    }
    return false
  }
}

/// A language model of characters that tells, after some of them, how probable each next one is.
///
/// Its tokens are characters, one that stands for all it does not know, and one for the end of a
/// text.
public protocol CharacterPredictor: Sendable {
  /// The number of the token that stands for all unknown characters.
  var unknownToken: Int { get }
  /// The number of the token that ends a text.
  var endToken: Int { get }
  /// What it knows at the begin of a text.
  var begin: CharacterPrediction { get }

  /// The token of a character.
  func token(of character: String) -> Int
  /// The character of a token; nil for the unknown one and the end.
  func character(of token: Int) -> String?

  /// Goes on by a token from each of some texts; together they cost less than one by one.
  ///
  /// - Returns: what it knows after them, in the same order.
  func predictions(
    after texts: [(before: CharacterPrediction, token: Int)]
  ) -> [CharacterPrediction]
}

/// What a language model of characters knows of a text that goes on.
public struct CharacterPrediction: Sendable {
  /// What the model remembers of the text; only the model understands it.
  public var memory: [Float]
  /// For each token the natural log-probability that it comes next.
  public var logProbabilities: [Float]

  /// Makes a prediction.
  public init(memory: [Float], logProbabilities: [Float]) {
    (self.memory, self.logProbabilities) = (memory, logProbabilities)
  }
}

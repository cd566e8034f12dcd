public import StapesDecoding
internal import StapesFiles
public import StapesLanguage
public import StapesModel

/// A language model of any kind.
public enum LanguageModel: Sendable {
  /// One of n-grams of words or characters.
  case ngrams(NGramModel)
  /// One of characters whose memory is a network.
  case neural(NeuralLanguageModel)

  /// The ending of the names of neural models' files.
  public static let neuralEnding = ".safetensors"

  /// Reads a model file, of a kind that the ending of its name tells.
  ///
  /// - Throws: `RecognitionError.languageModel` and `.model`.
  public init(contentsOf path: String) throws(RecognitionError) {
    if path.hasSuffix(Self.neuralEnding) {
      self = .neural(
        try rethrowing(NeuralLanguageModel(contentsOf: path), as: RecognitionError.model))
    } else {
      self = .ngrams(
        try rethrowing(NGramModel(contentsOf: path), as: RecognitionError.languageModel))
    }
  }

  /// An empty text that goes on by this model; nil for a model of words.
  public var continuation: CharacterContinuation? {
    switch self {
    case .ngrams(let model):
      model.unit == .character ? CharacterContinuation(by: model) : nil
    case .neural(let model): CharacterContinuation(by: model)
    }
  }

  /// What the model predicts.
  public var unit: LanguageUnit {
    switch self {
    case .ngrams(let model): model.unit
    case .neural: .character
    }
  }

  /// Adds lines of text to a perplexity.
  public func add(_ lines: [String], to perplexity: inout Perplexity) {
    switch self {
    case .ngrams(let model):
      for line in lines { perplexity.add(line: line, by: model) }
    case .neural(let model):
      let texts = lines.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      for (text, logProbabilities) in zip(texts, model.logProbabilities(of: texts)) {
        perplexity.add(line: text, logProbabilities: logProbabilities) {
          model.token(of: $0) != model.unknownToken
        }
      }
    }
  }
}

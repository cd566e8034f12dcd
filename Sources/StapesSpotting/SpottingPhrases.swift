public import StapesModel
public import StapesRecognition

/// What to spot: phrases, each with what its slots hold.
public struct SpottingPhrases: Sendable, Equatable {
  /// A phrase.
  public struct Phrase: Sendable, Equatable {
    /// Its text as it was given.
    public let text: String
    /// What the slots of a grammar hold in it, by their names.
    public let slots: [String: String]
    /// The least score of a hit, in 0...1; nil for that of the options.
    public let threshold: Double?

    /// Makes a phrase.
    public init(text: String, slots: [String: String] = [:], threshold: Double? = nil) {
      (self.text, self.slots, self.threshold) = (text, slots, threshold)
    }
  }

  /// The phrases.
  public let phrases: [Phrase]
  /// The file they come from; nil for none.
  let path: String?

  /// Takes phrases.
  public init(_ phrases: [Phrase], path: String? = nil) {
    (self.phrases, self.path) = (phrases, path)
  }

  /// Takes the phrases of a list, with the thresholds that a model has for them.
  public init(_ list: PhraseList, of model: SpeechModel) {
    let known = Dictionary(
      (model.spotting?.phrases ?? []).map { ($0.text, $0.threshold) }
    ) { first, _ in first }
    self.init(
      list.phrases.map { Phrase(text: $0, threshold: known[model.normalized($0)] ?? nil) },
      path: list.path)
  }

  /// Takes the phrases that a model was trained to spot.
  ///
  /// - Throws: `SpottingError.noPhrases` for a model of another kind.
  public init(of model: SpeechModel) throws(SpottingError) {
    guard let settings = model.spotting else { throw .noPhrases }
    self.init(settings.phrases.map { Phrase(text: $0.text, threshold: $0.threshold) })
  }

  /// The same phrases, with the threshold of the options for all.
  public var withoutThresholds: SpottingPhrases {
    SpottingPhrases(phrases.map { Phrase(text: $0.text, slots: $0.slots) }, path: path)
  }
}

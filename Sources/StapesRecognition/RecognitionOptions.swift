internal import StapesDecoding
internal import StapesFiles

/// How a recogniser decodes, and how many hypotheses it returns.
public struct RecognitionOptions: Codable, Sendable, Equatable {
  /// The beam width: the number of hypotheses that the search keeps; nil for 8, 1500 with a language
  /// model or hotwords, or 256 with a neural one.
  ///
  /// 1 takes the best class of each frame, unless there is a vocabulary or a language model.
  public var beamWidth: Int?
  /// The size of the n-best list: how many hypotheses of a clip are returned at most.
  public var hypothesisCount: Int
  /// Whether any word may be written, also by a model that has a vocabulary of its own.
  public var allowsAnyWord: Bool
  /// The language model weight; nil for what the model was tuned to, or what suits most.
  public var languageWeight: Double?
  /// The word insertion bonus in decoding with a language model; nil as for `languageWeight`.
  public var wordBonus: Double?
  /// What a word costs that the language model does not have; infinite where none may be written,
  /// nil as for `languageWeight`.
  public var unknownWordPenalty: Double?
  /// The weight of the network's `LabelPriors` in decoding with a language model; nil as for
  /// `languageWeight`.
  public var labelPriorWeight: Double?
  /// How far the best phrase of a list may be below the best text of any kind before the outcome
  /// is that none was said; infinite where one always was.
  ///
  /// For each letter of that text; see `PhraseList`.
  public var unknownMargin: Double
  /// Whether hypotheses come with their words, with times and confidences; they take an
  /// alignment of each hypothesis.
  public var wantsWords: Bool
  /// Whether each channel of a file is transcribed by itself, and what is said joined by time.
  ///
  /// There is one hypothesis then, with its words. Samples in memory are one sound all the same.
  public var splitsChannels: Bool

  /// Makes options.
  public init(
    beamWidth: Int? = nil, hypothesisCount: Int = 1, allowsAnyWord: Bool = false,
    languageWeight: Double? = nil, wordBonus: Double? = nil, unknownWordPenalty: Double? = nil,
    labelPriorWeight: Double? = nil, unknownMargin: Double = 1,
    wantsWords: Bool = false, splitsChannels: Bool = false
  ) {
    self.beamWidth = beamWidth
    self.hypothesisCount = hypothesisCount
    self.allowsAnyWord = allowsAnyWord
    self.languageWeight = languageWeight
    self.wordBonus = wordBonus
    self.unknownWordPenalty = unknownWordPenalty
    self.labelPriorWeight = labelPriorWeight
    self.unknownMargin = unknownMargin
    self.wantsWords = wantsWords
    self.splitsChannels = splitsChannels
  }

  /// Checks that the settings are within their ranges.
  ///
  /// - Throws: `RecognitionError.settingOutOfRange`, or `.search` for what a language model weighs
  ///   and for the margin of unknown phrases.
  public func validate() throws(RecognitionError) {
    let settings = [
      ("beam width", beamWidth ?? 1, 1...10_000),
      ("number of hypotheses", hypothesisCount, 1...1000),
    ]
    for (name, found, allowed) in settings where !allowed.contains(found) {
      throw .settingOutOfRange(name: name, found: found, allowed: allowed)
    }
    guard unknownMargin >= 0 else {
      throw .search(
        .outOfRange(
          option: "the margin of unknown phrases", value: unknownMargin, allowed: "at least 0"))
    }
    try rethrowing(
      languageWeights(over: LanguageWeights()).validate(), as: RecognitionError.search)
  }

  /// The weights of a language model: these, and others where these are not set.
  func languageWeights(over others: LanguageWeights) -> LanguageWeights {
    var weights = others
    if let languageWeight { weights.languageWeight = languageWeight }
    if let wordBonus { weights.wordBonus = wordBonus }
    if let unknownWordPenalty {
      weights.unknownWordPenalty = unknownWordPenalty == .infinity ? nil : unknownWordPenalty
    }
    if let labelPriorWeight { weights.labelPriorWeight = labelPriorWeight }
    return weights
  }
}

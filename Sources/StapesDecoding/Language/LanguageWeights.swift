/// How much a language model counts beside what is heard.
///
/// A text scores ln P(frames | text) + `languageWeight` · ln P(text) + `wordBonus` · (its words) −
/// `unknownWordPenalty` · (its words that the language model does not have), where the first is of
/// the network's outputs divided by its `LabelPriors` to the power of `labelPriorWeight`.
public struct LanguageWeights: Codable, Sendable, Equatable {
  /// What the language model's log-probability is multiplied by, at least 0.
  public var languageWeight: Double
  /// What each word adds, as a difference of natural log-probabilities; positive makes up for the
  /// words that a language model drops since every word costs.
  public var wordBonus: Double
  /// What each unknown word costs beside the probability that the language model gives to unknown
  /// words, at least 0; nil where no unknown word may be written.
  ///
  /// For a model of characters, what each unknown character costs.
  public var unknownWordPenalty: Double?
  /// How much of the network's label priors is taken back, at least 0; without effect where they
  /// are not known.
  public var labelPriorWeight: Double

  /// Makes weights; the defaults suit a word model beside a network trained on some hours.
  public init(
    languageWeight: Double = 1, wordBonus: Double = 1, unknownWordPenalty: Double? = nil,
    labelPriorWeight: Double = LabelPriors.usualWeight
  ) {
    self.languageWeight = languageWeight
    self.wordBonus = wordBonus
    self.unknownWordPenalty = unknownWordPenalty
    self.labelPriorWeight = labelPriorWeight
  }

  /// Reads weights; those of files that do not know of label priors take nothing back.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    languageWeight = try values.decode(Double.self, forKey: .languageWeight)
    wordBonus = try values.decode(Double.self, forKey: .wordBonus)
    unknownWordPenalty = try values.decodeIfPresent(Double.self, forKey: .unknownWordPenalty)
    labelPriorWeight = try values.decodeIfPresent(Double.self, forKey: .labelPriorWeight) ?? 0
  }

  /// Checks the ranges of all weights.
  ///
  /// - Throws: `DecodingError.outOfRange` for the first weight that is out of its range.
  public func validate() throws(DecodingError) {
    guard languageWeight >= 0, languageWeight.isFinite else {
      throw .outOfRange(
        option: "languageWeight", value: languageWeight, allowed: "a number of at least 0")
    }
    guard wordBonus.isFinite else {
      throw .outOfRange(option: "wordBonus", value: wordBonus, allowed: "a finite number")
    }
    if let unknownWordPenalty, !(unknownWordPenalty >= 0 && unknownWordPenalty.isFinite) {
      throw .outOfRange(
        option: "unknownWordPenalty", value: unknownWordPenalty, allowed: "a number of at least 0")
    }
    guard labelPriorWeight >= 0, labelPriorWeight.isFinite else {
      throw .outOfRange(
        option: "labelPriorWeight", value: labelPriorWeight, allowed: "a number of at least 0")
    }
  }
}

/// The weights of a language model in decoding (shallow fusion).
///
/// A text scores ln P(frames | text) + `languageWeight` · ln P(text) + `wordBonus` · (its words) −
/// `unknownWordPenalty` · (its words that the language model does not have), where the first is of
/// the network's outputs divided by its `LabelPriors` to the power of `labelPriorWeight`.
public struct LanguageWeights: Codable, Sendable, Equatable {
  /// What the language model's log-probability is multiplied by, 0 to 1000.
  public var languageWeight: Double
  /// What each word adds, as a difference of natural log-probabilities; positive makes up for the
  /// words that a language model drops since every word costs; -1000 to 1000.
  public var wordBonus: Double
  /// What each unknown word costs beside the probability that the language model gives to unknown
  /// words, at least 0; nil where no unknown word may be written.
  ///
  /// For a model of characters, what each unknown character costs.
  public var unknownWordPenalty: Double?
  /// The label prior weight, 0 to 1000: the factor of the priors that is subtracted; unused if they
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

  /// Reads weights; those of files without label priors subtract nothing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    languageWeight = try values.decode(Double.self, forKey: .languageWeight)
    wordBonus = try values.decode(Double.self, forKey: .wordBonus)
    unknownWordPenalty = try values.decodeIfPresent(Double.self, forKey: .unknownWordPenalty)
    labelPriorWeight = try values.decodeIfPresent(Double.self, forKey: .labelPriorWeight) ?? 0
  }

  /// Checks the ranges of all weights.
  ///
  /// - Throws: `SearchError.outOfRange` for the first weight that is out of its range.
  public func validate() throws(SearchError) {
    // Beyond a thousand nothing else counts, and sums lose what the sound tells.
    for (name, value, allowed) in [
      ("the language model weight", languageWeight, 0...1000.0),
      ("the word bonus", wordBonus, -1000...1000.0),
      ("the weight of label priors", labelPriorWeight, 0...1000.0),
    ] where !allowed.contains(value) {
      let range = "a number from \(Int(allowed.lowerBound)) to \(Int(allowed.upperBound))"
      throw .outOfRange(option: name, value: value, allowed: range)
    }
    if let unknownWordPenalty, !(unknownWordPenalty >= 0 && unknownWordPenalty.isFinite) {
      throw .outOfRange(
        option: "the penalty of unknown words", value: unknownWordPenalty,
        allowed: "a number of at least 0")
    }
  }
}

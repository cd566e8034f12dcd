extension TextNormalization: Codable {
  private enum CodingKeys: String, CodingKey {
    case letterCase, punctuation, digits, tags, language, rules
  }

  /// Reads a normalisation; one that names no rules is of the first, which knew no tags.
  ///
  /// - Throws: `DecodingError` where an option is missing or has a value that is not known.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let rules = try container.decodeIfPresent(Rules.self, forKey: .rules) ?? .first
    self.init(
      letterCase: try container.decode(LetterCase.self, forKey: .letterCase),
      punctuation: try container.decode(Punctuation.self, forKey: .punctuation),
      digits: try container.decode(Digits.self, forKey: .digits),
      tags: try container.decodeIfPresent(Tags.self, forKey: .tags) ?? .keep,
      language: try container.decodeIfPresent(String.self, forKey: .language), rules: rules)
  }

  /// Becomes one of the first rules where another is, unless they differ in what those know: what
  /// began by them goes on by them.
  package mutating func adoptRules(of other: TextNormalization) {
    guard other.rules == .first, rules != .first, letterCase == other.letterCase,
      punctuation == other.punctuation
    else { return }
    self = other
  }

  /// Writes a normalisation by the names of its options; one of the first rules as it always was.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(letterCase, forKey: .letterCase)
    try container.encode(punctuation, forKey: .punctuation)
    try container.encode(digits, forKey: .digits)
    if rules != .first || tags != .keep { try container.encode(tags, forKey: .tags) }
    try container.encodeIfPresent(language, forKey: .language)
    if rules != .first { try container.encode(rules, forKey: .rules) }
  }
}

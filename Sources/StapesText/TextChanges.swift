/// How often normalisation changed what, beyond the letter case that was asked for.
public struct TextChanges: Codable, Sendable, Equatable {
  /// Byte order marks left out.
  public var byteOrderMarks = 0
  /// Line ends (a CRLF is one) that became spaces.
  public var lineEnds = 0
  /// White space other than the plain space, such as tabs and no-break spaces, that became spaces.
  public var oddSpaces = 0
  /// Zero-width characters, soft hyphens, direction marks and control characters left out.
  public var invisibles = 0
  /// Typographic apostrophes, quotation marks, dashes and ellipses that became plain ones.
  public var foldedMarks = 0
  /// Texts that were not in Normalization Form C.
  public var composedTexts = 0
  /// Numbers written in words.
  public var spelledNumbers = 0
  /// Punctuation marks and symbols left out.
  public var droppedMarks = 0

  /// No change yet.
  public init() {}

  /// Adds the counts of other texts.
  public static func += (sum: inout TextChanges, other: TextChanges) {
    sum.byteOrderMarks += other.byteOrderMarks
    sum.lineEnds += other.lineEnds
    sum.oddSpaces += other.oddSpaces
    sum.invisibles += other.invisibles
    sum.foldedMarks += other.foldedMarks
    sum.composedTexts += other.composedTexts
    sum.spelledNumbers += other.spelledNumbers
    sum.droppedMarks += other.droppedMarks
  }
}

extension TextChanges: CustomStringConvertible {
  /// The changes that happened, such as "3 line ends, 12 numbers spelled out"; "none" without any.
  public var description: String {
    let facts = [
      (byteOrderMarks, "byte order mark", "byte order marks"),
      (lineEnds, "line end", "line ends"),
      (oddSpaces, "odd space", "odd spaces"),
      (invisibles, "invisible character", "invisible characters"),
      (foldedMarks, "typographic mark made plain", "typographic marks made plain"),
      (composedTexts, "text composed", "texts composed"),
      (spelledNumbers, "number spelled out", "numbers spelled out"),
      (droppedMarks, "punctuation mark dropped", "punctuation marks dropped"),
    ]
    let parts = facts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}

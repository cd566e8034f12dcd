/// What the words of a language model are.
public enum LanguageUnit: String, Codable, Sendable, CaseIterable {
  /// Words, as spaces part them.
  case word
  /// Characters, of which the space is written as `<space>`.
  case character

  /// How a space is written among characters; a model that has it is one of characters.
  public static let space = "<space>"

  /// The units of a text, empty when the text has none.
  ///
  /// Words are parted by any of the white space of ASCII; characters are those that a reader sees
  /// (grapheme clusters), where white space counts as one space and none stands at the ends.
  public func split(_ text: String) -> [String] {
    let words = text.utf8.split(whereSeparator: Self.isSpace).map { Substring($0) }
    guard self == .character else { return words.map { String($0) } }
    return words.enumerated().flatMap { index, word in
      (index > 0 ? [Self.space] : []) + word.map { String($0) }
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
}

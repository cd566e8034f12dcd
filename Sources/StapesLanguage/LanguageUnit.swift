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
  /// Words are parted by any of the white space of ASCII; characters are as recognisers have them, a
  /// letter and each of its signs one, where white space counts as one space and none stands at the
  /// ends.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - isKnown: whether a model has a letter with all of its signs as one character.
  public func split(_ text: String, isKnown: (String) -> Bool = { _ in false }) -> [String] {
    let words = text.utf8.split(whereSeparator: Self.isSpace).map { Substring($0) }
    guard self == .character else { return words.map { String($0) } }
    return words.enumerated().flatMap { index, word in
      (index > 0 ? [Self.space] : []) + Self.characters(of: word, isKnown: isKnown)
    }
  }

  private static func characters(
    of word: Substring, isKnown: (String) -> Bool
  ) -> [String] {
    var characters: [String] = []
    for character in word {
      let scalars = character.unicodeScalars
      if scalars.count > 1, takesSigns(scalars[scalars.startIndex]), !isKnown(String(character)) {
        characters += scalars.map { String($0) }
      } else {
        characters.append(String(character))
      }
    }
    return characters
  }

  /// Whether it is a letter or sign, and not a part of a syllable of Korean.
  private static func takesSigns(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark:
      return true
    default: return false
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
}

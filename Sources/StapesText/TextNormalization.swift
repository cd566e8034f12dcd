/// How transcripts are written before a model learns them, and how references are written before
/// they are compared with what the model says.
///
/// Always: Normalization Form C; white space of any kind and line ends (CR, LF, CRLF) as single
/// spaces, none at the ends; byte order marks, zero-width characters, soft hyphens, direction marks
/// and control characters left out; typographic apostrophes, quotation marks, dashes and the
/// ellipsis as `'`, `"`, `-` and `...`. By option: letter case, punctuation, digits.
///
/// Normalising twice changes nothing more.
public struct TextNormalization: Codable, Sendable, Equatable {
  /// What becomes of capital and small letters.
  public enum LetterCase: String, Codable, Sendable, CaseIterable {
    /// Letters stay as they are.
    case keep
    /// All letters become small.
    case lower
    /// All letters become capital.
    case upper
  }

  /// What becomes of punctuation and symbols.
  public enum Punctuation: String, Codable, Sendable, CaseIterable {
    /// They stay.
    case keep
    /// Each becomes a space, except inside words (`don't`, `col·lecció`) and, where digits are
    /// kept, inside numbers (`2,500.75`).
    case drop
  }

  /// What becomes of the digits 0 to 9.
  public enum Digits: String, Codable, Sendable, CaseIterable {
    /// They stay.
    case keep
    /// Numbers are written in English words as they are read aloud; see `EnglishNumber`.
    case spellEnglish
  }

  /// What becomes of capital and small letters.
  public var letterCase: LetterCase
  /// What becomes of punctuation and symbols.
  public var punctuation: Punctuation
  /// What becomes of the digits 0 to 9.
  public var digits: Digits

  /// Makes a normalisation; by default small letters, no punctuation, numbers in English words.
  public init(
    letterCase: LetterCase = .lower, punctuation: Punctuation = .drop,
    digits: Digits = .spellEnglish
  ) {
    self.letterCase = letterCase
    self.punctuation = punctuation
    self.digits = digits
  }

  /// The text as this normalisation writes it; empty when nothing of it is left.
  public func normalized(_ text: String) -> String {
    var changes = TextChanges()
    return normalized(text, counting: &changes)
  }

  /// The text as this normalisation writes it, with what was changed added to `changes`.
  public func normalized(_ text: String, counting changes: inout TextChanges) -> String {
    let composed = text.composed
    if !composed.unicodeScalars.elementsEqual(text.unicodeScalars) { changes.composedTexts += 1 }
    var scalars = Self.folded(Array(composed.unicodeScalars), counting: &changes)
    if digits == .spellEnglish { scalars = Self.spellingNumbers(scalars, counting: &changes) }
    if punctuation == .drop {
      scalars = Self.droppingPunctuation(scalars, counting: &changes)
    }
    return cased(Self.collapsingSpaces(scalars)).composed
  }

  private func cased(_ text: String) -> String {
    switch letterCase {
    case .keep: text
    case .lower: text.lowercased()
    case .upper: text.uppercased()
    }
  }
}

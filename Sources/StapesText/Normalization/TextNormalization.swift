/// How transcripts are written before a model learns them, and how references are written before
/// they are compared with what the model says.
///
/// Always: Normalization Form C; white space of any kind and line ends (CR, LF, CRLF) as single
/// spaces, none at the ends; byte order marks, zero-width characters, soft hyphens, direction marks
/// and control characters left out; typographic apostrophes, quotation marks, dashes and the
/// ellipsis as `'`, `"`, `-` and `...`; full-width and half-width characters and the forms of Arabic
/// letters as the usual ones. By option: tags, letter case, punctuation, digits, as the language
/// has them.
///
/// Normalising twice changes nothing more.
public struct TextNormalization: Sendable, Equatable {
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

  /// What becomes of digits.
  public enum Digits: String, Codable, Sendable, CaseIterable {
    /// They stay.
    case keep
    /// Numbers of English texts are written in English words as they are read aloud, see
    /// `EnglishNumber`; long strings of digits, and groups as of a telephone number, digit by digit.
    /// Those of other texts stay.
    case spellEnglish
    /// The same, but every whole number digit by digit; in texts that are not English, digits are
    /// parted by spaces.
    case digitByDigit
    /// Numbers are left out.
    case drop
  }

  /// What becomes of tags, as `[noise]`, `<unk>`, `{um}` and `(laughs)`; see `TextTag`.
  public enum Tags: String, Codable, Sendable, CaseIterable {
    /// They are text like any other.
    case keep
    /// They are left out.
    case drop
  }

  /// The rules by which all of this is done, as they have grown; a model keeps those it learnt by.
  public enum Rules: Int, Codable, Sendable {
    /// Numbers of any text in English words, long ones too; case without regard to language and
    /// place in the word; characters in their widths; letters with all their signs as one unit.
    case first = 1
    /// Those described here.
    case second = 2
  }

  /// What becomes of capital and small letters.
  public var letterCase: LetterCase
  /// What becomes of punctuation and symbols.
  public var punctuation: Punctuation
  /// What becomes of digits.
  public var digits: Digits
  /// What becomes of tags.
  public var tags: Tags
  /// The language as a code of ISO 639, such as `tr`, which decides how case is changed, whether
  /// numbers are English, and whether spaces part words; nil where it is not known.
  public var language: String?
  /// The rules.
  public var rules: Rules

  /// Makes a normalisation; by default small letters, no punctuation and tags, numbers in English
  /// words.
  public init(
    letterCase: LetterCase = .lower, punctuation: Punctuation = .drop,
    digits: Digits = .spellEnglish, tags: Tags = .drop, language: String? = nil,
    rules: Rules = .second
  ) {
    self.letterCase = letterCase
    self.punctuation = punctuation
    self.digits = digits
    self.tags = tags
    self.language = language
    self.rules = rules
  }

  /// A normalisation that leaves only what a reader sees, and changes nothing of that.
  public static let untouched = TextNormalization(
    letterCase: .keep, punctuation: .keep, digits: .keep, tags: .keep)

  /// Whether spaces part words, as they do not in Chinese, Japanese, Thai, Lao, Khmer and Burmese.
  public var partsWords: Bool { !unpartedLanguages.contains(language ?? "") }

  /// The text as this normalisation writes it; empty when nothing of it is left.
  public func normalized(_ text: String) -> String {
    var changes = TextChanges(ignoring: ())
    return normalized(text, counting: &changes)
  }

  /// The text as this normalisation writes it, with what was changed added to `changes`.
  public func normalized(_ text: String, counting changes: inout TextChanges) -> String {
    changes.beginText()
    let composed = text.composed
    if changes.isNoting, !composed.utf8.elementsEqual(text.utf8) {
      changes.note(.composedText, text)
    }
    var scalars = Array(composed.unicodeScalars)
    if rules != .first { scalars = Self.usualForms(of: scalars, counting: &changes) }
    scalars = Self.folded(scalars, counting: &changes)
    if tags == .drop { scalars = TextTag.dropping(from: scalars, counting: &changes) }
    if changes.isNoting { noteNumbers(before: scalars, in: &changes) }
    scalars = withNumbersWritten(scalars, counting: &changes)
    if rules != .first { scalars = withoutStrays(scalars, counting: &changes) }
    if punctuation == .drop {
      scalars = Self.droppingPunctuation(scalars, counting: &changes)
    }
    if language == "zh" || language == "ja" {
      scalars = Self.withoutSpaces(scalars, counting: &changes)
    }
    let spaced = Self.collapsingSpaces(scalars)
    let result = cased(spaced).composed
    if changes.isNoting, result != spaced {
      changes.note(.casedText, Self.difference(spaced, result).0, Self.difference(spaced, result).1)
    }
    return result
  }

  /// The first words in which two texts differ.
  private static func difference(_ a: String, _ b: String) -> (String, String) {
    let words = zip(a.split(separator: " "), b.split(separator: " "))
    return words.first { $0 != $1 }.map { (String($0), String($1)) } ?? (a, b)
  }

  private func cased(_ text: String) -> String {
    switch (letterCase, rules) {
    case (.keep, _): text
    case (.lower, .first): text.lowercased()
    case (.upper, .first): text.uppercased()
    case (.lower, _): text.lowercased(in: language)
    case (.upper, _): text.uppercased(in: language)
    }
  }
}

private let unpartedLanguages: Set<String> = ["zh", "ja", "th", "lo", "km", "my"]

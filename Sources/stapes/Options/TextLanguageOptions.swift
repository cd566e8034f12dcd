public import ArgumentParser
import Logging
public import Stapes

/// In what language texts are, and what becomes of their digits and tags.
struct TextLanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Language of the texts, as an ISO 639 code such as en, tr or el; it decides the rules of \
      letter case, whether numbers are spelled in English, and whether words are separated by \
      spaces. (default: guessed from the letters)
      """, valueName: "code"))
  var language: String?

  @Option(
    help: "Treatment of digits; by default chosen by the texts.")
  var digits: TextNormalization.Digits?

  @Option(
    help: "Treatment of tags such as [noise], <unk> and (laughs); by default they are dropped.")
  var tags: TextNormalization.Tags?

  func validate() throws {
    guard let language else { return }
    let code = language.prefix { $0 != "-" && $0 != "_" }
    guard (2...3).contains(code.utf8.count), code.allSatisfy({ $0.isASCII && $0.isLetter }) else {
      throw ValidationError("--language is \(language); give a code of ISO 639, such as en or tr")
    }
  }

  /// The code alone, in small letters: `pt` for `pt-BR`.
  private var code: String? {
    language.map { $0.prefix { $0 != "-" && $0 != "_" }.lowercased() }
  }

  /// How texts are normalised.
  ///
  /// - Parameters:
  ///   - texts: the texts, or some of them.
  ///   - base: what is changed by what is given; nil, or for another language than its own, what
  ///     suits the texts.
  func normalization(for texts: [String], base: TextNormalization? = nil) -> TextNormalization {
    let base = code == nil || code == base?.language ?? "en" ? base : nil
    var text = base ?? .recommended(for: texts, language: code)
    if let code { text.language = code }
    if let digits { text.digits = digits }
    if let tags { text.tags = tags }
    return text
  }
}

extension Logger {
  /// Tells what normalisation makes of texts: a line for each kind of change, and the language.
  ///
  /// - Parameters:
  ///   - changes: what was changed.
  ///   - text: how the texts are normalised.
  ///   - isGiven: whether the language was given, and needs no telling.
  func tell(_ changes: TextChanges, of text: TextNormalization, languageIsGiven isGiven: Bool) {
    if let line = text.languageLine, !isGiven { info("\(line)") }
    for line in changes.lines {
      log(level: line.isWarning ? .warning : .info, "\(line.description.escapedForTerminal)")
    }
  }
}

extension TextNormalization {
  /// Which language the texts are taken for; nil where it is not known.
  var languageLine: String? {
    language.map { "language \($0), guessed from the letters; --language sets it" }
  }
}

extension TextNormalization.Tags: ExpressibleByArgument {}
extension TextNormalization.Digits: ExpressibleByArgument {
  /// Reads `spell-english`, `digit-by-digit`, `keep` or `drop`.
  public init?(argument: String) {
    guard let digits = Self.allCases.first(where: { $0.argument == argument }) else { return nil }
    self = digits
  }

  /// The names that are read.
  public static var allValueStrings: [String] { allCases.map(\.argument) }

  private var argument: String {
    switch self {
    case .keep: "keep"
    case .spellEnglish: "spell-english"
    case .digitByDigit: "digit-by-digit"
    case .drop: "drop"
    }
  }
}

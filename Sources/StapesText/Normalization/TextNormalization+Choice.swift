extension TextNormalization {
  /// The normalisation that suits texts.
  ///
  /// Numbers are spelled in English where the texts may be English, and digit by digit where most of
  /// them are nothing but longer strings of digits; elsewhere digits stay. The language is what the
  /// letters tell, where they are sure.
  ///
  /// - Parameters:
  ///   - texts: the texts, as written.
  ///   - language: their language; nil to guess it.
  public static func recommended(
    for texts: [String], language: String? = nil
  ) -> TextNormalization {
    // As they are learnt: full-width letters and figures are those of ASCII.
    let texts = texts.map(untouched.normalized)
    let found = TextLanguage(of: texts)
    let language = language ?? found.code
    let isEnglish = language.map { $0 == "en" } ?? found.mayBeEnglish
    return TextNormalization(
      digits: !isEnglish ? .keep : areDigitStrings(texts) ? .digitByDigit : .spellEnglish,
      language: language)
  }

  /// Whether most texts with digits are bare strings of four digits or more, as meter readings and
  /// codes are, and not years or round numbers.
  private static func areDigitStrings(_ texts: [String]) -> Bool {
    var (withDigits, strings) = (0, 0)
    for text in texts {
      let scalars = text.unicodeScalars
      guard scalars.contains(where: \.isDigit) else { continue }
      withDigits += 1
      guard scalars.allSatisfy({ $0.isDigit || " -/()+".unicodeScalars.contains($0) }) else {
        continue
      }
      let groups = scalars.split { !$0.isDigit }.map(String.init)
      if groups.contains(where: \.isCode) { strings += 1 }
    }
    return strings > 0 && 2 * strings > withDigits
  }
}

extension String {
  /// Whether a string of digits is neither a year nor round.
  fileprivate var isCode: Bool {
    guard count >= 4, !hasSuffix("000") || hasPrefix("0") else { return false }
    return count > 4 || !(1100...2099).contains(Int(self) ?? 0)
  }
}

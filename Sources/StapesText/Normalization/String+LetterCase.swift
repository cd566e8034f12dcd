extension String {
  /// The text in small letters, as a language has them: Turkish and Azerbaijani part I and ı from İ
  /// and i, and everywhere Greek Σ ends a word as ς, and the dot of i is written once.
  ///
  /// - Parameter language: its code; nil where it is not known.
  package func lowercased(in language: String?) -> String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) || hasDotlessI(language) else { return lowercased() }
    let scalars = Array(unicodeScalars)
    var result = UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "I" where hasDotlessI(language): result.append("ı")
      case "İ": result.append("i")
      case "Σ": result.append(endsWord(index, in: scalars) ? "ς" : "σ")
      case "\u{307}" where result.last == "i" || result.last == "j": break
      default: result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  /// The text in capital letters, by the same rules.
  package func uppercased(in language: String?) -> String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) || hasDotlessI(language) else { return uppercased() }
    var result = UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars {
      switch scalar {
      case "i" where hasDotlessI(language): result.append("İ")
      case "\u{307}" where previous == "i" || previous == "j": break
      default: result.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
      }
      previous = scalar
    }
    return String(result)
  }
}

private func hasDotlessI(_ language: String?) -> Bool { language == "tr" || language == "az" }

/// Whether a capital sigma is the last letter of a word and not the only one (Final_Sigma of the
/// Unicode Standard, section 3.13).
private func endsWord(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
  let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
  let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
  return before?.properties.isCased == true && after?.properties.isCased != true
}

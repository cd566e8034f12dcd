extension TextNormalization {
  /// The text with one form for each kind of white space, apostrophe, quotation mark and dash, and
  /// without characters that nobody sees.
  static func folded(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if scalar >= " ", scalar <= "~", scalar != "`" {
        result.append(scalar)
      } else if lineEnds.contains(scalar) {
        if scalar == "\r", next == "\n" { continue }
        changes.note(.lineEnd, surroundings(of: index, in: scalars))
        result.append(" ")
      } else if scalar.properties.isWhitespace {
        changes.note(.oddSpace, surroundings(of: index, in: scalars))
        result.append(" ")
      } else if scalar == "\u{FEFF}" {
        changes.note(.byteOrderMark, String(scalar))
      } else if let plain = plainMark(of: scalar) {
        changes.note(.foldedMark, String(scalar), String(scalars: plain))
        result += plain
      } else if isInvisible(scalar, after: result.last, before: next) {
        changes.note(.invisible, scalar.named)
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  /// The text with a space for each mark that is neither part of a word nor of a number.
  static func droppingPunctuation(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    for (index, scalar) in scalars.enumerated() {
      if scalar == " " || isPartOfWord(scalar) || isJoiner(scalar) {
        result.append(scalar)
        continue
      }
      let previous = index > 0 ? scalars[index - 1] : " "
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      let holdsWord =
        wordJoiningMarks.contains(scalar) && isPartOfWord(previous) && isPartOfWord(next)
      let holdsNumber =
        (scalar == "." || scalar == ",") && previous.isPlainDigit && next.isPlainDigit
      if !holdsWord && !holdsNumber { changes.note(.droppedMark, String(scalar)) }
      result.append(holdsWord || holdsNumber ? scalar : " ")
    }
    return result
  }

  /// The text without spaces at its ends or beside another space.
  static func collapsingSpaces(_ scalars: [Unicode.Scalar]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars where scalar != " " || bytes.last ?? space != space {
      if scalar.isASCII {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    if bytes.last == space { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a scalar is a letter, an accent that goes with one, or a figure in any script.
  static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar >= "a" && scalar <= "z" || scalar >= "A" && scalar <= "Z" || scalar.isPlainDigit
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  /// The text around a place, for an example.
  private static func surroundings(of index: Int, in scalars: [Unicode.Scalar]) -> String {
    String(scalars: scalars[max(0, index - 20)..<min(index + 20, scalars.count)])
  }

  private static func isInvisible(
    _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, before next: Unicode.Scalar?
  ) -> Bool {
    // Persian and the scripts of India, which have no capitals, spell with the joiners; between
    // other characters they are leftovers of a word processor.
    if isJoiner(scalar) {
      return ![previous, next].allSatisfy { $0.map(isInScriptWithoutCase) ?? false }
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate: return true
    default: return false
    }
  }

  private static func isInScriptWithoutCase(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .otherLetter, .spacingMark: true
    // The first are accents of Latin, Greek and Cyrillic letters.
    case .nonspacingMark: scalar.value > 0x36F
    default: false
    }
  }

  private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{200C}" || scalar == "\u{200D}"
  }

  private static func plainMark(of scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
    switch scalar {
    case "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}", "\u{2032}", "\u{02BC}", "\u{02B9}",
      "\u{FF07}", "\u{00B4}", "`":
      ["'"]
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{2033}", "\u{00AB}", "\u{00BB}":
      ["\""]
    case "\u{2010}"..."\u{2015}", "\u{2212}", "\u{FE58}", "\u{FE63}", "\u{FF0D}": ["-"]
    case "\u{2026}": [".", ".", "."]
    default: nil
    }
  }
}

extension Unicode.Scalar {
  /// The code point, such as U+00E9.
  package var named: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

private let space = UInt8(ascii: " ")

private let lineEnds: Set<Unicode.Scalar> = [
  "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}",
]

/// Marks that are spelling where letters stand on both sides: the apostrophe, the middle dot of
/// Catalan, the geresh and gershayim of Hebrew.
private let wordJoiningMarks: Set<Unicode.Scalar> = ["'", "\u{B7}", "\u{05F3}", "\u{05F4}"]

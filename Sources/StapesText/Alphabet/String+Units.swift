extension Character {
  /// What a model writes of the character one by one.
  ///
  /// A letter with signs that Unicode has no single code point for is written sign by sign, as all
  /// scripts of India, Thai, and pointed Hebrew and Arabic are; a letter that it has one for stays
  /// whole, and so do syllables of old Korean, flags and other pictures of several code points.
  var units: [Character] {
    let scalars = unicodeScalars
    guard scalars.count > 1, let first = scalars.first, first.isLetterOrMark else { return [self] }
    return scalars.map { Character($0) }
  }
}

extension String {
  /// How many units of an alphabet the text is made of, and between how many neighbours that are the
  /// same.
  package var unitCounts: (all: Int, repeated: Int) {
    var (all, repeated, last) = (0, 0, Character?.none)
    for character in composed {
      for unit in character.units {
        all += 1
        repeated += unit == last ? 1 : 0
        last = unit
      }
    }
    return (all, repeated)
  }
}

extension Unicode.Scalar {
  fileprivate var isLetterOrMark: Bool {
    switch value {
    case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: return false
    default: break
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark:
      return true
    default: return false
    }
  }
}

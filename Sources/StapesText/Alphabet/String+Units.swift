extension Character {
  /// What a model writes of the character one by one.
  ///
  /// A letter with signs that Unicode has no single code point for is written sign by sign, as all
  /// scripts of India, Thai, and pointed Hebrew and Arabic are; a letter that it has one for stays
  /// whole, and so do syllables of old Korean, flags and other pictures of several code points.
  package var units: [Character] {
    isDivided ? unicodeScalars.map { Character($0) } : [self]
  }

  fileprivate var isDivided: Bool {
    let scalars = unicodeScalars
    guard let first = scalars.first else { return false }
    return scalars.index(after: scalars.startIndex) < scalars.endIndex && first.isLetterOrMark
  }
}

extension StringProtocol {
  /// What a model writes of the text one by one; the text is in Normalization Form C.
  package var units: [Character] {
    var units: [Character] = []
    units.reserveCapacity(utf8.count)
    for character in self {
      if character.isDivided { units += character.units } else { units.append(character) }
    }
    return units
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

extension String {
  /// The least number of outputs from which CTC can read the text: one a character, and one more
  /// between equal neighbours.
  package var requiredOutputCount: Int {
    let units = units
    return units.count + zip(units, units.dropFirst()).count { $0 == $1 }
  }
}

extension TextNormalization {
  /// The text with full-width and half-width characters, Latin ligatures, and the forms of Arabic
  /// letters for their place in a word as the usual characters (Normalization Form KC of these
  /// blocks), and without tatweel, which lengthens Arabic words on paper.
  static func usualForms(
    of scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    guard scalars.contains(where: { $0.value == 0x640 || $0.value >= 0xFB00 }) else {
      return scalars
    }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.value == 0x640 {
        changes.note(.foldedForm, String(scalar))
      } else if scalar.value >= 0xFB00, let usual = formTable[scalar] {
        changes.note(.foldedForm, String(scalar), String(scalars: usual))
        result += usual
      } else {
        result.append(scalar)
      }
    }
    // The voicing marks of half-width katakana are characters of their own.
    return Array(String(scalars: result).composed.unicodeScalars)
  }

  /// The text in the usual characters, except for those that are known as they are; then as
  /// `normalized(_:)` writes it.
  ///
  /// The first rules know no forms of characters. What is compared with a model of theirs, or written
  /// for it, is in them nevertheless.
  package func normalizedInUsualForms(_ text: String, knowing known: [String]) -> String {
    guard rules == .first, text.unicodeScalars.contains(where: { $0.value >= 0x640 }) else {
      return normalized(text)
    }
    var changes = TextChanges(ignoring: ())
    let scalars = text.composed.unicodeScalars.map { scalar in
      known.contains(String(scalar))
        ? [scalar] : Self.usualForms(of: [scalar], counting: &changes)
    }
    return normalized(String(scalars: scalars.flatMap(\.self)))
  }

  /// The text without combining signs that follow no letter, and where punctuation goes, without
  /// those that follow a mark of it.
  func withoutStrays(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    guard scalars.contains(where: \.isCombining) else { return scalars }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    for (index, scalar) in scalars.enumerated() {
      let last = result.last ?? " "
      let isBare =
        last == " " || punctuation == .drop && !Self.isPartOfWord(last) && !last.isCombining
      if scalar.isCombining, isBare {
        changes.note(.strayMark, String(scalars: scalars[index...].prefix(20)))
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  /// The text without the spaces between characters of Chinese and Japanese.
  static func withoutSpaces(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.isHanOrKana, result.last == " ", let end = result.lastIndex(where: { $0 != " " }),
        result[end].isHanOrKana
      {
        let pair = (String(result[end]), String(scalar))
        changes.note(.scriptSpace, "\(pair.0) \(pair.1)", pair.0 + pair.1)
        result.removeSubrange((end + 1)...)
      }
      result.append(scalar)
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether it is written onto a letter before it, or joins it to the next: a combining sign, a
  /// vowel sign that goes with a consonant, a joiner.
  package var isCombining: Bool {
    guard value >= 0x300 else { return false }
    return properties.isGraphemeExtend || properties.generalCategory == .spacingMark
      || value == 0x200D || value == 0xE33 || value == 0xEB3
  }

  fileprivate var isHanOrKana: Bool {
    switch value {
    case 0x3005...0x3007, 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }
}

/// The characters for which those of other widths and forms stand.
private let formTable: [Unicode.Scalar: [Unicode.Scalar]] = {
  var table: [Unicode.Scalar: [Unicode.Scalar]] = [:]
  func add(_ first: UInt32, _ forms: some Sequence<[Unicode.Scalar]>) {
    for (offset, form) in forms.enumerated() {
      guard let scalar = Unicode.Scalar(first + UInt32(offset)), form != ["·"] else { continue }
      table[scalar] = form
    }
  }
  func single(_ text: String) -> [[Unicode.Scalar]] { text.unicodeScalars.map { [$0] } }
  add(0xFF01, (0x21...0x7E).compactMap { Unicode.Scalar($0).map { [$0] } })
  add(
    0xFF5F,
    single(
      "⦅⦆。「」、\u{30FB}ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノ"
        + "ハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}\u{1160}"
        + "ᄀᄁ\u{11AA}ᄂ\u{11AC}\u{11AD}ᄃᄄᄅ\u{11B0}\u{11B1}\u{11B2}\u{11B3}\u{11B4}\u{11B5}\u{111A}"
        + "ᄆᄇᄈ\u{1121}ᄉᄊᄋᄌᄍᄎᄏᄐᄑᄒ···\u{1161}\u{1162}\u{1163}\u{1164}\u{1165}\u{1166}··"
        + "\u{1167}\u{1168}\u{1169}\u{116A}\u{116B}\u{116C}··"
        + "\u{116D}\u{116E}\u{116F}\u{1170}\u{1171}\u{1172}··\u{1173}\u{1174}\u{1175}"))
  add(0xFFE0, single("¢£¬") + [[" ", "\u{304}"]] + single("¦¥₩·│←↑→↓■○"))
  add(0xFB00, ["ff", "fi", "fl", "ffi", "ffl", "st", "st"].map { Array($0.unicodeScalars) })
  add(
    0xFB50,
    letterForms("ٱ2ٻ4پ4ڀ4ٺ4ٿ4ٹ4ڤ4ڦ4ڄ4ڃ4چ4ڇ4ڍ2ڌ2ڎ2ڈ2ژ2ڑ2ک4گ4ڳ4ڱ4ں2ڻ4ۀ2ہ4ھ4ے2ۓ2"))
  add(0xFBFC, letterForms("ی4"))
  var forms = letterForms(
    "ء1آ2أ2ؤ2إ2ئ4ا2ب4ة2ت4ث4ج4ح4خ4د2ذ2ر2ز2س4ش4ص4ض4ط4ظ4ع4غ4ف4ق4ك4ل4م4ن4ه4و2ى2ي4")
  for second in ["آ", "أ", "إ", "ا"] {
    forms += Array(repeating: ["ل"] + Array(second.unicodeScalars), count: 2)
  }
  add(0xFE80, forms)
  return table
}()

/// Letters, each as often as the number behind it says.
private func letterForms(_ text: String) -> [[Unicode.Scalar]] {
  var forms: [[Unicode.Scalar]] = []
  for scalar in text.unicodeScalars {
    if let count = Int(String(scalar)), let last = forms.last {
      forms += Array(repeating: last, count: count - 1)
    } else {
      forms.append([scalar])
    }
  }
  return forms
}

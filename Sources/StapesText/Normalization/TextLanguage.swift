/// Which language texts are in, as far as their letters tell.
struct TextLanguage {
  /// Its code of ISO 639; nil where the letters leave it open.
  let code: String?
  /// Whether the texts may be English: nearly all letters are those of the English alphabet.
  let mayBeEnglish: Bool

  /// Looks at the letters of texts.
  init(of texts: some Sequence<String>) {
    var (letters, blocks) = ([Unicode.Scalar: Int](), [String: Int]())
    var (total, foreign) = (0, 0)
    var textCounts = [Int](repeating: 0, count: signs.count)
    var lettered = 0
    for text in texts {
      var own: Set<Unicode.Scalar> = []
      for scalar in text.composed.unicodeScalars where scalar.properties.isAlphabetic {
        total += 1
        if scalar.isASCII { continue }
        foreign += 1
        letters[scalar, default: 0] += 1
        own.insert(scalar)
        if let script = scripts.first(where: { $0.range.contains(scalar.value) }) {
          blocks[script.language, default: 0] += 1
        }
      }
      lettered += own.isEmpty && !text.utf8.contains(where: \.isLetter) ? 0 : 1
      for (index, sign) in signs.enumerated() where !own.isDisjoint(with: sign.letters) {
        textCounts[index] += 1
      }
    }
    func count(_ set: Set<Unicode.Scalar>) -> Int { set.reduce(0) { $0 + (letters[$1] ?? 0) } }
    mayBeEnglish = 100 * foreign < max(total, 1)
    let sign = signs.indices.first { index in
      let (sign, found) = (signs[index], count(signs[index].letters))
      return textCounts[index] >= 2 && 10 * textCounts[index] >= lettered
        && Double(found) >= sign.share * Double(total) && count(sign.excluded) * 20 <= found
    }
    let script = blocks.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let kana = (blocks["ja"] ?? 0, blocks["zh"] ?? 0)
    // Japanese mixes its scripts, and Latin letters stand among them.
    if kana.0 > 0, 10 * (kana.0 + kana.1) >= 7 * total, 10 * kana.0 >= kana.1 {
      code = "ja"
    } else if let script, 20 * script.value >= 19 * total {
      code = script.key
    } else {
      code = sign.map { signs[$0].language }
    }
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
}

/// Scripts that one language, or nearly, is written in.
private let scripts: [(language: String, range: ClosedRange<UInt32>)] = [
  ("el", 0x370...0x3FF), ("el", 0x1F00...0x1FFF), ("hy", 0x530...0x58F), ("he", 0x590...0x5FF),
  ("pa", 0xA00...0xA7F), ("gu", 0xA80...0xAFF), ("or", 0xB00...0xB7F), ("ta", 0xB80...0xBFF),
  ("te", 0xC00...0xC7F), ("kn", 0xC80...0xCFF), ("ml", 0xD00...0xD7F), ("si", 0xD80...0xDFF),
  ("th", 0xE00...0xE7F), ("lo", 0xE80...0xEFF), ("bo", 0xF00...0xFFF), ("my", 0x1000...0x109F),
  ("ka", 0x10A0...0x10FF), ("ko", 0x1100...0x11FF), ("km", 0x1780...0x17FF),
  ("ja", 0x3041...0x30FF), ("zh", 0x3400...0x9FFF), ("ko", 0xAC00...0xD7AF),
  ("ja", 0xFF66...0xFF9F), ("zh", 0x20000...0x3FFFF),
]

/// Letters by which a language is told from others of its script.
private struct LanguageSign {
  let language: String
  let letters: Set<Unicode.Scalar>
  /// Letters that it does not have.
  let excluded: Set<Unicode.Scalar>
  /// The least share that the letters have.
  let share: Double

  init(_ language: String, _ letters: String, without excluded: String = "", share: Double = 0.01) {
    (self.language, self.share) = (language, share)
    self.letters = Set(letters.unicodeScalars)
    self.excluded = Set(excluded.unicodeScalars)
  }
}

private let signs = [
  LanguageSign("az", "əƏ", without: "ɛɔŋ", share: 0.02),
  LanguageSign("tr", "ıİğĞ", without: "əƏñÑ"), LanguageSign("lt", "ėĖįĮųŲ"),
  LanguageSign("lv", "āĀīĪņŅļĻķĶģĢ", without: "õÕōŌ"),
  LanguageSign("pl", "łŁśŚźŹ", without: "ųůåı"), LanguageSign("cs", "řŘůŮěĚ", without: "łėå"),
  LanguageSign("hu", "őŐűŰ", share: 0.005), LanguageSign("ro", "țȚșȘţŢăĂ", without: "ạế"),
  LanguageSign("vi", "ơƠưƯạảấầẩậắằặẹẻếềểệỉịọỏốồổộớờởợụủứừửữựỳ"),
  LanguageSign("de", "ßẞ", share: 0.001),
  LanguageSign("uk", "їЇєЄґҐ", without: "ыэъёў"), LanguageSign("be", "ўЎ", without: "їщи"),
  LanguageSign("ru", "ыЫэЭёЁъЪ", without: "іїєґўјљњһәөүұқғңҳҷӣӯ"),
  LanguageSign("mk", "ѓЃќЌѕЅ"), LanguageSign("sr", "ђЂћЋљЉњЊ", without: "ѓќѕ"),
  LanguageSign("ur", "ٹڈڑںے"), LanguageSign("fa", "پچژگ", without: "ٹڈڑںےټډړښڕڵۆێە"),
  LanguageSign("ar", "ةىأإ", without: "پچژگٹڈڑںے"), LanguageSign("as", "ৰৱ"),
]

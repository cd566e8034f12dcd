import FoundationEssentials
import StapesText
import TestSupport
import Testing

private func lower(_ text: String, _ language: String? = nil) -> String {
  TextNormalization(language: language).normalized(text)
}

private func upper(_ text: String, _ language: String? = nil) -> String {
  TextNormalization(letterCase: .upper, language: language).normalized(text)
}

@Suite struct LanguageTests {
  @Test func turkishPartsBothIs() {
    let texts = ["İstanbul", "IĞDIR", "SIR", "Istanbul", "ışık", "iyi", "I\u{307}zmir"]
    let expected = ["istanbul", "ığdır", "sır", "ıstanbul", "ışık", "iyi", "izmir"]
    #expect(texts.map { lower($0, "tr") } == expected)
    #expect(lower("İLK QIZIL", "az") == "ilk qızıl")
    #expect(upper("istanbul ışık", "tr") == "İSTANBUL IŞIK")
    #expect(lower("İstanbul IGLOO") == "istanbul igloo" && upper("iglo") == "IGLO")
  }

  @Test(arguments: [
    ("ΟΔΟΣ", "οδος"), ("ΣΟΦΟΣ ΣΩΣΤΑ", "σοφος σωστα"), ("Σ", "σ"),
    ("ΟΔΥΣΣΕΑΣ, ΝΑΙ.", "οδυσσεας ναι"),
    ("ΌΛΟΣ Ο ΚΌΣΜΟΣ", "όλος ο κόσμος"), ("ὈΔΌΣ", "ὀδός"), ("AΣ B", "aς b"),
    ("STRASSE GRÜẞE", "strasse grüße"), ("Į\u{301} J\u{307} Ė", "į\u{301} j ė"), ("Ǆ", "ǆ"),
  ])
  func caseKnowsItsPlaceInTheWord(text: String, expected: String) {
    let found = lower(text)
    #expect(Array(found.unicodeScalars) == Array(expected.unicodeScalars), "\(found)")
  }

  @Test func lithuanianDotsAreWrittenOnce() {
    let found = lower("i\u{307}\u{300} Ì", "lt")
    #expect(Array(found.unicodeScalars) == Array("ì ì".unicodeScalars), "\(found)")
  }

  @Test(arguments: [
    (["İstanbul", "IĞDIR", "SIR", "Istanbul", "ışık", "iyi"], "tr"),
    (["Bu gün hava yaxşıdır", "mən gəldim", "sən də gəl"], "az"),
    (["ΟΔΟΣ", "καλημέρα"], "el"), (["שלום", "שָׁלוֹם"], "he"), (["สวัสดี", "ครับ"], "th"),
    (["你好世界", "再见"], "zh"), (["こんにちは世界", "ﾃｽﾄ", "OK 5個"], "ja"), (["안녕하세요", "네"], "ko"),
    (["нет", "пять яблок", "это дом", "вы здесь", "объект"], "ru"),
    (["п'ять яблук", "її дім", "є хліб"], "uk"), (["سلام", "چطوری", "پدر گفت"], "fa"),
    (["žinau ką", "ėjo į mišką", "jų namų"], "lt"),
    (["příliš žluťoučký kůň", "řeka", "děkuji"], "cs"),
    (["die Straße", "groß", "heiß ist es"], "de"), (["người Việt", "được rồi", "cảm ơn"], "vi"),
    (["yes", "no", "Erdoğan said so", "the café"], nil), (["да", "нет", "дом"], nil),
    (["मेरा नाम क्या है"], nil), (["نعم", "שלום"], nil), (["hello", "hallo"], nil), ([], nil),
    (["the Erdoğan visit was long and it was good", "we all went home again after that"], nil),
  ])
  func lettersTellTheLanguageWhereTheyAreSure(texts: [String], expected: String?) {
    #expect(TextNormalization.recommended(for: texts).language == expected)
  }

  @Test func formsAreThoseOfPythonsFormKC() throws {
    let golden: [[String]] = try goldenValues("text/forms")
    #expect(golden.count > 400)
    for pair in golden {
      let found = TextNormalization.untouched.normalized(pair[0])
      #expect(Array(found.unicodeScalars) == Array(pair[1].unicodeScalars), "\(pair)")
    }
    #expect(lower("ＨＥＬＬＯ，　ｗｏｒｌｄ！") == "hello world")
    let (wide, narrow) = (["ｏｐｅｎ ｔｈｅ ｄｏｏｒ ４２"], ["open the door 42"])
    let choice = TextNormalization.recommended(for: wide)
    #expect(choice == .recommended(for: narrow))
    #expect(choice.normalized(wide[0]) == "open the door forty two")
    #expect(lower("ﻣﺮﺣﺒـــﺎ") == "مرحبا" && lower("ﬁnd") == "find")
  }

  @Test func spacesWithinChineseAndJapaneseGo() {
    #expect(lower("你好， 世界 ！ ok 好", "zh") == "你好世界 ok 好")
    #expect(lower("今日 は、晴れ", "ja") == "今日は晴れ")
    #expect(lower("สวัสดี ครับ", "th") == "สวัสดี ครับ")
    #expect(!TextNormalization(language: "th").partsWords && TextNormalization().partsWords)
  }

  @Test func straySignsAndJoinersGo() {
    #expect(lower("\u{301}a \u{93F}क b") == "a क b")
    #expect(lower("می\u{200C}خواهم می\u{200C} ") == "می\u{200C}خواهم می")
    #expect(lower("ni\u{303}o ti\u{1EBF}ng Viê\u{323}t") == "nĩo tiếng việt")
  }

  @Test func rulesAreStoredAndAbsentOnesAreTheFirst() throws {
    let before = #"{"digits":"spellEnglish","letterCase":"lower","punctuation":"drop"}"#
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let old = try JSONDecoder().decode(TextNormalization.self, from: Data(before.utf8))
    #expect(old == TextNormalization(tags: .keep, rules: .first))
    #expect(String(decoding: try encoder.encode(old), as: UTF8.self) == before)
    let new = TextNormalization(digits: .digitByDigit, language: "tr")
    let json = try encoder.encode(new)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"digits":"digitByDigit","language":"tr","letterCase":"lower","punctuation":"drop","#
        + #""rules":2,"tags":"drop"}"#)
    #expect(try JSONDecoder().decode(TextNormalization.self, from: json) == new)
    let later = #"{"digits":"keep","letterCase":"lower","punctuation":"drop","rules":9}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TextNormalization.self, from: Data(later.utf8))
    }
  }
}

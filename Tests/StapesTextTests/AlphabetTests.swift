import FoundationEssentials
import StapesText
import Testing

@Suite struct AlphabetTests {
  @Test func charactersComeInScalarOrderAfterTheBlank() throws {
    let alphabet = Alphabet(transcripts: ["zero one", "été", "don't"])
    #expect(
      alphabet.characters == [" ", "'", "d", "e", "n", "o", "r", "t", "z", "\u{E9}"])
    #expect(alphabet.classCount == 11)
    #expect(try alphabet.labels(of: "zé d") == [9, 10, 1, 3])
    #expect(alphabet.text(of: [9, 10, 1, 3]) == "zé d")
  }

  @Test func signsAreCharactersAndComposedLettersStayWhole() throws {
    let alphabet = Alphabet(transcripts: ["e\u{301}", "\u{E9}", "नि", "x\u{327}\u{301}"])
    #expect(alphabet.characters == ["x", "é", "\u{301}", "\u{327}", "न", "\u{93F}"])
    #expect(try alphabet.labels(of: "e\u{301}") == [2])
    #expect(Array(alphabet.text(of: [2]).unicodeScalars) == ["\u{E9}"])
    #expect(try alphabet.labels(of: "निनि") == [5, 6, 5, 6])
    #expect(alphabet.combiningLabels == [3, 4, 6])
  }

  @Test(arguments: [
    ("สวัสดี น้ำ", "สวัสดี้ำน "), ("می\u{200C}خواهم", "می\u{200C}خواه"),
    ("שָׁלוֹם", "שלום\u{5B8}\u{5C1}\u{5B9}"),
    ("बड़ा मेज़", "बड़ामेज "), ("কেমন আছো", "কেমনআছো "), ("வணக்கம்", "வணக\u{BCD}ம"),
    ("مَرْحَبًا", "مرحبا\u{64B}\u{64E}\u{652}"), ("Việt", "Việt"), ("Vie\u{323}\u{302}t", "Việt"),
    ("příliš", "příliš"), ("한국어", "한국어"), ("ёй", "ёй"), ("e\u{323}\u{300}", "ẹ\u{300}"),
  ])
  func unitsAreCodePointsOfFormC(text: String, units: String) throws {
    let found = Alphabet(transcripts: [text])
    let expected = Set(TextNormalization.untouched.normalized(units + "x").unicodeScalars)
      .union(units.contains(" ") ? [" "] : []).subtracting(["x"])
    #expect(Set(found.characters.flatMap(\.unicodeScalars)) == expected)
    #expect(found.characters.allSatisfy { $0.unicodeScalars.count == 1 })
    let labels = try found.labels(of: text)
    #expect(found.text(of: labels) == text)
  }

  @Test func alphabetsOfBeforeKeepLettersWithTheirSigns() throws {
    let before = Alphabet(transcripts: ["नि स्ते"], rules: .first)
    #expect(before.characters.contains("नि"))
    let stored = try Alphabet(characters: before.characters)
    #expect(stored == before)
    #expect(try stored.labels(of: "नि").count == 1)
    #expect(throws: TextError.self) { try stored.labels(of: "न") }
  }

  @Test func textsAreFittedToTheAlphabet() {
    let alphabet = Alphabet(transcripts: ["abcdefghijklmnopqrstuvwxyz' "])
    var foreign = ForeignCharacters()
    #expect(
      alphabet.fitted("déjà straße œuvre łódź", noting: &foreign) == "deja strasse oeuvre lodz")
    #expect(alphabet.fitted("cafe\u{301} 東 x\u{327}", noting: &foreign) == "cafe x")
    #expect(alphabet.fitted("привет", noting: &foreign) == nil)
    #expect(alphabet.fitted("abc", noting: &foreign) == "abc")
    #expect(foreign.unwritable == "\"東\", \"п\", \"р\", \"и\", \"в\", \"е\", \"т\"")
    #expect(foreign.replaced.hasPrefix("\"é\" (2) as \"e\", \"à\" as \"a\", \"ß\" as \"ss\""))
    var signs = ForeignCharacters()
    let arabic = Alphabet(transcripts: ["مرحبا"])
    #expect(arabic.fitted("مَرْحَبًا", noting: &signs) == "مرحبا")
    #expect(signs.entries.allSatisfy { $0.replacement == "" } && signs.unwritable.isEmpty)
    let words = Alphabet(transcripts: ["one"])
    var spaces = ForeignCharacters()
    #expect(words.fitted("on no", noting: &spaces) == "onno")
    #expect(spaces.unwritable == "\" \"")
  }

  @Test func everyTextComesBackFromItsLabels() throws {
    let texts = ["", "a", "tally ho", "naïve café", "спасибо", "한국어", "👩‍👩‍👧 and 🇳🇴"]
    let alphabet = Alphabet(transcripts: texts)
    for text in texts {
      #expect(try alphabet.text(of: alphabet.labels(of: text)) == text)
    }
    #expect(try Set(texts.flatMap { try alphabet.labels(of: $0) }) == Set(1..<alphabet.classCount))
  }

  @Test func anUnknownCharacterIsNamed() {
    let alphabet = Alphabet(transcripts: ["ab"])
    #expect(throws: TextError.characterOutsideAlphabet(character: "ç", text: "abça")) {
      try alphabet.labels(of: "abça")
    }
    #expect(throws: TextError.characterOutsideAlphabet(character: "a", text: "a")) {
      try Alphabet(transcripts: []).labels(of: "a")
    }
  }

  @Test func isStoredAsAListOfStrings() throws {
    let alphabet = Alphabet(transcripts: ["cab été"])
    let json = try JSONEncoder().encode(alphabet)
    #expect(String(decoding: json, as: UTF8.self) == "[\" \",\"a\",\"b\",\"c\",\"t\",\"é\"]")
    #expect(try JSONDecoder().decode(Alphabet.self, from: json) == alphabet)
    #expect(try Alphabet(characters: alphabet.characters) == alphabet)
  }

  @Test(arguments: [["a", ""], ["a", "bc"], ["a", "b", "a"], ["\u{E9}", "e\u{301}"]])
  func aListThatIsNoAlphabetIsRefused(characters: [String]) throws {
    let offender = characters[characters.count - 1]
    #expect(throws: TextError.notAnAlphabet(entry: offender)) {
      try Alphabet(characters: characters)
    }
    let json = try JSONEncoder().encode(characters)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Alphabet.self, from: json) }
  }
}

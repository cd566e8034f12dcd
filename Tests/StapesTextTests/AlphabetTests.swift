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

  @Test func aCharacterIsAGraphemeClusterInFormC() throws {
    let alphabet = Alphabet(transcripts: ["e\u{301}", "\u{E9}", "नि", "x\u{327}\u{301}"])
    #expect(alphabet.characters.map { $0.unicodeScalars.count } == [3, 1, 2])
    #expect(try alphabet.labels(of: "e\u{301}") == [2])
    #expect(Array(alphabet.text(of: [2]).unicodeScalars) == ["\u{E9}"])
    #expect(try alphabet.labels(of: "निनि").count == 2)
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

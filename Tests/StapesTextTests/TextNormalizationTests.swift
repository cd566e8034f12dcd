import FoundationEssentials
import StapesKernels
import StapesText
import TestSupport
import Testing

private let untouched = TextNormalization.untouched

@Suite struct TextNormalizationTests {
  @Test(arguments: [
    ("Hello, World!", "hello world"),
    ("SEVEN", "seven"), ("seven", "seven"), ("7", "seven"),
    ("Press 1 for A.M, or 2 for P.M.", "press one for a m or two for p m"),
    ("and/or well-known", "and or well known"),
    ("don't DON’T don`t don\u{2BC}t", "don't don't don't don't"),
    ("'tis the dogs' rock 'n' roll", "tis the dogs rock n roll"),
    ("“Yes” — she said…", "yes she said"),
    ("word—word", "word word"),
    ("Straße École", "straße école"),
    ("col·lecció · fi", "col·lecció fi"),
    ("f*%# it}", "f it"),
    ("...", ""), ("", ""), (" \t\r\n ", ""),
  ])
  func defaultsWriteSmallLettersWithoutPunctuation(text: String, expected: String) {
    #expect(TextNormalization().normalized(text) == expected)
  }

  @Test func eachOptionActsByItself() {
    let text = "It's 7,  O’Neil!"
    func write(
      _ letterCase: TextNormalization.LetterCase, _ punctuation: TextNormalization.Punctuation,
      _ digits: TextNormalization.Digits
    ) -> String {
      TextNormalization(letterCase: letterCase, punctuation: punctuation, digits: digits)
        .normalized(text)
    }
    #expect(write(.keep, .keep, .keep) == "It's 7, O'Neil!")
    #expect(write(.lower, .keep, .keep) == "it's 7, o'neil!")
    #expect(write(.upper, .keep, .keep) == "IT'S 7, O'NEIL!")
    #expect(write(.keep, .drop, .keep) == "It's 7 O'Neil")
    #expect(write(.keep, .keep, .spellEnglish) == "It's seven, O'Neil!")
    #expect(write(.upper, .drop, .spellEnglish) == "IT'S SEVEN O'NEIL")
  }

  @Test func numbersKeptKeepTheirMarks() {
    let figures = TextNormalization(digits: .keep)
    #expect(figures.normalized("2,500.75, then 3. No. 5!") == "2,500.75 then 3 no 5")
  }

  @Test func oddSpacesAndInvisiblesGo() {
    let text = "\u{FEFF}one\u{A0}two\tthree\r\nfour\u{200B}teen\u{AD}\u{2003}\u{202A}five\u{202C}\n"
    var changes = TextChanges()
    #expect(untouched.normalized(text, counting: &changes) == "one two three fourteen five")
    #expect(changes[.byteOrderMark].count == 1)
    #expect(changes[.oddSpace].count == 3)
    #expect(changes[.lineEnd].count == 2)
    #expect(changes[.invisible].count == 4)
    #expect(changes[.foldedMark].count == 0)
  }

  @Test func changesAreCountedAndAddedUp() {
    var changes = TextChanges()
    _ = TextNormalization().normalized("cafe\u{301} – 12 ‘or’ 13th?", counting: &changes)
    #expect(changes[.composedText].count == 1)
    #expect(changes[.foldedMark].count == 3)
    #expect(changes[.spelledNumber].count == 2)
    #expect(changes[.droppedMark].count == 4)
    #expect(changes[.lineEnd].count == 0)
    _ = TextNormalization().normalized("cafe\u{301} – 12 ‘or’ 13th?", counting: &changes)
    #expect(
      changes.lines.map(\.description) == [
        "2 texts: “12” becomes “twelve”; --digits changes this",
        "2 texts: “–” becomes “-”",
        "2 texts: accents are composed with their letters (NFC), as in “cafe\u{301} – 12 ‘or’ 13th?”",
        "2 texts: “-”, “'”, “?” are removed",
      ])
    #expect(changes[.spelledNumber].textCount == 2 && changes[.spelledNumber].count == 4)
    #expect(TextChanges().lines.isEmpty)
  }

  @Test func joinersStayWhereTheySpell() {
    #expect(untouched.normalized("می\u{200C}خواهم") == "می\u{200C}خواهم")
    #expect(untouched.normalized("क्\u{200D}ष") == "क्\u{200D}ष")
    #expect(untouched.normalized("ab\u{200D}c \u{200C}d") == "abc d")
    #expect(TextNormalization().normalized("می\u{200C}خواهم!") == "می\u{200C}خواهم")
  }

  @Test func composesAsPythonDoes() throws {
    let golden: [[String]] = try goldenValues("text/composition")
    for pair in golden {
      let composed = TextNormalization(
        letterCase: .keep, punctuation: .keep, digits: .keep, tags: .keep, rules: .first
      ).normalized(pair[0])
      #expect(Array(composed.unicodeScalars) == Array(pair[1].unicodeScalars), "\(pair)")
    }
  }

  @Test func normalisingTwiceChangesNothingMore() {
    var chance = SplitMix64(seed: 3)
    let pieces = [
      "a", "B", "é", "e", "\u{301}", "İ", "ß", "Σ", "7", "12", "0", ",", ".", "-", "–", "’", "'",
      "$", "%", " ", "\u{A0}", "\r\n", "\t", "\u{200B}", "\u{200D}", "\u{FEFF}", "नि", "한", "st",
      "th", "s", "…", "“", "\u{1F600}", "½", "·", "_", "[", "]", "<", ">", "(", ")", "{", "*",
      "laughs", "+", "1234567", "555-", "٣", "я", "ﾊ", "ﾟ", "Ａ", "I", "\u{307}", "ĳ", "好", "ﬁ",
    ]
    for letterCase in TextNormalization.LetterCase.allCases {
      for punctuation in TextNormalization.Punctuation.allCases {
        for digits in TextNormalization.Digits.allCases {
          for number in 0..<400 {
            let normalization = TextNormalization(
              letterCase: letterCase, punctuation: punctuation, digits: digits,
              tags: number % 2 == 0 ? .drop : .keep,
              language: [nil, "tr", "ja", "en"][number / 2 % 4],
              rules: number % 5 == 0 ? .first : .second)
            let text = (0..<12).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
            let once = normalization.normalized(text)
            let twice = normalization.normalized(once)
            #expect(
              Array(once.unicodeScalars) == Array(twice.unicodeScalars),
              "\(text.unicodeScalars.map { String($0.value, radix: 16) }) \(normalization)")
          }
        }
      }
    }
  }

  @Test func isStoredByTheNamesOfItsOptions() throws {
    let normalization = TextNormalization(letterCase: .upper, punctuation: .keep, digits: .keep)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(normalization)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"digits":"keep","letterCase":"upper","punctuation":"keep","rules":2,"tags":"drop"}"#)
    #expect(try JSONDecoder().decode(TextNormalization.self, from: json) == normalization)
  }
}

import StapesText
import TestSupport
import Testing

private func write(_ text: String, _ digits: TextNormalization.Digits = .spellEnglish)
  -> String
{
  TextNormalization(digits: digits).normalized(text)
}

@Suite struct DigitTests {
  @Test(arguments: [
    ("31415", "three one four one five"), ("1234567", "one two three four five six seven"),
    ("the meter says 27182", "the meter says two seven one eight two"),
    ("10000 men and 250000 more", "ten thousand men and two hundred fifty thousand more"),
    ("31,415", "thirty one thousand four hundred fifteen"),
    ("555-0123", "five five five zero one two three"),
    (
      "call 555-0123, or 555-0199.",
      "call five five five zero one two three or five five five zero one nine nine"
    ),
    ("+49 30 1234567", "four nine three zero one two three four five six seven"),
    ("(555) 123-4567", "five five five one two three four five six seven"),
    ("0800 123 456 is free", "zero eight zero zero one two three four five six is free"),
    ("1-800-555-0199", "one eight zero zero five five five zero one nine nine"),
    ("room 12 555-0123", "room twelve five five five zero one two three"),
    (
      "4111 1111 1111 1234",
      "four one one one one one one one one one one one one two three four"
    ),
    ("my PIN is 4711", "my pin is four seven one one"), ("code 1234", "code one two three four"),
    ("in 1984", "in nineteen eighty four"), ("4711 men", "four thousand seven hundred eleven men"),
    ("1984-2004", "nineteen eighty four two thousand four"),
    ("2020-05-17", "twenty twenty zero five seventeen"),
    ("the 3rd of 1,000", "the third of one thousand"),
    ("$5.20 at 5:30, 10%", "five dollars and twenty cents at five thirty ten percent"),
    ("$31415", "thirty one thousand four hundred fifteen dollars"),
    ("1990 2000 2010", "nineteen ninety two thousand twenty ten"),
    ("café 5", "café five"), ("ＰＩＮ １２３４", "pin one two three four"),
  ])
  func longStringsAndGroupsAreReadDigitByDigit(text: String, expected: String) {
    #expect(write(text) == expected)
  }

  @Test(arguments: [
    ("5 яблок", "5 яблок"), ("в 1990 году", "в 1990 году"), ("٣ تفاحات", "٣ تفاحات"),
    ("٣", "٣"), ("कक्षा 5", "कक्षा 5"), ("τιμή 5", "τιμή 5"), ("price 5", "price five"),
  ])
  func onlyEnglishTextsAreSpelledInEnglish(text: String, expected: String) {
    #expect(write(text) == expected)
  }

  @Test func eachChoiceActsOnAnyText() {
    #expect(write("meter 42, 3rd, 3.5", .digitByDigit) == "meter four two third three point five")
    #expect(write("дом 12а", .digitByDigit) == "дом 1 2 а")
    #expect(write("meter 42, +49 30 1234567 end", .drop) == "meter end")
    #expect(write("дом 12 ٣", .drop) == "дом")
    #expect(write("дом 12", .keep) == "дом 12")
    let german = TextNormalization(language: "de")
    #expect(german.normalized("5 Tage") == "5 tage")
    #expect(TextNormalization(language: "en").normalized("5 яблок") == "five яблок")
  }

  @Test func theTextsDecide() {
    func digits(_ texts: [String], _ language: String? = nil) -> TextNormalization.Digits {
      TextNormalization.recommended(for: texts, language: language).digits
    }
    #expect(digits(["31415", "27182", "555-0123", "00419"]) == .digitByDigit)
    #expect(digits(["1961", "1984", "2024"]) == .spellEnglish)
    #expect(digits(["4711", "0815", "9999"]) == .digitByDigit)
    #expect(digits(["1", "20", "100"]) == .spellEnglish)
    #expect(digits(["open 5 doors", "yes", "31415"]) == .spellEnglish)
    #expect(digits(["5 яблок", "да", "дом 12"]) == .keep)
    #expect(digits(["5 Äpfel", "zwölf Bäume", "schön"]) == .keep)
    #expect(digits(["5 appels", "twaalf"], "nl") == .keep)
    #expect(digits(["कक्षा 5", "पानी ठंडा है"]) == .keep)
    #expect(digits(["yes", "no"]) == .spellEnglish && digits([]) == .spellEnglish)
  }

  @Test func eachKindIsToldWithAnExample() {
    var changes = TextChanges()
    for text in ["31415", "27182", "42 doors", "5 яблок"] {
      _ = TextNormalization().normalized(text, counting: &changes)
    }
    let lines = changes.lines.map(\.description)
    #expect(
      lines == [
        "1 text: digits among letters that are not English stay digits, as in “5 яблок”; "
          + "write them in words, or choose with --digits",
        "1 text: “42” becomes “forty two”; --digits changes this",
        "2 texts: “31415” becomes “three one four one five”, digit by digit; --digits "
          + "changes this",
      ])
    #expect(changes.lines.map(\.isWarning) == [true, false, false])
  }

  @Test func modelsOfBeforeKeepTheirRules() {
    let before = TextNormalization(tags: .keep, rules: .first)
    #expect(before.normalized("31415") == "thirty one thousand four hundred fifteen")
    #expect(before.normalized("5 яблок") == "five яблок")
    #expect(before.normalized("555-0123") == "five hundred fifty five zero one two three")
    #expect(before.normalized("[noise] ΟΔΟΣ ＡＢ İ") == "noise οδοσ ａｂ i\u{307}")
  }
}

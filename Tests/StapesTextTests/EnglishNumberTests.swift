import StapesText
import TestSupport
import Testing

private func read(_ text: String) -> String { TextNormalization().normalized(text) }

@Suite struct EnglishNumberTests {
  @Test func cardinalsAndOrdinalsAreThoseOfNum2words() throws {
    let golden: [Golden] = try goldenValues("text/numbers")
    for number in golden {
      let cardinal = EnglishNumber.cardinal(digits: number.digits).joined(separator: " ")
      #expect(cardinal == number.cardinal)
      #expect(read(number.digits + "th") == number.ordinal)
    }
  }

  private struct Golden: Decodable {
    let digits, cardinal, ordinal: String
  }

  @Test(arguments: [
    ("0", "zero"), ("007", "zero zero seven"), ("00", "zero zero"), ("0123", "zero one two three"),
    ("1,000,000", "one million"), ("1,2,34", "one two thirty four"),
    ("1,0000", "one zero zero zero zero"),
    ("1961", "nineteen sixty one"), ("1905", "nineteen oh five"), ("1900", "nineteen hundred"),
    ("2024", "twenty twenty four"), ("2005", "two thousand five"), ("2000", "two thousand"),
    ("1099", "one thousand ninety nine"), ("2100", "two thousand one hundred"),
    ("1,961", "one thousand nine hundred sixty one"),
    ("1961st", "one thousand nine hundred sixty first"),
    ("1st 2ND 3rd 22nd 100TH 21'st", "first second third twenty second one hundredth twenty first"),
    ("80s 1990's 6s 1900s", "eighties nineteen nineties sixes nineteen hundreds"),
    (
      "3.14 0.5 .5 1.2.30",
      "three point one four zero point five point five one point two point thirty"
    ),
    ("1961.5", "one thousand nine hundred sixty one point five"),
    ("28.8 kilobit. 3.", "twenty eight point eight kilobit three"),
    ("-5 (-7) 5-10 a-5", "minus five minus seven five ten a five"), ("−40", "minus forty"),
    ("50% 50 % 3.5%", "fifty percent fifty percent three point five percent"),
    (
      "$1 $2 $1.01 $0.50 $3.00",
      "one dollar two dollars one dollar and one cent fifty cents three dollars"
    ),
    ("£2.50 €1.5 ¥100", "two pounds and fifty pence one point five euros one hundred yen"),
    ("$1.5 million $2 millions", "one point five million dollars two dollars millions"),
    ("$1,999", "one thousand nine hundred ninety nine dollars"),
    (
      "q.931 H.323 3D A4 mp3s 7-digit",
      "q nine hundred thirty one h three hundred twenty three three d a four mp threes seven digit"
    ),
    ("10:30", "ten thirty"), ("1/2", "one two"), ("4th4", "four th four"),
  ])
  func numbersAreReadAsDocumented(text: String, expected: String) {
    #expect(read(text) == expected)
  }

  @Test func veryLongNumbersAreReadDigitByDigit() {
    let most = EnglishNumber.cardinal(digits: "1" + String(repeating: "0", count: 35))
    #expect(most == ["one", "hundred", "decillion"])
    let more = EnglishNumber.cardinal(digits: "1" + String(repeating: "0", count: 36))
    #expect(more == ["one"] + Array(repeating: "zero", count: 36))
  }

  @Test func wordsStandApartFromLettersOnly() {
    let marked = TextNormalization(letterCase: .keep, punctuation: .keep)
    #expect(marked.normalized("(5) 7-up 3D \"2\"") == "(five) seven-up three D \"two\"")
  }

  @Test func digitsOfOtherScriptsStay() {
    #expect(read("٣ und ３") == "٣ und 3")
  }
}

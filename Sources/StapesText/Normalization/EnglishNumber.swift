/// Numbers in English words, as American English reads them aloud: without "and" and without
/// hyphens, so that each word stands alone.
///
/// | written | read |
/// | --- | --- |
/// | `0`, `7`, `42`, `105`, `1,000,000` | zero, seven, forty two, one hundred five, one million |
/// | `007`, more than 36 digits | digit by digit: zero zero seven |
/// | `1961`, `1905`, `1900`, `2024` | nineteen sixty one, nineteen oh five, nineteen hundred, twenty twenty four |
/// | `1st`, `22nd`, `100TH` | first, twenty second, one hundredth |
/// | `80s`, `1990's` | eighties, nineteen nineties |
/// | `3.14`, `.5`, `1.2.3` | three point one four, point five, one point two point three |
/// | `-5` at the start of a word | minus five |
/// | `50%` | fifty percent |
/// | `$1`, `£2.50`, `$1.5 million` | one dollar, two pounds and fifty pence, one point five million dollars |
///
/// Four digits from 1100 to 1999 and from 2010 to 2099 are read in pairs, as a year is, when they
/// stand without comma, decimals, currency or percent; a figure that counts things reads so too
/// ("fifteen hundred"). Times, dates, fractions and Roman numerals have no rule of their own: their
/// numbers are read one after the other.
public enum EnglishNumber {
  /// The words of a whole number, as in "one thousand two hundred thirty four".
  ///
  /// Leading zeros, or more than 36 digits, are read digit by digit.
  ///
  /// - Parameter digits: the digits `0` to `9` of a number, at least one.
  /// - Returns: the words, at least one.
  /// - Precondition: `digits` holds nothing else.
  public static func cardinal(digits: String) -> [String] {
    cardinal(figures(of: digits))
  }

  static func cardinal(_ figures: [Int]) -> [String] {
    let isSpelled = figures.count > 1 && figures[0] == 0
    guard !isSpelled, figures.count <= scales.count * 3 else { return singly(figures) }
    guard figures != [0] else { return [small[0]] }
    var words: [String] = []
    var rest = figures[...]
    while !rest.isEmpty {
      let group = rest.prefix((rest.count - 1) % 3 + 1)
      rest = rest.dropFirst(group.count)
      let value = group.reduce(0) { $0 * 10 + $1 }
      guard value > 0 else { continue }
      words += belowThousand(value)
      if !rest.isEmpty { words.append(scales[rest.count / 3]) }
    }
    return words
  }

  /// The words of a number read as a year where it can be one, in pairs of digits; else those of
  /// `cardinal(digits:)`.
  ///
  /// - Precondition: as for `cardinal(digits:)`.
  public static func year(digits: String) -> [String] {
    year(figures(of: digits))
  }

  static func year(_ figures: [Int]) -> [String] {
    let value = figures.count == 4 ? figures.reduce(0) { $0 * 10 + $1 } : 0
    guard (1100...1999).contains(value) || (2010...2099).contains(value) else {
      return cardinal(figures)
    }
    let century = belowThousand(value / 100)
    switch value % 100 {
    case 0: return century + ["hundred"]
    case let unit where unit < 10: return century + ["oh", small[unit]]
    case let pair: return century + belowThousand(pair)
    }
  }

  /// Each digit as its own word, as in "one four one five".
  static func singly(_ figures: [Int]) -> [String] { figures.map { small[$0] } }

  /// The rank that the last word of a number names, as in "twenty first".
  static func ordinal(_ words: [String]) -> [String] {
    replacingLast(of: words) { word in
      if let irregular = irregularOrdinals[word] { return irregular }
      return word.last == "y" ? word.dropLast() + "ieth" : word + "th"
    }
  }

  /// The plural of the last word of a number, as in "nineteen eighties".
  static func plural(_ words: [String]) -> [String] {
    replacingLast(of: words) { word in
      if word.last == "y" { return word.dropLast() + "ies" }
      return word.last == "x" ? word + "es" : word + "s"
    }
  }

  private static func replacingLast(
    of words: [String], by change: (String) -> String
  ) -> [String] {
    words.dropLast() + words.suffix(1).map(change)
  }

  private static func figures(of digits: String) -> [Int] {
    let figures = digits.unicodeScalars.compactMap { scalar in
      ("0"..."9").contains(scalar) ? Int(scalar.value) - 48 : nil
    }
    precondition(
      !figures.isEmpty && figures.count == digits.unicodeScalars.count, "digits \"\(digits)\"")
    return figures
  }

  private static func belowThousand(_ value: Int) -> [String] {
    var words: [String] = []
    if value >= 100 { words += [small[value / 100], "hundred"] }
    let rest = value % 100
    if rest >= 20 {
      words.append(tens[rest / 10])
      if rest % 10 > 0 { words.append(small[rest % 10]) }
    } else if rest > 0 {
      words.append(small[rest])
    }
    return words
  }
}

private let small = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
  "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]

private let tens = [
  "", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
]

private let scales = [
  "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
  "septillion", "octillion", "nonillion", "decillion",
]

private let irregularOrdinals = [
  "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
  "nine": "ninth", "twelve": "twelfth",
]

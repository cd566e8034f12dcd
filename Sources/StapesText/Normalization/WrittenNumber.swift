/// A number as it stands in a text, with the signs that belong to it.
struct WrittenNumber {
  /// What follows the digits and is part of the number.
  enum Ending {
    case none, ordinal, plural, percent
  }

  /// Whether a minus sign stands before it.
  let isNegative: Bool
  /// The currency whose sign stands before it.
  let currency: Currency?
  /// The digits before the first point; none in `.5`.
  let whole: [Int]
  /// Whether commas part its thousands.
  let isGrouped: Bool
  /// The digits after each point: one list for a decimal, more for a version or an address.
  let fractions: [[Int]]
  /// What follows the digits.
  let ending: Ending
  /// The scale word after an amount of money, as in `$2 million`.
  let scale: String?
  /// The number of scalars that it takes up.
  let length: Int

  /// Whether it is groups of digits, as those of a telephone number.
  let isGroups: Bool

  /// Whether it is nothing but digits.
  var isPlain: Bool {
    currency == nil && fractions.isEmpty && !isGrouped && ending == .none
  }

  /// Whether it is a string of digits that nobody reads as a quantity: five or more that do not end
  /// in thousands.
  var isLong: Bool {
    isPlain && whole.count >= 5 && whole.suffix(3) != [0, 0, 0]
  }

  /// The number's words as they are read aloud; see `EnglishNumber`.
  ///
  /// - Parameter readsSingly: whether a number of nothing but digits is read digit by digit.
  func words(readsSingly: Bool) -> [String] {
    if isGroups || readsSingly && isPlain {
      return (isNegative ? ["minus"] : []) + EnglishNumber.singly(whole)
    }
    return (isNegative ? ["minus"] : []) + (currency.map(amount(in:)) ?? unsignedWords)
  }

  private var unsignedWords: [String] {
    switch ending {
    case .none: plainWords
    case .ordinal: EnglishNumber.ordinal(EnglishNumber.cardinal(whole))
    case .plural: EnglishNumber.plural(plainWords)
    case .percent: decimalWords + ["percent"]
    }
  }

  private var plainWords: [String] {
    fractions.isEmpty && !isGrouped ? EnglishNumber.year(whole) : decimalWords
  }

  private var decimalWords: [String] {
    let start = whole.isEmpty ? [] : EnglishNumber.cardinal(whole)
    let read = fractions.count == 1 ? EnglishNumber.singly : EnglishNumber.cardinal
    return start + fractions.flatMap { ["point"] + read($0) }
  }

  private func amount(in currency: Currency) -> [String] {
    if let scale { return decimalWords + [scale, currency.units] }
    guard fractions.count <= 1, (fractions.first ?? [0, 0]).count == 2 else {
      return decimalWords + [currency.units]
    }
    let cents = (fractions.first ?? []).drop { $0 == 0 }
    let hasUnits = whole.contains { $0 > 0 } || cents.isEmpty
    let units = EnglishNumber.cardinal(whole) + [whole == [1] ? currency.unit : currency.units]
    let parts = EnglishNumber.cardinal(Array(cents))
    let small = cents.isEmpty ? [] : parts + [cents == [1] ? currency.part : currency.parts]
    return (hasUnits ? units : []) + (hasUnits && !cents.isEmpty ? ["and"] : []) + small
  }
}

/// The English names of a currency and of its hundredth.
struct Currency {
  let unit, units, part, parts: String

  /// The currency that a sign stands for.
  init?(sign: Unicode.Scalar) {
    switch sign {
    case "$": (unit, units, part, parts) = ("dollar", "dollars", "cent", "cents")
    case "£": (unit, units, part, parts) = ("pound", "pounds", "penny", "pence")
    case "€": (unit, units, part, parts) = ("euro", "euros", "cent", "cents")
    case "¥": (unit, units, part, parts) = ("yen", "yen", "sen", "sen")
    default: return nil
    }
  }
}

extension TextNormalization {
  /// The text with its numbers in English words, each parted by a space from letters beside it.
  static func spellingNumbers(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    guard scalars.contains(where: isDigit) else { return scalars }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count * 2)
    var index = 0
    while index < scalars.count {
      guard let number = WrittenNumber(in: scalars, at: index) else {
        result.append(scalars[index])
        index += 1
        continue
      }
      if let last = result.last, isPartOfWord(last) { result.append(" ") }
      result += number.words.joined(separator: " ").unicodeScalars
      index += number.length
      if index < scalars.count, isPartOfWord(scalars[index]) { result.append(" ") }
      changes.spelledNumbers += 1
    }
    return result
  }
}

extension WrittenNumber {
  /// Reads the longest number that begins exactly at `start`; nil when none does.
  init?(in scalars: [Unicode.Scalar], at start: Int) {
    let previous = start > 0 ? scalars[start - 1] : " "
    var reader = NumberReader(scalars: scalars, position: start)
    isNegative = (previous == " " || previous == "(") && reader.take("-")
    currency = reader.takeCurrency()
    let digits = reader.takeDigits()
    let groups = (1...3).contains(digits.count) ? reader.takeGroups() : []
    whole = digits + groups
    isGrouped = !groups.isEmpty
    let continuesWord = TextNormalization.isPartOfWord(previous) || previous == "."
    fractions = digits.isEmpty && continuesWord ? [] : reader.takeFractions()
    guard !whole.isEmpty || !fractions.isEmpty else { return nil }
    scale = currency == nil ? nil : reader.takeScale()
    ending = currency == nil ? reader.takeEnding(afterDecimal: !fractions.isEmpty) : .none
    length = reader.position - start
  }
}

/// A position in a text that moves past each part of a number that it finds there.
private struct NumberReader {
  let scalars: [Unicode.Scalar]
  var position: Int

  /// The scalar `distance` after the position; a space past the end.
  private func peek(_ distance: Int = 0) -> Unicode.Scalar {
    position + distance < scalars.count ? scalars[position + distance] : " "
  }

  private func digit(_ distance: Int) -> Int? {
    TextNormalization.isDigit(peek(distance)) ? Int(peek(distance).value) - 48 : nil
  }

  /// Moves past `text`, in small or capital letters, where a word does not go on behind it.
  private mutating func takeEndOfWord(_ text: String) -> Bool {
    let length = text.unicodeScalars.count
    let found = (0..<length).map { peek($0).properties.lowercaseMapping }.joined()
    guard found == text, !TextNormalization.isPartOfWord(peek(length)) else { return false }
    position += length
    return true
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    position += 1
    return true
  }

  mutating func takeCurrency() -> Currency? {
    guard let currency = Currency(sign: peek()) else { return nil }
    position += 1
    return currency
  }

  mutating func takeDigits() -> [Int] {
    var digits: [Int] = []
    while let digit = digit(0) {
      digits.append(digit)
      position += 1
    }
    return digits
  }

  /// Groups of three digits with a comma before each; none when the last one has more digits.
  mutating func takeGroups() -> [Int] {
    let start = position
    var digits: [Int] = []
    while peek() == ",", let a = digit(1), let b = digit(2), let c = digit(3) {
      digits += [a, b, c]
      position += 4
    }
    guard digit(0) != nil else { return digits }
    position = start
    return []
  }

  mutating func takeFractions() -> [[Int]] {
    var fractions: [[Int]] = []
    while peek() == ".", digit(1) != nil {
      position += 1
      fractions.append(takeDigits())
    }
    return fractions
  }

  mutating func takeScale() -> String? {
    let scales = ["thousand", "million", "billion", "trillion"]
    return scales.first { takeEndOfWord(" " + $0) }
  }

  mutating func takeEnding(afterDecimal: Bool) -> WrittenNumber.Ending {
    if takeEndOfWord("%") || takeEndOfWord(" %") { return .percent }
    guard !afterDecimal else { return .none }
    for suffix in ["st", "nd", "rd", "th"]
    where takeEndOfWord(suffix) || takeEndOfWord("'" + suffix) {
      return .ordinal
    }
    return takeEndOfWord("s") || takeEndOfWord("'s") ? .plural : .none
  }
}

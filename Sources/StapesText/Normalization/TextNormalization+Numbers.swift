extension TextNormalization {
  /// The text with its numbers as the option has them.
  func withNumbersWritten(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    guard scalars.contains(where: \.isDigit) else { return scalars }
    let isEnglish = rules == .first || Self.isEnglish(scalars, language: language)
    switch digits {
    case .keep: break
    case .spellEnglish where isEnglish, .digitByDigit where isEnglish:
      return spellingNumbers(scalars, counting: &changes)
    case .spellEnglish: break
    case .digitByDigit: return Self.partingDigits(scalars, counting: &changes)
    case .drop: return Self.droppingNumbers(scalars, counting: &changes)
    }
    if changes.isNoting {
      let isForeign = scalars.contains { !$0.isASCII && Self.isPartOfWord($0) } || !isEnglish
      changes.note(isForeign ? .foreignNumber : .keptNumber, String(scalars: scalars))
    }
    return scalars
  }

  /// Whether a text may be English: where its language is not known, all of its letters are Latin
  /// and all of its digits those of ASCII.
  static func isEnglish(_ scalars: [Unicode.Scalar], language: String?) -> Bool {
    if let language { return language == "en" }
    return !scalars.contains { scalar in
      !scalar.isASCII && (scalar.isDigit || scalar.properties.isAlphabetic && !scalar.isLatin)
    }
  }

  /// The text with its numbers in English words, each parted by a space from letters beside it.
  private func spellingNumbers(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    Self.replacingNumbers(in: scalars) { number, written, start in
      let readsSingly =
        digits == .digitByDigit
        || rules != .first && (number.isLong || Self.isCode(at: start, in: scalars))
      let words = number.words(readsSingly: readsSingly).joined(separator: " ")
      let isSingle = number.isGroups || readsSingly && number.isPlain && number.whole.count > 1
      changes.note(isSingle ? .singleDigits : .spelledNumber, String(scalars: written), words)
      return Array(words.unicodeScalars)
    } groups: { start in
      rules == .first ? nil : DigitGroups(in: scalars, at: start)
    }
  }

  /// The text without its numbers.
  private static func droppingNumbers(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    let rest = replacingNumbers(in: scalars) { _, written, _ in
      changes.note(.droppedNumber, String(scalars: written))
      return [" "]
    } groups: {
      DigitGroups(in: scalars, at: $0)
    }
    return rest.map { scalar in
      guard scalar.isDigit else { return scalar }
      changes.note(.droppedNumber, String(scalar))
      return " "
    }
  }

  /// The text with a space at both sides of each digit.
  private static func partingDigits(
    _ scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for (index, scalar) in scalars.enumerated() {
      let follows = index > 0 && (scalar.isDigit || scalars[index - 1].isDigit)
      if follows, isPartOfWord(scalars[index - 1]), isPartOfWord(scalar) { result.append(" ") }
      result.append(scalar)
    }
    if result.count > scalars.count {
      changes.note(.singleDigits, String(scalars: scalars), String(scalars: result))
    }
    return result
  }

  private static func replacingNumbers(
    in scalars: [Unicode.Scalar],
    by replacement: (WrittenNumber, ArraySlice<Unicode.Scalar>, Int) -> [Unicode.Scalar],
    groups: (Int) -> DigitGroups?
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count * 2)
    var index = 0
    while index < scalars.count {
      let number =
        groups(index).map(WrittenNumber.init(groups:)) ?? WrittenNumber(in: scalars, at: index)
      guard let number else {
        result.append(scalars[index])
        index += 1
        continue
      }
      let words = replacement(number, scalars[index..<index + number.length], index)
      if let last = result.last, isPartOfWord(last) { result.append(" ") }
      result += words
      index += number.length
      if index < scalars.count, isPartOfWord(scalars[index]) { result.append(" ") }
    }
    return result
  }

  /// Whether the word before a number says that it is a code, which is read digit by digit.
  private static func isCode(at start: Int, in scalars: [Unicode.Scalar]) -> Bool {
    let before = scalars[max(0, start - 40)..<start].split { !isPartOfWord($0) }.suffix(2)
    let words = before.map { String(scalars: $0).lowercased() }
    guard let last = words.last else { return false }
    return codeNames.contains(last) || last == "is" && words.first.map(codeNames.contains) == true
  }

  /// Notes numbers at the beginning of a text that may be times or sample numbers: two of them, the
  /// second larger, or hours or minutes with seconds.
  func noteNumbers(before scalars: [Unicode.Scalar], in changes: inout TextChanges) {
    guard scalars.first(where: { $0 != " " })?.isPlainDigit == true,
      scalars.contains(where: { $0.properties.isAlphabetic })
    else { return }
    let fields = scalars.prefix(200).split { $0 == " " }.prefix(3).map { String(scalars: $0) }
    guard fields.count > 1 else { return }
    let times = fields.prefix(2).compactMap { Double($0) }
    let areTimes = fields[0].contains(".") && fields[1].contains(".")
    let isSpan =
      fields.count > 2 && times.count == 2 && times[0] < times[1]
      && (times[0] == 0 || times[1] >= 1000 || areTimes)
    let parts = fields[0].split(separator: ":", omittingEmptySubsequences: false)
    let areNumbers = parts.allSatisfy {
      $0.utf8.count >= 2 && Double($0.replacing(",", with: ".")) != nil
    }
    let isTime = areNumbers && (parts.count == 3 || parts.count == 2 && fields[0].hasPrefix("0"))
    if isSpan || isTime { changes.note(.leadingNumbers, String(scalars: scalars)) }
  }
}

/// What codes are called that are read digit by digit.
private let codeNames: Set<String> = [
  "pin", "code", "passcode", "password", "zip", "extension", "ext", "account", "id", "serial",
]

extension Unicode.Scalar {
  /// Whether it is one of the ten digits of ASCII.
  var isPlainDigit: Bool { self >= "0" && self <= "9" }

  /// Whether it is one of the ten digits of any script.
  var isDigit: Bool {
    isASCII ? isPlainDigit : properties.generalCategory == .decimalNumber
  }

  /// Whether it is a Latin letter.
  var isLatin: Bool {
    switch value {
    case 0x41...0x5A, 0x61...0x7A, 0xAA, 0xBA, 0xC0...0x2AF, 0x1E00...0x1EFF: true
    default: false
    }
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
    isGroups = false
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
    peek(distance).isPlainDigit ? Int(peek(distance).value) - 48 : nil
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

/// Groups of digits that are one number to be dialled or typed: `555-0123`, `+49 30 1234567`,
/// `(555) 123-4567`, `0800 123 456`, `4111 1111 1111 1111`.
struct DigitGroups {
  /// All digits.
  let digits: [Int]
  /// The number of scalars that they take up.
  let length: Int

  /// Reads the groups that begin exactly at `start`; nil where there are none, or where they may as
  /// well be numbers of their own.
  init?(in scalars: [Unicode.Scalar], at start: Int) {
    let previous = start > 0 ? scalars[start - 1] : " "
    guard previous == " " || previous == "\"" || previous == "(",
      let reading = Reading(scalars, from: start)
    else { return nil }
    for count in stride(from: reading.groups.count, to: 0, by: -1) {
      let end = reading.ends[count - 1]
      let next = end < scalars.count ? scalars[end] : " "
      let digitFollows = end + 1 < scalars.count && scalars[end + 1].isDigit
      let goesOn =
        TextNormalization.isPartOfWord(next) || next == "%"
        || (next == "." || next == "," || next == ":") && digitFollows
      guard !goesOn, reading.isOneNumber(first: count) else { continue }
      digits = reading.groups[..<count].flatMap(\.self)
      length = end - start
      return
    }
    return nil
  }
}

/// Groups as they stand in a text.
private struct Reading {
  private(set) var groups: [[Int]] = []
  /// Where each group ends.
  private(set) var ends: [Int] = []
  /// What stands between each group and the next.
  private var marks: [Unicode.Scalar] = []
  private var opening: Unicode.Scalar?

  init?(_ scalars: [Unicode.Scalar], from start: Int) {
    func scalar(_ index: Int) -> Unicode.Scalar { index < scalars.count ? scalars[index] : " " }
    var index = start
    if scalar(index) == "+" || scalar(index) == "(" {
      opening = scalar(index)
      index += 1
    }
    while scalar(index).isPlainDigit {
      var group: [Int] = []
      while scalar(index).isPlainDigit {
        group.append(Int(scalar(index).value) - 48)
        index += 1
      }
      groups.append(group)
      ends.append(index)
      if opening == "(", groups.count == 1 {
        guard scalar(index) == ")" else { return nil }
        index += 1
      }
      marks.append(scalar(index))
      let parts = scalar(index) == " " || scalar(index) == "-" || scalar(index) == "/"
      if parts { index += 1 } else if opening != "(" || groups.count > 1 { break }
    }
    if groups.isEmpty { return nil }
  }

  /// Whether the first groups make one number.
  func isOneNumber(first groupCount: Int) -> Bool {
    let groups = groups[..<groupCount]
    let lengths = groups.map(\.count)
    guard lengths.reduce(0, +) >= 7, !groups.allSatisfy(\.isYear) else { return false }
    if opening == "+" { return true }
    guard groupCount > 1 else { return false }
    if opening != nil { return true }
    let marks = Set(marks[..<(groupCount - 1)])
    if marks == [" "], groupCount >= 3, lengths.allSatisfy({ $0 == 4 }) { return true }
    if groups[0].first == 0, lengths[0] >= 3 { return true }
    // The parts of a date have two digits and four.
    return marks == ["-"] && lengths[groupCount - 1] >= 3
      && lengths.dropLast().contains { $0 >= 3 }
  }
}

extension [Int] {
  /// Whether it may be a year.
  fileprivate var isYear: Bool {
    count == 4 && (1000...2199).contains(reduce(0) { $0 * 10 + $1 })
  }
}

extension WrittenNumber {
  /// Takes groups as one number.
  init(groups: DigitGroups) {
    (isNegative, currency, isGrouped, fractions) = (false, nil, false, [])
    (ending, scale) = (.none, nil)
    (whole, length, isGroups) = (groups.digits, groups.length, true)
  }
}

internal import Glibc

extension ArraySlice<UInt8> {
  /// The bytes without white space at the ends.
  var trimmingSpaces: ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, LanguageUnit.isSpace(first) { slice.removeFirst() }
    while let last = slice.last, LanguageUnit.isSpace(last) { slice.removeLast() }
    return slice
  }

  /// The parts between white space.
  var fields: [ArraySlice<UInt8>] { split(whereSeparator: LanguageUnit.isSpace) }

  /// The bytes read as a logarithm to base 10, where `-inf` is one, taken for -99 as SRILM has it;
  /// nil when they are none.
  var logarithm: Double? {
    let isInfinite = ["-inf", "-infinity"].contains { name in
      elementsEqual(name.utf8) { $0 | 0x20 == $1 | 0x20 }
    }
    return isInfinite ? -99 : decimalNumber
  }

  /// The bytes read as a decimal number with or without an exponent; nil when they are none.
  var decimalNumber: Double? {
    var (rest, mantissa, exponent, digitCount) = (self, UInt64(0), 0, 0)
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    var isFraction = false
    while let byte = rest.first, byte == UInt8(ascii: ".") || digit(byte) != nil {
      rest.removeFirst()
      guard let digit = digit(byte) else {
        if isFraction { return nil }
        isFraction = true
        continue
      }
      digitCount += 1
      // Beyond eighteen digits only the place of the point matters.
      if mantissa < 100_000_000_000_000_000 {
        mantissa = mantissa * 10 + digit
        if isFraction { exponent -= 1 }
      } else if !isFraction {
        exponent += 1
      }
    }
    guard digitCount > 0 else { return nil }
    if let mark = rest.first {
      guard mark | 0x20 == UInt8(ascii: "e"),
        let shift = Int(String(decoding: rest.dropFirst(), as: UTF8.self)),
        (-999...999).contains(shift)
      else { return nil }
      exponent += shift
    }
    let scale = pow(10, Double(abs(exponent)))
    let value = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
    guard value.isFinite else { return nil }
    return isNegative ? -value : value
  }

  private func digit(_ byte: UInt8) -> UInt64? {
    byte >= 0x30 && byte <= 0x39 ? UInt64(byte - 0x30) : nil
  }
}

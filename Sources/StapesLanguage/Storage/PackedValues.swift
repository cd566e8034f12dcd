/// Numbers stored in few bits each: either exactly, as the 32 bits of a `Float`, or as the nearest
/// of 2^bits levels that lie evenly between the lowest and the highest of them.
///
/// Even levels bound the error of every value by half their distance, whatever the distribution.
struct PackedValues: Sendable, Equatable {
  /// The bits of a value that is stored exactly.
  static let exactBits = 32
  /// The bits that a coded value may have.
  static let codedBits = 8...16

  /// The stored numbers: bit patterns or levels, of which 0 is the highest.
  let codes: PackedIntegers
  /// The value of level 0; of no account where values are exact.
  let highest: Float
  /// The distance between two levels; of no account where values are exact.
  let step: Float

  /// Takes over stored codes; nil where the levels are no numbers.
  init?(codes: PackedIntegers, highest: Float, step: Float) {
    guard highest.isFinite, step.isFinite, step >= 0 else { return nil }
    (self.codes, self.highest, self.step) = (codes, highest, step)
  }

  /// Stores values in so many bits.
  ///
  /// - Precondition: the values are finite.
  init(_ values: [Float], bits: Int) {
    guard bits < Self.exactBits, let highest = values.max(), let lowest = values.min() else {
      codes = PackedIntegers(width: Self.exactBits, values.lazy.map(\.bitPattern))
      (highest, step) = (0, 0)
      return
    }
    let levelCount = Float(1 << bits) - 1
    let step = (highest - lowest) / levelCount
    codes = PackedIntegers(
      width: bits,
      values.lazy.map { value in
        step > 0 ? UInt32(min(((highest - value) / step).rounded(), levelCount)) : 0
      })
    (self.highest, self.step) = (highest, step)
  }

  /// How many values there are.
  var count: Int { codes.count }

  subscript(index: Int) -> Float {
    let code = codes[index]
    return codes.width == Self.exactBits
      ? Float(bitPattern: code) : highest - Float(code) * step
  }

  /// All values.
  var values: [Float] { (0..<count).map { self[$0] } }
}

/// A running checksum: FNV-1a of 64 bits (Fowler, Noll and Vo), taking a word of 64 bits where the
/// original takes a byte.
///
/// Each step is a one-to-one map of the state, so a change of any single word always shows. It
/// guards against damage, not against intent.
package struct Checksum {
  private static let prime: UInt64 = 0x0000_0100_0000_01B3
  /// The checksum of all words so far.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts without a word.
  package init() {}

  /// Adds a word.
  package mutating func add(_ word: UInt64) {
    value = (value ^ word) &* Self.prime
  }

  /// Adds a text: its length, then its bytes of UTF-8.
  package mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// Adds numbers: their bytes in the order of the file, eight to a word, zeros in the last one.
  package mutating func add<Number: BitwiseCopyable>(_ values: [Number]) {
    value = values.foldWords(into: value, prime: Self.prime)
  }
}

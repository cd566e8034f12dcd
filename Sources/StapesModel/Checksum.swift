/// A running checksum: FNV-1a of 64 bits (Fowler, Noll and Vo), taking a word of 64 bits where the
/// original takes a byte.
///
/// Each step is a one-to-one map of the state, so a change of any single word always shows. It
/// guards against damage, not against intent.
struct Checksum {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01B3
  }

  /// Adds a text: its length, then its bytes of UTF-8.
  mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// Adds values: two to a word, the first in the lower half; a last single one by itself.
  mutating func add(_ values: [Float]) {
    let (elements, pairEnd) = (values.span, values.count / 2 * 2)
    var checksum = self
    var index = 0
    while index < pairEnd {
      let (low, high) = (elements[index].bitPattern, elements[index + 1].bitPattern)
      checksum.add(UInt64(high) << 32 | UInt64(low))
      index += 2
    }
    if pairEnd < values.count { checksum.add(UInt64(elements[pairEnd].bitPattern)) }
    self = checksum
  }
}

/// Unsigned integers of equal width, stored without gaps: the i-th is in the bits from i · width.
struct PackedIntegers: Sendable, Equatable {
  /// The bits of one integer, 0 to 32; of width 0 all are 0.
  let width: Int
  /// How many integers there are.
  let count: Int
  /// The bits, and one word more, so that reading never looks beyond the end.
  let storage: [UInt64]

  private let mask: UInt64

  /// Takes over stored bits; nil where their number does not agree.
  init?(width: Int, count: Int, storage: [UInt64]) {
    guard (0...32).contains(width), storage.count == Self.wordCount(width: width, count: count)
    else { return nil }
    self.width = width
    self.count = count
    self.storage = storage
    mask = (1 << UInt64(width)) - 1
  }

  /// Packs integers.
  ///
  /// - Precondition: each fits into the width.
  init(width: Int, _ values: some Collection<UInt32>) {
    var words = [UInt64](
      repeating: 0, count: Self.wordCount(width: width, count: values.count))
    var bit = 0
    for value in values {
      precondition(UInt64(value) >> UInt64(width) == 0, "\(value) in \(width) bits")
      words[bit >> 6] |= UInt64(value) << UInt64(bit & 63)
      if bit & 63 + width > 64 { words[bit >> 6 + 1] |= UInt64(value) >> UInt64(64 - bit & 63) }
      bit += width
    }
    self.width = width
    count = values.count
    storage = words
    mask = (1 << UInt64(width)) - 1
  }

  /// The number of words that such integers take.
  static func wordCount(width: Int, count: Int) -> Int { (width * count + 63) / 64 + 1 }

  /// The width that holds all integers up to a highest one.
  static func width(holding highest: Int) -> Int { Int.bitWidth - highest.leadingZeroBitCount }

  subscript(index: Int) -> UInt32 {
    // Their storage is a single word.
    if width == 0 { return 0 }
    let bit = index &* width
    let (word, shift) = (bit >> 6, UInt64(truncatingIfNeeded: bit & 63))
    // Shifting in two steps makes the second word vanish where the first one holds everything.
    let high = (storage[word &+ 1] &<< 1) &<< (63 &- shift)
    return UInt32(truncatingIfNeeded: (storage[word] &>> shift | high) & mask)
  }
}

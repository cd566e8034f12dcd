internal import StapesFiles

/// Words in the order in which they were first seen, found again by their bytes.
struct WordTable {
  /// The words' bytes, one after the other.
  private var bytes: [UInt8] = []
  /// Where each word begins, and at the end the number of bytes.
  private var offsets: [UInt32] = [0]
  /// An open hash table of the words' numbers; its size is a power of two.
  private var slots = [UInt32](repeating: empty, count: 1 << 12)

  private static let empty = UInt32.max

  /// How many words there are.
  var count: Int { offsets.count - 1 }

  /// Whether no further word has room: places count in 32 bits.
  var isFull: Bool { bytes.count > Int(UInt32.max) - LineReader.longestLine }

  /// The bytes of a word.
  subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[Int(offsets[index])..<Int(offsets[index + 1])]
  }

  /// The number of a word; nil when it is none of these.
  func index(of word: ArraySlice<UInt8>) -> Int? {
    let found = slots[slot(of: word)]
    return found == Self.empty ? nil : Int(found)
  }

  /// The number of a word, which is added if it is new.
  mutating func insert(_ word: ArraySlice<UInt8>) -> Int {
    let slot = slot(of: word)
    if slots[slot] != Self.empty { return Int(slots[slot]) }
    slots[slot] = UInt32(count)
    bytes += word
    offsets.append(UInt32(bytes.count))
    if count * 2 > slots.count { grow() }
    return count - 1
  }

  /// Where a word stands, or would stand.
  private func slot(of word: ArraySlice<UInt8>) -> Int {
    // FNV-1a (Fowler, Noll and Vo), its upper bits folded in.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
    while slots[slot] != Self.empty, self[Int(slots[slot])] != word { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [UInt32](repeating: Self.empty, count: slots.count * 4)
    for index in 0..<count { slots[slot(of: self[index])] = UInt32(index) }
  }
}

extension WordTable {
  /// The words without the marks, ordered as a vocabulary has them, and for each word of the table
  /// its number in that vocabulary.
  ///
  /// - Parameter isKept: whether a word goes into the vocabulary; the others become unknown.
  func vocabulary(keeping isKept: (Int) -> Bool) -> (vocabulary: Vocabulary, numbers: [UInt32]) {
    var numbers = [UInt32](repeating: UInt32(Vocabulary.unknown), count: count)
    var others: [Int] = []
    for index in 0..<count {
      let mark = Vocabulary.marks.firstIndex { self[index].elementsEqual($0.utf8) }
      if let mark {
        numbers[index] = UInt32(mark)
      } else if isKept(index) {
        others.append(index)
      }
    }
    others.sort { self[$0].lexicographicallyPrecedes(self[$1]) }
    for (rank, index) in others.enumerated() {
      numbers[index] = UInt32(rank + Vocabulary.marks.count)
    }
    return (Vocabulary(sortedWords: others.map { Array(self[$0]) }), numbers)
  }
}

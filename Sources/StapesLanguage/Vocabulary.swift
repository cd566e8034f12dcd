/// The words of a model, numbered: the three marks first, then all others in the order of their
/// bytes of UTF-8.
///
/// The order makes the number of a word a matter of a binary search, so that a model is usable as
/// soon as its bytes are in memory.
struct Vocabulary: Sendable, Equatable {
  /// Words that stand for something else: any unknown word, a sentence's begin and end.
  static let marks = ["<unk>", "<s>", "</s>"]
  /// The number of the word that stands for all unknown ones.
  static let unknown = 0
  /// The number of the mark that begins a sentence.
  static let begin = 1
  /// The number of the mark that ends a sentence.
  static let end = 2

  /// The words' bytes, one after the other.
  let bytes: [UInt8]
  /// Where each word begins, and at the end the number of bytes.
  let offsets: [UInt32]

  /// The number of words, the marks included.
  var count: Int { offsets.count - 1 }

  /// Numbers words, which are neither marks nor twice in the list.
  init(sortedWords words: [[UInt8]]) {
    var (bytes, offsets): ([UInt8], [UInt32]) = ([], [0])
    offsets.reserveCapacity(words.count + 4)
    for word in Self.marks.map({ Array($0.utf8) }) + words {
      bytes += word
      offsets.append(UInt32(bytes.count))
    }
    (self.bytes, self.offsets) = (bytes, offsets)
  }

  /// Takes over stored words; nil unless they are in order and begin with the marks.
  init?(bytes: [UInt8], offsets: [UInt32]) {
    guard offsets.count > 3, offsets[0] == 0, Int(offsets[offsets.count - 1]) == bytes.count,
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    (self.bytes, self.offsets) = (bytes, offsets)
    for (index, mark) in Self.marks.enumerated() where self[index] != mark { return nil }
    for index in 3..<max(3, count - 1) {
      guard precedes(bytes[range(of: index)], range(of: index + 1)) else { return nil }
    }
  }

  /// The word of a number.
  subscript(index: Int) -> String { String(decoding: bytes[range(of: index)], as: UTF8.self) }

  /// The bytes of the word of a number.
  func range(of index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

  /// The number of a word; nil when it is none of these.
  func index(of word: some Collection<UInt8>) -> Int? {
    var (low, high) = (3, count)
    while low < high {
      let middle = (low + high) / 2
      let candidate = range(of: middle)
      if precedes(word, candidate) {
        high = middle
      } else if bytes[candidate].elementsEqual(word) {
        return middle
      } else {
        low = middle + 1
      }
    }
    return (0..<3).first { bytes[range(of: $0)].elementsEqual(word) }
  }

  private func precedes(_ word: some Collection<UInt8>, _ other: Range<Int>) -> Bool {
    word.lexicographicallyPrecedes(bytes[other])
  }
}

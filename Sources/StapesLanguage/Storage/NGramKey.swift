/// How n-grams are written as one number, so that the order of numbers is the order of n-grams.
///
/// The first word has the highest bits.
struct NGramKey {
  /// The bits of a word.
  let bits: Int

  /// Makes keys for n-grams of up to so many words; the four highest bits are never used.
  init(order: Int) { bits = min(32, 124 / order) }

  /// The highest number that a word may have.
  var highestWord: Int { (1 << bits) - 1 }

  /// The key of an n-gram that is one word longer than another.
  func appending(_ word: UInt32, to key: UInt128) -> UInt128 {
    key << UInt128(bits) | UInt128(word)
  }

  /// The key without its last word.
  func context(of key: UInt128) -> UInt128 { key >> UInt128(bits) }

  /// The last word.
  func lastWord(of key: UInt128) -> UInt32 { UInt32(truncatingIfNeeded: key) & UInt32(highestWord) }

  /// The words of a key that has so many.
  func words(of key: UInt128, count: Int) -> [UInt32] {
    (0..<count).reversed().map { lastWord(of: key >> UInt128(bits * $0)) }
  }
}

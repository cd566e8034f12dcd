/// The n-grams of one order in a trie: sorted by their words' numbers, the first word first, so that
/// those with the same context lie side by side.
struct NGramLevel: Sendable, Equatable {
  /// The last word of each n-gram; none for order 1, where the n-gram's number is the word's.
  let words: PackedIntegers
  /// The natural logarithm of each n-gram's probability.
  let probabilities: PackedValues
  /// The natural logarithm of each n-gram's weight as a context; none for the highest order.
  let backoffs: PackedValues
  /// Where the n-grams that continue each n-gram begin in the next level, and at the end how many
  /// the next level has; none for the highest order.
  let children: PackedIntegers

  /// How many n-grams there are.
  var count: Int { probabilities.count }

  /// The n-grams of the next level that continue one of this level.
  func children(of index: Int) -> Range<Int> {
    Int(children[index])..<Int(children[index + 1])
  }

  /// Whether a search that comes from this n-gram can find anything else than from shorter ones.
  func isContext(_ index: Int) -> Bool {
    !children(of: index).isEmpty || backoffs[index] != 0
  }

  /// The n-gram in a range whose last word is the one asked for.
  func index(of word: UInt32, in range: Range<Int>) -> Int? {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low &+ high) >> 1
      let candidate = words[middle]
      if candidate == word { return middle }
      if candidate < word { low = middle &+ 1 } else { high = middle }
    }
    return nil
  }
}

/// A level while it is made: as `NGramLevel`, not yet packed.
struct NGramTable {
  var words: [UInt32] = []
  var probabilities: [Float] = []
  var backoffs: [Float] = []
  var children: [UInt32] = []
  /// How often each n-gram occurs; none where nothing asks for it.
  var occurrences: [UInt32] = []

  /// The n-grams of the next table that continue one of this table.
  func childRange(of place: Int) -> Range<Int> {
    Int(children[place])..<Int(children[place + 1])
  }

  /// The place of the n-gram in a range that ends in a word.
  ///
  /// - Precondition: it is there, as the end of every n-gram is that stays in a model.
  func find(_ word: UInt32, in range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if words[middle] < word { low = middle + 1 } else { high = middle }
    }
    precondition(low < range.upperBound && words[low] == word, "word \(word) is not in \(range)")
    return low
  }

  /// Packs the table.
  ///
  /// - Parameters:
  ///   - wordCount: how many words there are.
  ///   - bits: the bits of a value.
  ///   - isFirst: whether these are the single words.
  func packed(wordCount: Int, bits: Int, isFirst: Bool) -> NGramLevel {
    NGramLevel(
      words: isFirst
        ? PackedIntegers(width: 0, [])
        : PackedIntegers(width: PackedIntegers.width(holding: wordCount), words),
      probabilities: PackedValues(probabilities, bits: bits),
      backoffs: PackedValues(backoffs, bits: bits),
      children: PackedIntegers(
        width: PackedIntegers.width(holding: Int(children.last ?? 0)), children))
  }
}

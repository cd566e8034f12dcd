/// The n-grams of a text with the counts that Kneser and Ney's estimate needs.
///
/// The longest n-grams, and all that begin with `<s>`, have the count of their occurrences; every
/// other has the number of different words that occur in front of it.
struct NGramCounts: ~Copyable {
  /// How words make keys; in a key a word is its number plus 1, so that 0 is no word.
  let pool: NGramKey
  /// The n-grams by order and key; their counts are packed by `add`.
  private var counts: SortedCounts
  /// For each order from 1, how many n-grams have the count 1, 2, 3 and 4.
  private(set) var countsOfCounts: [[Int]]
  /// For each order from 1, how many n-grams occur, those that are pruned included.
  private(set) var foundCounts: [Int]

  /// An n-gram of a text.
  struct NGram {
    /// Its words.
    let key: UInt128
    /// The count that its estimate needs.
    let count: UInt64
    /// How often it occurs, at most 2^31 - 1.
    let occurrences: UInt32
    /// Whether it is too rare to be in the model.
    let isPruned: Bool
  }

  /// Where in a key the order stands, above all words.
  private static let orderShift: UInt128 = 124

  /// Counts the n-grams of a text.
  ///
  /// - Parameters:
  ///   - tokens: the text.
  ///   - numbers: for each token the number of its word.
  /// - Throws: `LanguageError.file`.
  init(
    tokens: consuming TokenStore, numbers: [UInt32], options: NGramOptions
  ) throws(LanguageError) {
    let order = options.order
    pool = NGramKey(order: order)
    counts = SortedCounts(memory: options.memory / 3)
    countsOfCounts = .init(repeating: [0, 0, 0, 0], count: order)
    foundCounts = .init(repeating: 0, count: order)
    let windows = try Self.windows(
      of: tokens, numbers: numbers, pool: pool, order: order, memory: options.memory / 3)
    try adjust(windows, options)
  }

  /// Counts the words with the up to `order` - 1 words before them in their sentence; the last word
  /// has the highest bits, so that those that end alike lie side by side.
  private static func windows(
    of tokens: consuming TokenStore, numbers: [UInt32], pool: NGramKey, order: Int, memory: Int
  ) throws(LanguageError) -> SortedCounts {
    var windows = SortedCounts(memory: memory)
    let (bits, top) = (UInt128(pool.bits), UInt128(pool.bits * (order - 1)))
    let begin = UInt128(Vocabulary.begin + 1) << top
    var (window, isEmpty) = (begin, true)
    try tokens.forEach { token throws(LanguageError) in
      if let token {
        window = window >> bits | UInt128(numbers[token] + 1) << top
        isEmpty = false
      } else if !isEmpty {
        window = window >> bits | UInt128(Vocabulary.end + 1) << top
      } else {
        return
      }
      try windows.add(window, count: 1)
      if token == nil { (window, isEmpty) = (begin, true) }
    }
    return windows
  }

  /// Makes the counts of all orders of those of the windows.
  private mutating func adjust(
    _ windows: consuming SortedCounts, _ options: NGramOptions
  ) throws(LanguageError) {
    let order = options.order
    // Of the current window, for each length its last words: how often they occur, and after how
    // many different words. Words count from the last one.
    var (words, next) = ([UInt32](repeating: 0, count: order), [UInt32](repeating: 0, count: order))
    var (occurrences, extensions) = (
      [UInt64](repeating: 0, count: order), [UInt64](repeating: 0, count: order)
    )
    func close(from length: Int, of counts: inout NGramCounts) throws(LanguageError) {
      for length in length..<max(length, order + 1) where words[length - 1] != 0 {
        let isWhole = length == order || words[length - 1] == Vocabulary.begin + 1
        try counts.add(
          words[0..<length], count: isWhole ? occurrences[length - 1] : extensions[length - 1],
          occurrences: occurrences[length - 1], threshold: options.threshold(order: length))
      }
    }
    try windows.forEach { (key, count) throws(LanguageError) in
      for place in 0..<order {
        next[place] = pool.lastWord(of: key >> UInt128(pool.bits * (order - 1 - place)))
      }
      let common = zip(words, next).prefix { $0 == $1 }.count
      try close(from: common + 1, of: &self)
      for length in common..<order {
        (occurrences[length], extensions[length]) = (0, 0)
        words[length] = next[length]
      }
      // Whatever is new stands in front of one word fewer.
      for length in max(common, 1)..<max(order, 1) { extensions[length - 1] += 1 }
      for length in 0..<order { occurrences[length] += count }
    }
    try close(from: 1, of: &self)
  }

  /// Visits all n-grams, by order, then by key.
  ///
  /// - Throws: `LanguageError.file`.
  consuming func forEach(
    _ body: (_ order: Int, _ ngram: NGram) throws(LanguageError) -> Void
  ) throws(LanguageError) {
    try counts.forEach { (key, count) throws(LanguageError) in
      let order = key >> Self.orderShift
      let ngram = NGram(
        key: key - order << Self.orderShift, count: count & UInt64(UInt32.max),
        occurrences: UInt32(count >> 32 & UInt64(Int32.max)), isPruned: count >> 63 != 0)
      try body(Int(order), ngram)
    }
  }

  /// Adds an n-gram, whose words come last one first.
  private mutating func add(
    _ words: ArraySlice<UInt32>, count: UInt64, occurrences: UInt64, threshold: Int
  ) throws(LanguageError) {
    let key = words.reversed().reduce(UInt128(0)) { pool.appending($1, to: $0) }
    // In one number: the count below, above it the occurrences, and in the highest bit whether the
    // n-gram is pruned.
    let mark: UInt64 = occurrences <= UInt64(threshold) ? 1 << 63 : 0
    let packed =
      mark | min(occurrences, UInt64(Int32.max)) << 32 | min(count, UInt64(UInt32.max))
    try counts.add(UInt128(words.count) << Self.orderShift | key, count: packed)
    foundCounts[words.count - 1] += 1
    if (1...4).contains(count) { countsOfCounts[words.count - 1][Int(count) - 1] += 1 }
  }
}

internal import Glibc

/// Interpolated modified Kneser-Ney smoothing (Chen and Goodman 1998; as Heafield and others 2013
/// have it).
///
/// For an n-gram of context h and word w with the count c,
///
///     p(w | h) = (c - D(c)) / C + g(h) · p(w | h′)
///
/// where C is the sum of the counts of all n-grams with that context, h′ is the context without its
/// first word, and g(h), which is the back-off weight too, is the share that was taken off and that
/// of what is pruned. Below single words lies the same probability for all words, the unknown one
/// and `</s>` included, `<s>` not.
struct KneserNey {
  private let discounts: [Discounts]
  private let pool: NGramKey
  private let wordCount: Int
  private let highestOrder: Int
  private let keepsOccurrences: Bool
  private(set) var tables: [NGramTable] = []

  /// The keys of the table before the one that is being filled.
  private var contextKeys: [UInt128] = []
  private var keys: [UInt128] = []
  private var links: ChildLinks
  /// The n-grams with the current context.
  private var context: UInt128 = 0
  private var members: [NGramCounts.NGram] = []

  /// The logarithm that stands for a probability of zero, -99 to base 10 as in other toolkits.
  private static let logarithmOfZero = Float(-99 * M_LN10)

  /// Starts with nothing.
  ///
  /// - Parameters:
  ///   - discounts: what is taken off the counts of each order.
  ///   - pool: how words make keys.
  ///   - wordCount: how many words there are.
  ///   - keepsOccurrences: whether the tables get the occurrences of their n-grams.
  init(discounts: [Discounts], pool: NGramKey, wordCount: Int, keepsOccurrences: Bool) {
    self.keepsOccurrences = keepsOccurrences
    self.discounts = discounts
    self.pool = pool
    self.wordCount = wordCount
    highestOrder = discounts.count
    links = ChildLinks(contexts: [], pool: pool)
  }

  /// Estimates a model's n-grams of all orders.
  ///
  /// - Throws: `LanguageError.file` and `.tooManyNGrams`.
  mutating func estimate(_ counts: consuming NGramCounts) throws(LanguageError) {
    try counts.forEach { (order, ngram) throws(LanguageError) in
      while order > tables.count { try startTable() }
      let context = pool.context(of: ngram.key)
      if context != self.context {
        finishContext()
        self.context = context
      }
      members.append(ngram)
    }
    while tables.count < highestOrder { try startTable() }
    endTable()
    while tables.count > 1, tables.last?.words.isEmpty == true { tables.removeLast() }
    tables[tables.count - 1].backoffs = []
    tables[tables.count - 1].children = []
  }

  /// Ends the table that is being filled.
  private mutating func endTable() {
    finishContext()
    context = 0
    if tables.count > 1 { tables[tables.count - 2].children = links.finish() }
  }

  /// Ends the table that is being filled and starts the next.
  private mutating func startTable() throws(LanguageError) {
    endTable()
    guard keys.count < UInt32.max else { throw .tooManyNGrams(order: tables.count) }
    contextKeys = keys
    keys = []
    links = ChildLinks(contexts: contextKeys, pool: pool)
    if let last = tables.indices.last {
      // A context that nothing follows leaves all to the shorter one.
      tables[last].backoffs = .init(repeating: 0, count: contextKeys.count)
      tables[last].children = .init(repeating: 0, count: contextKeys.count + 1)
    }
    tables.append(NGramTable())
  }

  private mutating func finishContext() {
    guard !members.isEmpty else { return }
    defer { members.removeAll(keepingCapacity: true) }
    let (sum, weight) = shares()
    if tables.count == 1 { return finishWords(sum: sum, weight: weight) }
    guard let place = links.advance(to: context) else { return }
    tables[tables.count - 2].backoffs[place] = Float(log(weight))
    let suffix = node(of: pool.words(of: context, count: tables.count - 1).dropFirst())
    for ngram in members where !ngram.isPruned {
      let word = pool.lastWord(of: ngram.key) - 1
      let lower = probability(of: word, after: suffix)
      let own = (Double(ngram.count) - discounts[tables.count - 1].amount(of: ngram.count)) / sum
      _ = links.add(ngram.key)
      keys.append(ngram.key)
      tables[tables.count - 1].words.append(word)
      tables[tables.count - 1].probabilities.append(Float(log(own + weight * lower)))
      if keepsOccurrences, tables.count < highestOrder {
        tables[tables.count - 1].occurrences.append(ngram.occurrences)
      }
    }
  }

  /// The sum of the current counts, and the share of it that goes to the shorter context.
  private func shares() -> (sum: Double, weight: Double) {
    let discounts = discounts[tables.count - 1]
    var (sum, free) = (0.0, 0.0)
    for ngram in members {
      sum += Double(ngram.count)
      free += ngram.isPruned ? Double(ngram.count) : discounts.amount(of: ngram.count)
    }
    return (sum, free / sum)
  }

  /// Fills the table of single words, which all are in the model whether they occur or not.
  private mutating func finishWords(sum: Double, weight: Double) {
    let uniform = weight / Double(wordCount - 1)
    var words = NGramTable()
    words.words = (0..<UInt32(wordCount)).map { $0 }
    words.probabilities = .init(repeating: Float(log(uniform)), count: wordCount)
    words.probabilities[Vocabulary.begin] = Self.logarithmOfZero
    if keepsOccurrences { words.occurrences = .init(repeating: 0, count: wordCount) }
    for ngram in members {
      let own = (Double(ngram.count) - discounts[0].amount(of: ngram.count)) / sum
      words.probabilities[Int(ngram.key) - 1] = Float(log(own + uniform))
      if keepsOccurrences { words.occurrences[Int(ngram.key) - 1] = ngram.occurrences }
    }
    // As many sentences begin as end.
    if keepsOccurrences {
      words.occurrences[Vocabulary.begin] = words.occurrences[Vocabulary.end]
    }
    tables[0] = words
    keys = (0..<wordCount).map { UInt128($0 + 1) }
  }

  /// The place of an n-gram in the table of its order; nil for no words.
  private func node(of words: ArraySlice<UInt32>) -> Int? {
    guard let first = words.first else { return nil }
    var place = Int(first) - 1
    for (order, word) in zip(1..., words.dropFirst()) {
      place = tables[order].find(word - 1, in: tables[order - 1].childRange(of: place))
    }
    return place
  }

  /// The probability of a word in a context that is one word shorter than the current one; nil for
  /// the empty context.
  private func probability(of word: UInt32, after suffix: Int?) -> Double {
    guard let suffix else { return exp(Double(tables[0].probabilities[Int(word)])) }
    let table = tables[tables.count - 2]
    let range = tables[tables.count - 3].childRange(of: suffix)
    return exp(Double(table.probabilities[table.find(word, in: range)]))
  }
}

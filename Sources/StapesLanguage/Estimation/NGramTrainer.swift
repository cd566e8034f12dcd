/// Estimates an n-gram model from text, sentence by sentence.
///
/// The text is numbered as it comes and kept on the disk; `estimate()` then counts its n-grams and
/// smooths them by modified Kneser-Ney. The same sentences in any order give the same model.
public struct NGramTrainer: ~Copyable {
  /// The settings.
  public let options: NGramOptions
  /// How many sentences were added.
  public private(set) var sentenceCount = 0
  /// How many words were added, the ends of sentences not counted.
  public private(set) var tokenCount = 0

  private var table = WordTable()
  private var frequencies: [Int] = []
  private var tokens: TokenStore

  /// Starts with no text.
  ///
  /// - Throws: `LanguageError.unusableOption` and `.file`.
  public init(options: NGramOptions) throws(LanguageError) {
    try options.validate()
    let tokens = try TokenStore()
    self.options = options
    self.tokens = tokens
    for mark in Vocabulary.marks { _ = table.insert(Array(mark.utf8)[...]) }
    if options.unit == .character { _ = table.insert(Array(LanguageUnit.space.utf8)[...]) }
    frequencies = .init(repeating: 0, count: table.count)
  }

  /// Adds a sentence; one without words changes nothing.
  ///
  /// `<unk>` in it counts as an unknown word.
  ///
  /// - Throws: `LanguageError.unusableWord` and `.file`.
  public mutating func add(_ sentence: [String]) throws(LanguageError) {
    guard !sentence.isEmpty else { return }
    sentenceCount += 1
    for word in sentence {
      guard !table.isFull else { throw .tooManyWords(limit: table.count, order: options.order) }
      let bytes = Array(word.utf8)
      let token = table.insert(bytes[...])
      if token == frequencies.count {
        guard Self.isUsable(word) else {
          throw .unusableWord(word: word, sentence: sentenceCount)
        }
        frequencies.append(0)
      } else if token == Vocabulary.begin || token == Vocabulary.end {
        throw .unusableWord(word: word, sentence: sentenceCount)
      }
      frequencies[token] += 1
      try tokens.append(token)
    }
    tokenCount += sentence.count
    try tokens.endSentence()
  }

  /// Adds the units of a line of text.
  ///
  /// - Throws: `LanguageError.unusableWord` and `.file`.
  public mutating func add(line: String) throws(LanguageError) { try add(options.unit.split(line)) }

  /// Counts and smooths.
  ///
  /// - Returns: the model, whose order is lower than asked for where no sentence is long enough, and
  ///   what was found on the way.
  /// - Throws: `LanguageError.noText`, `.tooManyWords`, `.tooManyNGrams` and `.file`.
  public consuming func estimate() throws(LanguageError) -> (NGramModel, NGramReport) {
    guard tokenCount > 0 else { throw .noText }
    let kept = keptWords()
    let (vocabulary, numbers) = table.vocabulary { kept?[$0] ?? true }
    let highest = NGramKey(order: options.order).highestWord
    guard vocabulary.count < highest else {
      throw .tooManyWords(limit: highest - Vocabulary.marks.count - 1, order: options.order)
    }
    let counts = try NGramCounts(tokens: tokens, numbers: numbers, options: options)
    let discounts = counts.countsOfCounts.map { Discounts(countsOfCounts: $0) }
    let foundCounts = counts.foundCounts
    var smoothing = KneserNey(
      discounts: discounts, pool: counts.pool, wordCount: vocabulary.count,
      keepsOccurrences: options.entropyThreshold > 0)
    try smoothing.estimate(counts)
    let tables =
      options.entropyThreshold > 0
      ? EntropyPruning(smoothing.tables, threshold: options.entropyThreshold).pruned()
      : smoothing.tables
    let model = NGramModel(
      vocabulary: vocabulary, tables: tables, bits: PackedValues.exactBits)
    let report = NGramReport(
      sentenceCount: sentenceCount, tokenCount: tokenCount,
      differentTokenCount: frequencies.count { $0 > 0 }, foundCounts: foundCounts,
      keptCounts: model.counts, discounts: discounts)
    return (model, report)
  }

  /// Which words of the table go into the vocabulary; nil for all.
  private borrowing func keptWords() -> [Bool]? {
    guard let limit = options.vocabularyLimit else { return nil }
    var order = Array(Vocabulary.marks.count..<table.count)
    order.sort { first, second in
      frequencies[first] != frequencies[second]
        ? frequencies[first] > frequencies[second]
        : table[first].lexicographicallyPrecedes(table[second])
    }
    var kept = [Bool](repeating: false, count: table.count)
    for index in order.prefix(limit) { kept[index] = true }
    if options.unit == .character { kept[Vocabulary.marks.count] = true }
    return kept
  }

  private static func isUsable(_ word: String) -> Bool {
    !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.value > 0x20 && !(0x7F...0x9F).contains(scalar.value)
      }
  }
}

/// What was found in the text that a model was estimated from.
public struct NGramReport: Codable, Sendable, Equatable {
  /// How many sentences there were.
  public let sentenceCount: Int
  /// How many words there were, the ends of sentences not counted.
  public let tokenCount: Int
  /// How many different words there were.
  public let differentTokenCount: Int
  /// For each order from 1, how many n-grams occurred.
  public let foundCounts: [Int]
  /// For each order from 1, how many n-grams are in the model, those of the marks included.
  public let keptCounts: [Int]
  /// For each order from 1, what was taken off the counts.
  public let discounts: [Discounts]
}

internal import Glibc
internal import StapesFiles

/// Reads the text format of ARPA, as Doug Paul defined it and SRILM and KenLM write it.
struct ARPAReader: ~Copyable {
  private let path: String
  private var lines: LineReader
  private var table = WordTable()
  private var numbers: [UInt32] = []
  private var tables: [NGramTable] = []
  /// The keys of the n-grams in the table that was filled last.
  private var keys: [UInt128] = []
  private var pool: NGramKey

  /// Opens a file, also one that gzip has packed, or standard input for "-".
  init(path: String) throws(LanguageError) {
    self.path = path
    lines = try LineReader.text(at: path, role: NGramModel.role)
    pool = NGramKey(order: 1)
  }

  /// Reads the whole model.
  ///
  /// - Throws: `LanguageError.file`, `.otherKind`, `.malformedARPA` and `.tooManyWords`.
  consuming func model() throws(LanguageError) -> NGramModel {
    let counts = try readCounts()
    pool = NGramKey(order: counts.count)
    let vocabulary = try readWords(count: counts[0], isHighest: counts.count == 1)
    for order in 2..<max(2, counts.count + 1) {
      try readNGrams(order: order, count: counts[order - 1], isHighest: order == counts.count)
    }
    guard try nextLine() == Array("\\end\\".utf8)[...] else { throw fault("\\end\\ is missing") }
    return NGramModel(vocabulary: vocabulary, tables: tables, bits: PackedValues.exactBits)
  }

  private func fault(_ detail: String, line: Int? = nil) -> LanguageError {
    .malformedARPA(path: path, line: max(1, line ?? lines.lineNumber), detail: detail)
  }

  /// The next line that is not blank.
  private mutating func nextLine() throws(LanguageError) -> ArraySlice<UInt8> {
    while let line = try lines.nextLine() {
      if lines.isCut { throw fault("the line has more than \(LineReader.longestLine) bytes") }
      let trimmed = line.trimmingSpaces
      if !trimmed.isEmpty { return trimmed }
    }
    throw fault("the file ends too early")
  }

  /// The head: how many n-grams of each order follow.
  private mutating func readCounts() throws(LanguageError) -> [Int] {
    var counts: [Int] = []
    while try nextLine() != Array("\\data\\".utf8)[...] {
      if lines.lineNumber > 1000 { throw fault("no \\data\\ in the first thousand lines") }
    }
    while true {
      let line = String(decoding: try nextLine(), as: UTF8.self)
      if line == "\\1-grams:" { break }
      let parts = line.split { $0 == " " || $0 == "\t" || $0 == "=" }
      guard parts.count == 3, parts[0] == "ngram", Int(parts[1]) == counts.count + 1,
        let count = Int(parts[2]), count >= 0
      else { throw fault("\"ngram \(counts.count + 1)=COUNT\" or \"\\1-grams:\" is missing") }
      counts.append(count)
    }
    guard NGramModel.allowedOrders.contains(counts.count) else {
      throw fault("the model is of order \(counts.count), not 1 to 6")
    }
    return counts
  }

  private mutating func readWords(
    count: Int, isHighest: Bool
  ) throws(LanguageError) -> Vocabulary {
    var entries: [(probability: Float, backoff: Float)] = []
    for _ in 0..<count {
      let fields = try nextLine().fields
      guard (2...3).contains(fields.count) else {
        throw fault("\(fields.count) fields, not a number, a word and perhaps a number")
      }
      // KenLM, too, takes the capital form for the mark.
      let isUnknown = fields[1].elementsEqual("<UNK>".utf8)
      let word = isUnknown ? Array("<unk>".utf8)[...] : fields[1]
      guard !table.isFull else { throw .tooManyWords(limit: table.count, order: isHighest ? 1 : 2) }
      guard table.insert(word) == entries.count else { throw fault("the word stands twice") }
      entries.append(try values(fields, wordCount: 1, isHighest: isHighest))
    }
    for mark in ["<s>", "</s>"] where table.index(of: Array(mark.utf8)[...]) == nil {
      throw fault("\(mark) is not among the words")
    }
    let vocabulary: Vocabulary
    (vocabulary, numbers) = table.vocabulary { _ in true }
    guard vocabulary.count <= pool.highestWord else {
      throw .tooManyWords(limit: pool.highestWord, order: tables.count)
    }
    var words = NGramTable()
    // As KenLM has it where a model says nothing of unknown words.
    words.probabilities = .init(repeating: -100 * Float(M_LN10), count: vocabulary.count)
    words.backoffs = .init(repeating: 0, count: vocabulary.count)
    for (number, entry) in zip(numbers, entries) {
      words.probabilities[Int(number)] = entry.probability
      words.backoffs[Int(number)] = entry.backoff
    }
    if isHighest { words.backoffs = [] }
    tables = [words]
    keys = (0..<vocabulary.count).map { UInt128($0) }
    return vocabulary
  }

  private mutating func readNGrams(
    order: Int, count: Int, isHighest: Bool
  ) throws(LanguageError) {
    guard try nextLine() == Array("\\\(order)-grams:".utf8)[...] else {
      throw fault("\\\(order)-grams: is missing after the \(order - 1)-grams that were announced")
    }
    var (found, values): ([UInt128], [(probability: Float, backoff: Float)]) = ([], [])
    // The head may say anything; beyond this the arrays grow with what is there.
    found.reserveCapacity(min(count, 1 << 20))
    values.reserveCapacity(min(count, 1 << 20))
    let firstLine = lines.lineNumber + 1
    for _ in 0..<count {
      let fields = try nextLine().fields
      guard (order + 1...order + 2).contains(fields.count) else {
        throw fault("\(fields.count) fields, not a number, \(order) words and perhaps a number")
      }
      var key: UInt128 = 0
      for field in fields[1...order] {
        guard let word = table.index(of: field) else {
          let word = String(decoding: field, as: UTF8.self)
          throw fault("the word \"\(word.shortened)\" is not among the 1-grams")
        }
        key = pool.appending(numbers[word], to: key)
      }
      found.append(key)
      values.append(try self.values(fields, wordCount: order, isHighest: isHighest))
    }
    try link(found, values, isHighest: isHighest, firstLine: firstLine)
  }

  /// Adds a table of n-grams, which come in any order, behind the shorter ones.
  private mutating func link(
    _ found: [UInt128], _ values: [(probability: Float, backoff: Float)], isHighest: Bool,
    firstLine: Int
  ) throws(LanguageError) {
    var order = Array(found.indices)
    if !zip(found, found.dropFirst()).allSatisfy({ $0 < $1 }) {
      order.sort { found[$0] < found[$1] }
    }
    var (table, links) = (NGramTable(), ChildLinks(contexts: keys, pool: pool))
    var previous: UInt128?
    for index in order {
      let key = found[index]
      guard previous != key else { throw fault("the n-gram stands twice", line: firstLine + index) }
      guard links.add(key) != nil else {
        throw fault("the n-gram without its last word is missing", line: firstLine + index)
      }
      previous = key
      table.words.append(pool.lastWord(of: key))
      table.probabilities.append(values[index].probability)
      if !isHighest { table.backoffs.append(values[index].backoff) }
    }
    keys = order.map { found[$0] }
    tables[tables.count - 1].children = links.finish()
    tables.append(table)
  }

  /// The numbers in a line, as natural logarithms.
  private func values(
    _ fields: [ArraySlice<UInt8>], wordCount: Int, isHighest: Bool
  ) throws(LanguageError) -> (probability: Float, backoff: Float) {
    var backoff = 0.0
    if fields.count > wordCount + 1 {
      guard let value = fields[wordCount + 1].logarithm else {
        throw fault("the last field is no number")
      }
      backoff = value
    }
    // Some estimators round a probability of 1 to a little more.
    guard let probability = fields[0].logarithm, probability <= 1e-3 else {
      throw fault("the first field is no logarithm of a probability")
    }
    return (Float(min(probability, 0) * M_LN10), Float(backoff * M_LN10))
  }
}

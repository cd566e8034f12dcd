/// How an n-gram model is estimated.
public struct NGramOptions: Codable, Sendable, Equatable {
  /// The number of words of the longest n-grams, 1 to 6.
  public var order: Int
  /// What the words are.
  public var unit: LanguageUnit
  /// For each order from 1, how often an n-gram may occur and still be left out.
  ///
  /// The last number holds for higher orders too; the first is 0, and none is below the one before
  /// it. The probability of what is left out goes to the shorter context.
  public var pruning: [Int]
  /// Which n-grams of two words and more are pruned as well: those without which the model's
  /// perplexity rises by less than this share (`EntropyPruning`), in 0..<1; 0 for none.
  public var entropyThreshold: Double
  /// How many words the model has at most; nil for all.
  ///
  /// The most frequent ones are kept, and the others count as unknown.
  public var vocabularyLimit: Int?
  /// About how many bytes counting may take; what does not fit is sorted on the disk.
  ///
  /// The words and the n-grams that stay in the model come on top.
  public var memory: Int

  /// Makes options; by default words, order 3, nothing left out, and 1.5 GB.
  public init(
    order: Int = 3, unit: LanguageUnit = .word, pruning: [Int] = [0], entropyThreshold: Double = 0,
    vocabularyLimit: Int? = nil, memory: Int = 1_500_000_000
  ) {
    self.order = order
    self.unit = unit
    self.pruning = pruning
    self.entropyThreshold = entropyThreshold
    self.vocabularyLimit = vocabularyLimit
    self.memory = memory
  }

  /// How often an n-gram of an order may occur and still be left out.
  func threshold(order: Int) -> Int { pruning[min(order, pruning.count) - 1] }

  /// Checks the ranges.
  ///
  /// - Throws: `LanguageError.unusableOption`.
  public func validate() throws(LanguageError) {
    guard NGramModel.allowedOrders.contains(order) else {
      throw .unusableOption(name: "order", found: "\(order)", allowed: "1 to 6")
    }
    let isAscending = zip(pruning, pruning.dropFirst()).allSatisfy { $0 <= $1 }
    guard pruning.first == 0, isAscending, pruning.count <= order else {
      throw .unusableOption(
        name: "pruning", found: pruning.map(String.init).joined(separator: ","),
        allowed: "up to \(order) numbers, of which the first is 0 and none is below the one before")
    }
    guard (0..<1).contains(entropyThreshold) else {
      throw .unusableOption(
        name: "entropy threshold", found: "\(entropyThreshold)", allowed: "0 or more, below 1")
    }
    if let vocabularyLimit, vocabularyLimit < 1 {
      throw .unusableOption(
        name: "limit of the vocabulary", found: "\(vocabularyLimit)", allowed: "1 or more")
    }
    guard memory >= 1 << 20 else {
      throw .unusableOption(
        name: "memory", found: "\(memory) bytes", allowed: "a megabyte or more")
    }
  }
}

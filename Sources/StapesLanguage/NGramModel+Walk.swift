extension NGramModel {
  /// Visits all n-grams of an order, in the order of their words' numbers.
  ///
  /// - Parameters:
  ///   - order: the number of words.
  ///   - body: takes the words' numbers and the n-gram's number in its level.
  func forEachNGram<Failure: Error>(
    order: Int, _ body: (_ words: [Int], _ index: Int) throws(Failure) -> Void
  ) throws(Failure) {
    // For each shorter order the n-gram that the current one continues; they only move forward.
    var nodes = [Int](repeating: 0, count: order)
    var words = nodes
    for index in 0..<levels[order - 1].count {
      nodes[order - 1] = index
      for level in stride(from: order - 2, through: 0, by: -1) {
        while levels[level].children(of: nodes[level]).upperBound <= nodes[level + 1] {
          nodes[level] += 1
        }
      }
      words[0] = nodes[0]
      for level in 1..<max(order, 1) { words[level] = Int(levels[level].words[nodes[level]]) }
      try body(words, index)
    }
  }
}

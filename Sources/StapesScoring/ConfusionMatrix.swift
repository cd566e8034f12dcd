/// How often each class was heard where each was said.
public struct ConfusionMatrix: Codable, Sendable, Equatable {
  /// A class that was said, and the one that was heard, so many times.
  public struct Pair: Sendable, Equatable {
    /// The class that was said.
    public let said: String
    /// The class that was heard.
    public let heard: String
    /// How often.
    public let count: Int

    /// Makes a pair.
    public init(said: String, heard: String, count: Int = 1) {
      (self.said, self.heard, self.count) = (said, heard, count)
    }
  }

  /// The classes: those that were given in their order, and behind them others that were said or
  /// heard, in order.
  public let classes: [String]
  /// How often the class of the column was heard where that of the row was said.
  public let counts: [[Int]]

  /// Counts pairs.
  ///
  /// - Parameters:
  ///   - pairs: what was said and what was heard.
  ///   - classes: the classes that can be heard, each once.
  public init(of pairs: [Pair], classes: [String]) {
    let others = Set(pairs.flatMap { [$0.said, $0.heard] }).subtracting(classes).sorted()
    let classes = classes + others
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for pair in pairs {
      guard let row = positions[pair.said], let column = positions[pair.heard] else { continue }
      counts[row][column] += pair.count
    }
    (self.classes, self.counts) = (classes, counts)
  }

  /// How often a class was said.
  public func saidCount(_ row: Int) -> Int { counts[row].reduce(0, +) }

  /// What else was heard where a class was said: the most frequent first, then in the order of the
  /// classes.
  public func confusions(ofRow row: Int) -> [(heard: String, count: Int)] {
    counts[row].enumerated().filter { $0.offset != row && $0.element > 0 }
      .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
      .map { (classes[$0.offset], $0.element) }
  }
}

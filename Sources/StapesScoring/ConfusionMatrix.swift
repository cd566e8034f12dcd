/// How often each class was recognised for each true class.
public struct ConfusionMatrix: Codable, Sendable, Equatable {
  /// A true class, the class recognised in its place, and how often.
  public struct Pair: Sendable, Equatable {
    /// The class that was said.
    public let said: String
    /// The recognised class.
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
  /// How often the class of the column was recognised where that of the row was true.
  public let counts: [[Int]]

  /// Counts pairs.
  ///
  /// - Parameters:
  ///   - pairs: the true and the recognised classes.
  ///   - classes: the classes, each once.
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

  /// What else was recognised for a true class: the most frequent first, then in the order of the
  /// classes.
  public func confusions(ofRow row: Int) -> [(heard: String, count: Int)] {
    counts[row].enumerated().filter { $0.offset != row && $0.element > 0 }
      .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
      .map { (classes[$0.offset], $0.element) }
  }
}

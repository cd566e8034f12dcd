/// The words that a search may write, as a tree of their labels.
///
/// A label sequence is in the language of the lexicon when it is words with one separator between
/// each two, perhaps with one more at the end.
public struct Lexicon: Sendable {
  /// The node at which words begin.
  static let wordStart = PrefixTree.root

  private var tree = PrefixTree()
  /// For each node of the tree whether a word ends there.
  private var endsWord = [false]
  private let separator: Int32?

  /// Makes a lexicon.
  ///
  /// - Parameters:
  ///   - words: the labels of each word, without the separator; empty ones are left out.
  ///   - separator: the label between two words, a space as a rule; nil for a single word.
  public init(words: [[Int]], separator: Int?) {
    self.separator = separator.map(Int32.init)
    for word in words where !word.isEmpty {
      var node = Self.wordStart
      for label in word {
        precondition(label > 0 && label != separator, "label \(label) in a word")
        node = tree.child(of: node, label: Int32(label))
        if endsWord.count < tree.nodeCount { endsWord.append(false) }
      }
      endsWord[Int(node)] = true
    }
  }

  /// The node to which a label leads, nil when no word goes on so.
  func node(after node: Int32, label: Int32) -> Int32? {
    if label == separator { return endsWord[Int(node)] ? Self.wordStart : nil }
    return tree.existingChild(of: node, label: label)
  }

  /// Whether a label sequence may end at a node: at the end of a word or before one.
  func isWhole(at node: Int32) -> Bool {
    node == Self.wordStart || endsWord[Int(node)]
  }

  /// The labels up to the last separator, all of which are whole words.
  func droppingUnfinishedWord(_ labels: [Int]) -> [Int] {
    labels.lastIndex { Int32($0) == separator }.map { Array(labels[..<$0]) } ?? []
  }
}

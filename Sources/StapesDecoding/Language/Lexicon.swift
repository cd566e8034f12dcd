/// The words that a search may write, as a tree of their labels.
///
/// A label sequence is in the language of the lexicon when it is words with one separator between
/// each two, perhaps with one more at the end.
///
/// Nodes are numbered level by level, so that the children of each are side by side, in the order of
/// their labels; the tree is five arrays, whatever the number of words.
public struct Lexicon: Sendable {
  /// The node at which words begin.
  static let wordStart: Int32 = 0
  /// Where a search stands in a word that is none of these.
  static let outside: Int32 = -1

  /// The label between two words; nil where a text is a single word.
  let separator: Int32?
  /// The label that leads to each node.
  private var labels: [Int32] = [0]
  /// The first child of each node, and at the end the number of nodes.
  private var firstChildren: [Int32] = []
  /// Which of the labels below 64 lead on from each node, a bit for each: most do not, and that is
  /// asked for most of all.
  private var childLabels: [UInt64] = []
  /// The number of the word that ends at each node, -1 where none does.
  private var words: [Int32] = []

  /// Makes a lexicon.
  ///
  /// - Parameters:
  ///   - words: the labels of each word, without the separator; empty ones are left out.
  ///   - separator: the label between two words, a space as a rule; nil for a single word.
  public init(words: [[Int]], separator: Int?) {
    self.init(wordNumbers: words.indices, separator: separator) { $1 += words[$0] }
  }

  /// Makes a lexicon of numbered words, each spelled when its turn comes.
  ///
  /// It is fastest where the words come in the order of their labels.
  ///
  /// - Parameters:
  ///   - wordNumbers: the words; of those that are spelled alike the first is taken.
  ///   - separator: the label between two words, a space as a rule; nil for a single word.
  ///   - spell: appends the labels of a word, without the separator; a word of none is left out.
  public init(
    wordNumbers: Range<Int>, separator: Int?, spell: (_ word: Int, _ labels: inout [Int]) -> Void
  ) {
    self.separator = separator.map(Int32.init)
    let spellings = Spellings(of: wordNumbers, by: spell)
    for label in spellings.labels {
      precondition(label > 0 && label != self.separator, "label \(label) in a word")
    }
    // The words of each node, a range of the sorted ones; nodes are made as their turn comes.
    var ranges = [0..<spellings.count]
    var (node, depth, levelEnd) = (0, 0, 1)
    while node < ranges.count {
      if node == levelEnd { (depth, levelEnd) = (depth + 1, ranges.count) }
      var range = ranges[node]
      words.append(-1)
      while let word = range.first, spellings.length(word) == depth {
        if words[node] < 0 { words[node] = spellings.number(word) }
        range.removeFirst()
      }
      firstChildren.append(Int32(ranges.count))
      while let word = range.first {
        let label = spellings.label(word, depth)
        let end = range.first { spellings.label($0, depth) != label } ?? range.upperBound
        labels.append(label)
        ranges.append(word..<end)
        range = end..<range.upperBound
      }
      node += 1
    }
    firstChildren.append(Int32(ranges.count))
    childLabels = words.indices.map { node in
      children(of: node).reduce(0) { $0 | (labels[$1] < 64 ? 1 << UInt64(labels[$1]) : 0) }
    }
  }

  /// Whether there is any word at all.
  public var hasWords: Bool { nodeCount > 1 }

  /// How many nodes there are.
  var nodeCount: Int { words.count }

  /// The label that leads to a node; 0 for the one at which words begin.
  func label(of node: Int) -> Int32 { labels[node] }

  /// The number of the word that ends at a node; nil where none does.
  func word(at node: Int32) -> Int? {
    node >= 0 && words[Int(node)] >= 0 ? Int(words[Int(node)]) : nil
  }

  /// The nodes to which a node leads.
  func children(of node: Int) -> Range<Int> {
    Int(firstChildren[node])..<Int(firstChildren[node + 1])
  }

  /// The node to which a label leads, nil when no word goes on so.
  func node(after node: Int32, label: Int32) -> Int32? {
    if label == separator { return word(at: node) == nil ? nil : Self.wordStart }
    return child(of: node, label: label)
  }

  /// The node within a word to which a label leads, nil when no word goes on so.
  func child(of node: Int32, label: Int32) -> Int32? {
    guard node >= 0 else { return nil }
    if label < 64 {
      let (labels, bit) = (childLabels[Int(node)], 1 << UInt64(label) as UInt64)
      guard labels & bit != 0 else { return nil }
      return firstChildren[Int(node)] &+ Int32((labels & (bit &- 1)).nonzeroBitCount)
    }
    var (low, high) = (firstChildren[Int(node)], firstChildren[Int(node) + 1])
    while low < high {
      let middle = (low &+ high) >> 1
      let candidate = labels[Int(middle)]
      if candidate == label { return middle }
      if candidate < label { low = middle &+ 1 } else { high = middle }
    }
    return nil
  }

  /// Whether a label sequence may end at a node: at the end of a word or before one.
  func isWhole(at node: Int32) -> Bool { node == Self.wordStart || word(at: node) != nil }
}

/// Words in the order of their labels, those spelled alike in the order of their numbers.
private struct Spellings {
  /// The labels of all words, one after the other.
  private(set) var labels: [Int32] = []
  private var words: [(number: Int32, begin: Int32, end: Int32)] = []

  init(of numbers: Range<Int>, by spell: (Int, inout [Int]) -> Void) {
    var word: [Int] = []
    var isSorted = true
    for number in numbers {
      word.removeAll(keepingCapacity: true)
      spell(number, &word)
      guard !word.isEmpty else { continue }
      let begin = labels.count
      for label in word { labels.append(Int32(label)) }
      words.append((Int32(number), Int32(begin), Int32(labels.count)))
      if words.count > 1 { isSorted = isSorted && !precedes(words.count - 1, words.count - 2) }
    }
    if !isSorted {
      let order = words.indices.sorted { a, b in
        precedes(a, b) || !precedes(b, a) && a < b
      }
      words = order.map { words[$0] }
    }
  }

  /// How many words there are.
  var count: Int { words.count }

  func number(_ word: Int) -> Int32 { words[word].number }

  func length(_ word: Int) -> Int { Int(words[word].end - words[word].begin) }

  /// The label at a place of a word, which is as long.
  func label(_ word: Int, _ place: Int) -> Int32 { labels[Int(words[word].begin) + place] }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    let (aLength, bLength) = (length(a), length(b))
    for place in 0..<min(aLength, bLength) {
      let (x, y) = (label(a, place), label(b, place))
      if x != y { return x < y }
    }
    return aLength < bLength
  }
}

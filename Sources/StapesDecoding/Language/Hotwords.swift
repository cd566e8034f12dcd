/// Words and phrases that a beam search favours.
///
/// Wherever a phrase stands in a text as whole words, its boost is added to the text's score; where
/// phrases overlap, each counts. A prefix that ends within a phrase is credited in advance with the
/// letters that it has of it, so that the beam keeps it, and loses that again when it goes on
/// otherwise: no text ends up with a part of a boost.
///
/// The phrases are sought all at once by an automaton over labels (Aho and Corasick, "Efficient
/// string matching: an aid to bibliographic search", 1975); sharing it among prefixes of a beam
/// follows "contextual biasing" of speech recognisers (Zhao et al., "Shallow-fusion end-to-end
/// contextual biasing", 2019).
public struct Hotwords: Sendable {
  /// A phrase to favour.
  public struct Phrase: Sendable, Equatable {
    /// The labels of its words, at least one, none of them empty.
    public var words: [[Int]]
    /// What each of its letters adds to the score of a text, as a difference of natural
    /// log-probabilities.
    public var boost: Double

    /// Makes a phrase.
    public init(words: [[Int]], boost: Double) {
      (self.words, self.boost) = (words, boost)
    }
  }

  /// The phrases, with a boundary before and behind each word; boundaries are label 1, and a letter
  /// is its label and one more.
  private let tree: Lexicon
  /// For each node the one of the longest end of its labels that begins a phrase too.
  private let fallbacks: [Int32]
  /// For each node the boosts of all phrases that are whole there.
  private let completed: [Double]
  /// For each node the most that the phrases begun there are credited with in advance.
  private let credits: [Double]
  /// The most that a letter can add to the credit.
  let letterHeadroom: Double
  /// The most that the end of a word can add, the credit before it not taken off.
  let endHeadroom: Double

  /// What stands for the ends of words.
  private static let boundary: Int32 = 1
  /// The node of no labels.
  private static let root = Lexicon.wordStart

  /// Makes an automaton.
  ///
  /// - Parameter phrases: the phrases; of those that are there twice the last counts.
  /// - Precondition: no phrase is without words, and no word without labels.
  public init(_ phrases: [Phrase]) {
    let spellings = phrases.map { phrase in
      precondition(!phrase.words.isEmpty && !phrase.words.contains([]), "a hotword without labels")
      let boundary = Int(Self.boundary)
      return [boundary] + phrase.words.flatMap { $0.map { $0 + 1 } + [boundary] }
    }
    // The lexicon keeps the first of those that are spelled alike.
    let tree = Lexicon(words: spellings.reversed(), separator: nil)
    let ordered = Array(phrases.reversed())
    let fallbacks = Self.fallbacks(in: tree)
    var (completed, credits) = ([Double](), [Double]())
    let (ahead, letterCounts) = (Self.boostsAhead(ordered, tree), Self.letterCounts(in: tree))
    for node in 0..<tree.nodeCount {
      let own = tree.word(at: Int32(node)).map { ordered[$0].score } ?? 0
      let fallback = node == 0 ? -1 : Int(fallbacks[node])
      completed.append(own + (fallback < 0 ? 0 : completed[fallback]))
      let credit = letterCounts[node] == 0 ? 0 : ahead[node] * Double(letterCounts[node])
      credits.append(max(credit, fallback < 0 ? 0 : credits[fallback]))
    }
    (self.tree, self.fallbacks, self.completed, self.credits) = (
      tree, fallbacks, completed, credits
    )
    letterHeadroom = max(0, phrases.lazy.map(\.boost).max() ?? 0)
    endHeadroom = zip(completed, credits).reduce(0) { max($0, $1.0 + $1.1) }
  }

  /// For each node the largest boost of a phrase that goes on there; −∞ where none does.
  private static func boostsAhead(_ phrases: [Phrase], _ tree: Lexicon) -> [Double] {
    var ahead = [Double](repeating: -.infinity, count: tree.nodeCount)
    for node in ahead.indices.reversed() {
      for child in tree.children(of: node) {
        let ending = tree.word(at: Int32(child)).map { phrases[$0].boost } ?? -.infinity
        ahead[node] = max(ahead[node], max(ahead[child], ending))
      }
    }
    return ahead
  }

  private static func letterCounts(in tree: Lexicon) -> [Int] {
    var counts = [Int](repeating: 0, count: tree.nodeCount)
    for node in counts.indices {
      for child in tree.children(of: node) {
        counts[child] = counts[node] + (tree.label(of: child) == boundary ? 0 : 1)
      }
    }
    return counts
  }

  /// Nodes are numbered level by level, and a fallback is of a level above.
  private static func fallbacks(in tree: Lexicon) -> [Int32] {
    var fallbacks = [Int32](repeating: root, count: tree.nodeCount)
    for node in fallbacks.indices {
      for child in tree.children(of: node) where node != root {
        let label = tree.label(of: child)
        fallbacks[child] = next(fallbacks[node], label, tree, fallbacks)
      }
    }
    return fallbacks
  }

  private static func next(
    _ node: Int32, _ label: Int32, _ tree: Lexicon, _ fallbacks: [Int32]
  ) -> Int32 {
    var node = node
    while true {
      if let child = tree.child(of: node, label: label) { return child }
      if node == root { return root }
      node = fallbacks[Int(node)]
    }
  }
}

extension Hotwords {
  /// The node before a text.
  var begin: Int32 { Self.next(Self.root, Self.boundary, tree, fallbacks) }

  /// The node after a letter.
  func node(after node: Int32, label: Int32) -> Int32 {
    Self.next(node, label + 1, tree, fallbacks)
  }

  /// The node after the end of a word.
  func nodeAfterWord(_ node: Int32) -> Int32 { Self.next(node, Self.boundary, tree, fallbacks) }

  /// What the phrases add that end with the word before a node.
  func boost(at node: Int32) -> Double { completed[Int(node)] }

  /// What a prefix at a node is credited with in advance.
  func credit(at node: Int32) -> Double { credits[Int(node)] }
}

extension Hotwords.Phrase {
  /// What the whole phrase adds to the score of a text.
  var score: Double { boost * Double(words.reduce(0) { $0 + $1.count }) }
}

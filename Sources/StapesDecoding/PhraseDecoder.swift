public import StapesKernels

/// Chooses among given label sequences by their exact probabilities.
///
/// The probability of a sequence is the sum over all of its alignments (the forward algorithm of
/// connectionist temporal classification; Graves, Fernández, Gomez and Schmidhuber 2006). Sequences
/// that begin alike share the work on their beginning: it is done once for each node of a tree.
public struct PhraseDecoder: Sendable {
  private let tree: Lexicon
  /// The sequences, each once.
  private let phrases: [[Int]]
  /// The node of the tree at which each sequence ends.
  private let ends: [Int32]

  /// Makes a decoder.
  ///
  /// - Parameter phrases: the label sequences, of which one may be empty; blank, class 0, is no
  ///   label. Those that stand there twice count once.
  public init(phrases: [[Int]]) {
    let tree = Lexicon(words: phrases, separator: nil)
    let distinct = Set(phrases).sorted { $0.lexicographicallyPrecedes($1) }
    ends = distinct.map { phrase in
      phrase.reduce(Lexicon.wordStart) { node, label in
        tree.child(of: node, label: Int32(label)) ?? Lexicon.outside
      }
    }
    (self.tree, self.phrases) = (tree, distinct)
  }

  /// Ranks the sequences.
  ///
  /// - Parameter logProbabilities: natural logs, [frames × classes], class 0 being blank; NaN and
  ///   +∞ count as −∞.
  /// - Returns: all sequences of a probability above zero, best first, and equally good ones in
  ///   the order of their labels.
  /// - Precondition: the labels are classes of the frames.
  public func decode(_ logProbabilities: Matrix) -> [Hypothesis] {
    var sums = ForwardSums(nodeCount: tree.nodeCount)
    var emissions: [Double] = []
    for frame in 0..<logProbabilities.rowCount {
      emissions.removeAll(keepingCapacity: true)
      for logProbability in logProbabilities.row(frame) {
        emissions.append(emission(logProbability))
      }
      sums.step(emissions, over: tree)
    }
    var found: [Hypothesis] = []
    for (phrase, end) in zip(phrases, ends) {
      let logProbability = sums.total(at: Int(end))
      if logProbability > -.infinity {
        found.append(Hypothesis(labels: phrase, logProbability: logProbability))
      }
    }
    return found.sorted { a, b in
      a.logProbability > b.logProbability
        || a.logProbability == b.logProbability && a.labels.lexicographicallyPrecedes(b.labels)
    }
  }
}

/// The log-probabilities of what leads to each node of a tree by the frames so far.
private struct ForwardSums {
  /// Of the alignments that end in blank.
  private var blank: [Double]
  /// Of those that end in the node's label.
  private var label: [Double]

  init(nodeCount: Int) {
    blank = [Double](repeating: -.infinity, count: nodeCount)
    label = blank
    blank[0] = 0
  }

  func total(at node: Int) -> Double { logSum(blank[node], label[node]) }

  /// Goes on by a frame: each node stays, by blank or by its label again, or is reached from its
  /// parent.
  mutating func step(_ emissions: [Double], over tree: Lexicon) {
    // Parents have smaller numbers than their children, which need what was before the frame.
    for node in blank.indices.reversed() {
      let all = total(at: node)
      let ownLabel = tree.label(of: node)
      for child in tree.children(of: node) {
        let childLabel = tree.label(of: child)
        let source = childLabel == ownLabel ? blank[node] : all
        label[child] = logSum(label[child], source) + emissions[Int(childLabel)]
      }
      blank[node] = all + emissions[0]
    }
  }
}

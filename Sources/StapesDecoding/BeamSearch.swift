internal import Glibc
public import StapesKernels

/// A prefix beam search that takes its frames bit by bit.
///
/// For every prefix (label sequence so far) it keeps the probability of its alignments that end in
/// blank and of those that end in its last label. A frame lets each prefix stay, by blank or by its
/// last label again, or be extended by a label; the most probable prefixes are kept. However the
/// frames are divided, the hypotheses are the same.
///
/// Graves, "Supervised sequence labelling with recurrent neural networks", 2012; Hannun, Maas,
/// Jurafsky and Ng, "First-pass large vocabulary continuous speech recognition using
/// bi-directional recurrent DNNs", 2014.
public struct BeamSearch: Sendable {
  /// How wide the search goes, and what it leaves out.
  public let options: BeamOptions
  /// The words that it may write; nil for any label sequence.
  public let lexicon: Lexicon?
  /// The number of frames so far.
  public private(set) var frameCount = 0

  /// A prefix in the beam, with natural log-probabilities.
  struct Prefix: Sendable {
    var node: Int32
    var lastLabel: Int32
    /// Where it stands in the lexicon.
    var wordNode = Lexicon.wordStart
    /// Of the alignments that end in blank.
    var blank: Double
    /// Of those that end in the last label.
    var label: Double
    /// Of both.
    var total: Double
  }

  /// A prefix that may be in the next beam: one of this beam, extended by a label unless it is 0.
  struct Candidate: Sendable {
    var score: Double
    var place: Int32
    var label: Int32
  }

  private var tree = PrefixTree()
  private var beam = [
    Prefix(
      node: PrefixTree.root, lastLabel: 0, blank: 0, label: -.infinity, total: 0)
  ]
  /// The place in the beam of each node of the tree, -1 for those that are not in it.
  private var places: [Int32] = [0]
  /// The tree is cleared of dropped prefixes when it has this many nodes.
  private var nodeLimit = 4096

  // The rest is the work of one frame, kept only for its memory.
  private var emissions: [Double] = []
  /// The classes by which prefixes may be extended, most probable first.
  private var extensions: [(label: Int32, emission: Double)] = []
  /// The prefixes of the beam after the frame if they stay.
  private var stays: [Prefix] = []
  /// For each prefix its child in the beam that was found last, -1 if there is none, and the
  /// child of the same parent that was found before.
  private var family: [(child: Int32, sibling: Int32)] = []
  /// For each class the number of the last prefix looked at that has a child by it in the beam.
  private var parentNumbers: [Int] = []
  /// How many prefixes have been looked at, over all frames.
  private var prefixNumber = 0
  private var candidates: [Candidate] = []
  private var nextBeam: [Prefix] = []

  /// Begins a search.
  ///
  /// - Precondition: the options are valid.
  public init(options: BeamOptions, lexicon: Lexicon? = nil) {
    precondition(options.beamWidth >= 1, "beam width \(options.beamWidth)")
    self.options = options
    self.lexicon = lexicon
  }

  /// Goes on by some frames.
  ///
  /// - Parameter logProbabilities: natural logs, [frames × classes], class 0 being blank; NaN and
  ///   +∞ count as −∞.
  public mutating func step(_ logProbabilities: Matrix) {
    guard logProbabilities.rowCount > 0 else { return }
    precondition(
      logProbabilities.columnCount > 0, "\(logProbabilities.rowCount) frames, no classes")
    for frame in 0..<logProbabilities.rowCount {
      emissions.removeAll(keepingCapacity: true)
      for logProbability in logProbabilities.row(frame) {
        emissions.append(emission(logProbability))
      }
      stepFrame()
    }
    frameCount += logProbabilities.rowCount
  }

  /// The most probable label sequences of the frames so far.
  ///
  /// With a lexicon they end with a whole word. Where nothing in the beam does, the result is the
  /// most probable sequence without its unfinished word.
  ///
  /// - Parameter count: how many to return at most, at least 1.
  /// - Returns: most probable first, and equally probable ones in the order of their labels; none
  ///   when some frame left no class a probability above zero.
  public func hypotheses(count: Int) -> [Hypothesis] {
    let ranked = beam.sorted { a, b in
      a.total > b.total
        || a.total == b.total && tree.isOrdered((a.node, 0), before: (b.node, 0))
    }
    guard let lexicon else { return ranked.prefix(count).map(hypothesis) }
    let whole = ranked.lazy.filter { lexicon.isWhole(at: $0.wordNode) }.prefix(count)
    guard whole.isEmpty else { return whole.map(hypothesis) }
    return ranked.prefix(1).map { prefix in
      var hypothesis = hypothesis(prefix)
      hypothesis.labels = lexicon.droppingUnfinishedWord(hypothesis.labels)
      return hypothesis
    }
  }

  private func hypothesis(_ prefix: Prefix) -> Hypothesis {
    Hypothesis(labels: tree.labels(of: prefix.node), logProbability: prefix.total)
  }
}

extension BeamSearch {
  private mutating func stepFrame() {
    stay()
    extend()
    keepBest()
    if tree.nodeCount > nodeLimit { clearTree() }
  }

  /// Lets every prefix stay: by blank, by its last label again, or by its last label from its
  /// parent.
  private mutating func stay() {
    stays.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
    family.removeAll(keepingCapacity: true)
    for _ in beam.indices { family.append((-1, -1)) }
    for (place, prefix) in beam.enumerated() {
      var new = prefix
      new.blank = prefix.total + emissions[0]
      if prefix.node != PrefixTree.root {
        let emission = emissions[Int(prefix.lastLabel)]
        new.label = prefix.label + emission
        let parentPlace = places[Int(tree.parent(of: prefix.node))]
        if parentPlace >= 0 {
          let parent = beam[Int(parentPlace)]
          let source = parent.lastLabel == prefix.lastLabel ? parent.blank : parent.total
          new.label = logSum(new.label, source + emission)
          family[place].sibling = family[Int(parentPlace)].child
          family[Int(parentPlace)].child = Int32(place)
        }
      }
      new.total = logSum(new.blank, new.label)
      stays.append(new)
      if new.total > -.infinity {
        candidates.append(Candidate(score: new.total, place: Int32(place), label: 0))
      }
    }
  }

  /// Extends every prefix by every label that may bring it into the next beam.
  private mutating func extend() {
    let lexicon = lexicon
    var least = leastScore()
    findExtensions(least: least)
    for (place, prefix) in beam.enumerated() {
      markChildren(of: place)
      for (label, emission) in extensions {
        guard prefix.total + emission >= least else { break }
        let score = (label == prefix.lastLabel ? prefix.blank : prefix.total) + emission
        let isNew = parentNumbers[Int(label)] != prefixNumber
        guard isNew, score >= least, score > -.infinity else { continue }
        if let lexicon, lexicon.node(after: prefix.wordNode, label: label) == nil { continue }
        candidates.append(Candidate(score: score, place: Int32(place), label: label))
      }
      if candidates.count / 8 > options.beamWidth {
        dropBeyondBeam()
        least = leastScore()
      }
    }
  }

  /// The score that a candidate must have to be kept beside those there are so far.
  private func leastScore() -> Double {
    var (least, best) = (Double.infinity, -Double.infinity)
    for candidate in candidates {
      least = min(least, candidate.score)
      best = max(best, candidate.score)
    }
    if candidates.count < options.beamWidth { least = -.infinity }
    return max(least, best - (options.scoreMargin ?? .infinity))
  }

  /// Finds the labels by which at least the best prefix may reach a score.
  private mutating func findExtensions(least: Double) {
    let best = beam.lazy.map(\.total).max() ?? -.infinity
    let floor = options.classFloor ?? -.infinity
    extensions.removeAll(keepingCapacity: true)
    for label in 1..<emissions.count {
      let emission = emissions[label]
      guard best + emission >= least, emission >= floor, emission > -.infinity else { continue }
      extensions.append((Int32(label), emission))
    }
    extensions.sort { $0.emission > $1.emission }
  }

  /// Marks the labels by which a prefix has children in the beam: these took the extension in
  /// when they stayed.
  private mutating func markChildren(of place: Int) {
    if parentNumbers.count < emissions.count {
      parentNumbers += [Int](repeating: 0, count: emissions.count - parentNumbers.count)
    }
    prefixNumber += 1
    var child = family[place].child
    while child >= 0 {
      parentNumbers[Int(beam[Int(child)].lastLabel)] = prefixNumber
      child = family[Int(child)].sibling
    }
  }

  /// Leaves the candidates of which the next beam is made.
  private mutating func dropBeyondBeam() {
    guard candidates.count > options.beamWidth else { return }
    let (tree, beam) = (tree, beam)
    candidates.moveToFront(options.beamWidth) { a, b in
      a.score > b.score
        || a.score == b.score
          && tree.isOrdered(
            (beam[Int(a.place)].node, a.label), before: (beam[Int(b.place)].node, b.label))
    }
    candidates.removeLast(candidates.count - options.beamWidth)
  }

  /// Makes the next beam of the best candidates.
  private mutating func keepBest() {
    dropBeyondBeam()
    let least = leastScore()
    for prefix in beam { places[Int(prefix.node)] = -1 }
    nextBeam.removeAll(keepingCapacity: true)
    for candidate in candidates where candidate.score >= least {
      var prefix = stays[Int(candidate.place)]
      if candidate.label != 0 {
        let node = tree.child(of: prefix.node, label: candidate.label)
        let wordNode = lexicon?.node(after: prefix.wordNode, label: candidate.label)
        prefix = Prefix(
          node: node, lastLabel: candidate.label, wordNode: wordNode ?? Lexicon.wordStart,
          blank: -.infinity, label: candidate.score, total: candidate.score)
        if places.count < tree.nodeCount { places.append(-1) }
      }
      places[Int(prefix.node)] = Int32(nextBeam.count)
      nextBeam.append(prefix)
    }
    swap(&beam, &nextBeam)
  }

  /// Drops the prefixes from the tree that none in the beam goes back to.
  private mutating func clearTree() {
    let renumbered = tree.keepAncestors(of: beam.map(\.node))
    places = [Int32](repeating: -1, count: tree.nodeCount)
    for place in beam.indices {
      beam[place].node = renumbered[Int(beam[place].node)]
      places[Int(beam[place].node)] = Int32(place)
    }
    nodeLimit = max(nodeLimit, 2 * tree.nodeCount)
  }
}

/// ln(exp(a) + exp(b)).
private func logSum(_ a: Double, _ b: Double) -> Double {
  let (high, low) = a > b ? (a, b) : (b, a)
  // Below this the sum rounds to the larger one; so it does when that is -∞ too.
  guard low - high > -37 else { return high }
  return high + log1p(exp(low - high))
}

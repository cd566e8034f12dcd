public import StapesKernels

/// A prefix beam search that takes its frames bit by bit.
///
/// For every prefix (label sequence so far) it keeps the probability of its alignments that end in
/// blank and of those that end in its last label. A frame lets each prefix stay, by blank or by its
/// last label again, or be extended by a label; the most probable prefixes are kept. However the
/// frames are divided, the hypotheses are the same.
///
/// With a language model or hotwords a prefix has a second score, kept apart from its log-probability; both
/// together decide which prefixes are kept. See `LanguageFusion`.
///
/// Graves, "Supervised sequence labelling with recurrent neural networks", 2012; Hannun, Maas,
/// Jurafsky and Ng, "First-pass large vocabulary continuous speech recognition using
/// bi-directional recurrent DNNs", 2014.
public struct BeamSearch: Sendable {
  /// How wide the search goes, and what it leaves out.
  public let options: BeamOptions
  /// The words that it may write; nil for any label sequence.
  public let lexicon: Lexicon?
  /// The language model or hotwords that take part; nil for none.
  public let language: LanguageFusion?
  /// The label between two words; nil where a text is a single word, or no words are known.
  let separator: Int32?
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
    /// What the language model adds, with what it charges in advance; 0 without one.
    var language = 0.0

    /// What decides whether the prefix is kept.
    var score: Double { total + language }
    /// The log-probability of its alignments that end here, before a label that follows.
    func source(of next: Int32) -> Double { next == lastLabel ? blank : total }
  }

  /// A prefix that may be in the next beam: one of this beam, extended by a label unless it is 0.
  struct Candidate: Sendable {
    var score: Double
    var place: Int32
    var label: Int32
  }

  var tree = PrefixTree()
  var beam = [
    Prefix(
      node: PrefixTree.root, lastLabel: 0, blank: 0, label: -.infinity, total: 0)
  ]
  /// The place in the beam of each node of the tree, -1 for those that are not in it.
  var places: [Int32] = [0]
  /// For each node of the tree what the language model knows of it; none without such a model.
  var languagePlaces: [LanguagePlace] = []
  /// The tree is cleared of dropped prefixes when it has this many nodes.
  var nodeLimit = 4096

  // The rest is the work of one frame, kept only for its memory.
  var emissions: [Double] = []
  /// The classes by which prefixes may be extended, most probable first.
  var extensions: [(label: Int32, emission: Double)] = []
  /// The prefixes of the beam after the frame if they stay.
  var stays: [Prefix] = []
  /// For each prefix its child in the beam that was found last, -1 if there is none, and the
  /// child of the same parent that was found before.
  var family: [(child: Int32, sibling: Int32)] = []
  /// For each class the number of the last prefix looked at that has a child by it in the beam.
  var parentNumbers: [Int] = []
  /// How many prefixes have been looked at, over all frames.
  var prefixNumber = 0
  var candidates: [Candidate] = []
  var nextBeam: [Prefix] = []

  /// Begins a search without a language model.
  ///
  /// - Precondition: the options are valid.
  public init(options: BeamOptions, lexicon: Lexicon? = nil) {
    precondition(options.beamWidth >= 1, "beam width \(options.beamWidth)")
    (self.options, self.lexicon, language) = (options, lexicon, nil)
    separator = lexicon?.separator
  }

  /// Begins a search with a language model, which brings the lexicon.
  ///
  /// - Precondition: the options are valid.
  public init(options: BeamOptions, language: LanguageFusion) {
    precondition(options.beamWidth >= 1, "beam width \(options.beamWidth)")
    (self.options, lexicon, self.language) = (options, language.lexicon, language)
    separator = language.separator
    languagePlaces = [language.begin]
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
      language?.discountPriors(in: &emissions)
      stepFrame()
    }
    frameCount += logProbabilities.rowCount
  }

  /// The best label sequences of the frames so far.
  ///
  /// With a lexicon they end with a whole word. Where nothing in the beam does, the result is the
  /// best sequence without its unfinished word. A language model counts the end of the sentence
  /// here, and only here.
  ///
  /// - Parameter count: how many to return at most, at least 1.
  /// - Returns: best first, and equally good ones in the order of their labels; none when some frame
  ///   left no class a probability above zero.
  public func hypotheses(count: Int) -> [Hypothesis] {
    var whole: [(prefix: Prefix, languageScore: Double)] = []
    let places = language?.predicted(beam.map { languagePlaces[Int($0.node)] }) ?? []
    for (index, prefix) in beam.enumerated() {
      let score = endScore(of: prefix, at: language == nil ? nil : places[index])
      if score > -.infinity { whole.append((prefix, score)) }
    }
    whole.sort { a, b in
      let (aScore, bScore) = (a.prefix.total + a.languageScore, b.prefix.total + b.languageScore)
      return aScore > bScore
        || aScore == bScore && tree.isOrdered((a.prefix.node, 0), before: (b.prefix.node, 0))
    }
    if whole.isEmpty { return beam.min(by: precedes).map { [withoutUnfinishedWord($0)] } ?? [] }
    return whole.prefix(count).map { prefix, score in
      Hypothesis(
        labels: tree.labels(of: prefix.node), logProbability: prefix.total, languageScore: score)
    }
  }

  func precedes(_ a: Prefix, _ b: Prefix) -> Bool {
    a.score > b.score || a.score == b.score && tree.isOrdered((a.node, 0), before: (b.node, 0))
  }

  /// What the language adds to a prefix that ends here; −∞ where it may not end.
  private func endScore(of prefix: Prefix, at place: LanguagePlace?) -> Double {
    if let lexicon, !lexicon.isWhole(at: prefix.wordNode), language?.isOpen != true {
      return -.infinity
    }
    guard let language, let place else { return 0 }
    return language.finish(place, node: prefix.wordNode, isInWord: isInWord(prefix))
  }

  /// The whole words of a prefix.
  private func withoutUnfinishedWord(_ prefix: Prefix) -> Hypothesis {
    let labels = tree.labels(of: prefix.node)
    let end = labels.lastIndex { Int32($0) == separator } ?? 0
    return Hypothesis(
      labels: Array(labels[..<end]), logProbability: prefix.total,
      languageScore: language.map { language in
        language.end(language.predicted([languagePlaces[Int(prefix.node)]])[0])
      } ?? 0)
  }
}

extension BeamSearch {
  /// The labels with which every hypothesis begins from now on, whatever frames follow: those that
  /// all prefixes in the beam have in common.
  ///
  /// They only grow. With a lexicon, a hypothesis may leave out the last, unfinished word of them
  /// (see `hypotheses(count:)`).
  public var settledLabels: [Int] {
    var isOpen = [Bool](repeating: false, count: tree.nodeCount)
    var (openCount, node) = (0, PrefixTree.root)
    func open(_ node: Int32) {
      guard !isOpen[Int(node)] else { return }
      isOpen[Int(node)] = true
      openCount += 1
    }
    for prefix in beam {
      open(prefix.node)
      node = max(node, prefix.node)
    }
    // A parent's number is smaller than its child's: the largest node is nobody's ancestor.
    while openCount > 1 {
      isOpen[Int(node)] = false
      openCount -= 1
      open(tree.parent(of: node))
      repeat { node -= 1 } while !isOpen[Int(node)]
    }
    return tree.labels(of: node)
  }

  /// The labels of the best prefix as it is, its last word perhaps unfinished and the end of the
  /// sentence not counted.
  public var bestLabels: [Int] { beam.min(by: precedes).map { tree.labels(of: $0.node) } ?? [] }

  /// Drops all prefixes that do not begin with some labels, which are settled from then on.
  ///
  /// - Precondition: some prefix in the beam begins with them.
  public mutating func settle(_ labels: [Int]) {
    let kept = beam.filter { tree.labels(of: $0.node).starts(with: labels) }
    precondition(!kept.isEmpty, "\(labels.count) labels with which no prefix begins")
    for prefix in beam { places[Int(prefix.node)] = -1 }
    for (place, prefix) in kept.enumerated() { places[Int(prefix.node)] = Int32(place) }
    beam = kept
  }

  /// Takes labels off the begin of all prefixes; the search goes on as it would have, also knowing
  /// the words that are not there any more.
  ///
  /// - Parameters:
  ///   - count: how many labels; a separator behind them counts as theirs, though it stays.
  ///   - logProbability: what is taken off the log-probability of every prefix for them.
  /// - Returns: what the language model added for them, which is subtracted too.
  /// - Precondition: more labels are settled.
  public mutating func removeFirst(_ count: Int, logProbability: Double) -> Double {
    let settled = settledLabels
    precondition(count < settled.count, "\(count) labels of \(settled.count) that are settled")
    guard let root = tree.node(of: settled[..<count]),
      let next = tree.existingChild(of: root, label: Int32(settled[count]))
    else { preconditionFailure("a settled prefix that is not in the tree") }
    var languageScore = 0.0
    if language != nil {
      let isWhole = Int32(settled[count]) == separator
      languageScore = languagePlaces[Int(isWhole ? next : root)].score
    }
    clearTree(downFrom: root)
    for place in languagePlaces.indices {
      languagePlaces[place].score -= languageScore
      languagePlaces[place].endScore -= languageScore
    }
    for place in beam.indices {
      beam[place].language -= languageScore
      beam[place].blank -= logProbability
      beam[place].label -= logProbability
      beam[place].total -= logProbability
    }
    return languageScore
  }
}

extension BeamDecoder {
  /// Begins the search that `decode` makes, to take its frames bit by bit.
  public func begin() -> BeamSearch {
    language.map { BeamSearch(options: options, language: $0) }
      ?? BeamSearch(options: options, lexicon: lexicon)
  }
}

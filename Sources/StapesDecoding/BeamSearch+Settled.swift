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
}

extension BeamDecoder {
  /// Begins the search that `decode` makes, to take its frames bit by bit.
  public func begin() -> BeamSearch {
    language.map { BeamSearch(options: options, language: $0) }
      ?? BeamSearch(options: options, lexicon: lexicon)
  }
}

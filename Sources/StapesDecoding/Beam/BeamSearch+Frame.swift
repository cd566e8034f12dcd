extension BeamSearch {
  /// Goes on by the frame in `emissions`.
  mutating func stepFrame() {
    predict()
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
      if new.score > -.infinity {
        candidates.append(Candidate(score: new.score, place: Int32(place), label: 0))
      }
    }
  }

  /// Extends every prefix by every label that may bring it into the next beam.
  private mutating func extend() {
    let lexicon = lexicon
    var least = prune()
    findExtensions(least: least)
    if let language { return extend(by: language, least: least) }
    for (place, prefix) in beam.enumerated() {
      markChildren(of: place)
      for (label, emission) in extensions {
        guard prefix.total + emission >= least else { break }
        let score = prefix.source(of: label) + emission
        let isNew = parentNumbers[Int(label)] != prefixNumber
        guard isNew, score >= least, score > -.infinity else { continue }
        if options.dependents?.forbid(label, after: prefix.lastLabel) == true { continue }
        if let lexicon, lexicon.node(after: prefix.wordNode, label: label) == nil { continue }
        candidates.append(Candidate(score: score, place: Int32(place), label: label))
      }
      if candidates.count / 2 > options.beamWidth {
        least = prune()
      }
    }
  }

  /// The same with a language model.
  private mutating func extend(by language: LanguageFusion, least: Double) {
    var least = least
    for (place, prefix) in beam.enumerated() {
      markChildren(of: place)
      extend(prefix, at: Int32(place), by: language, least: least)
      if candidates.count / 2 > options.beamWidth {
        least = prune()
      }
    }
  }

  /// Drops candidates that others keep out of the next beam.
  ///
  /// - Returns: the score that a candidate must have to be in it as far as is known so far.
  private mutating func prune() -> Double {
    dropBeyond(options.beamWidth)
    let best = candidates.reduce(-.infinity) { max($0, $1.score) }
    let margin = best - (options.scoreMargin ?? .infinity)
    // Where few are within the margin, some below it are kept as well, and no more than these.
    let isNarrow = candidates.count(where: { $0.score >= margin }) < options.leastWidth
    let width = isNarrow ? options.leastWidth : options.beamWidth
    if isNarrow { dropBeyond(width) }
    let least =
      candidates.count < width ? -.infinity : candidates.reduce(.infinity) { min($0, $1.score) }
    return isNarrow ? least : max(least, margin)
  }

  /// Finds the labels by which at least the best prefix may reach a score.
  private mutating func findExtensions(least: Double) {
    let best = (beam.lazy.map(\.score).max() ?? -.infinity) + (language?.headroom ?? 0)
    let (floor, separator) = (options.classFloor ?? -.infinity, language?.separator)
    extensions.removeAll(keepingCapacity: true)
    for label in 1..<emissions.count where Int32(label) != separator {
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

  /// Leaves the best candidates.
  private mutating func dropBeyond(_ width: Int) {
    guard candidates.count > width else { return }
    let (tree, beam) = (tree, beam)
    candidates.moveToFront(width) { a, b in
      a.score > b.score
        || a.score == b.score
          && tree.isOrdered(
            (beam[Int(a.place)].node, a.label), before: (beam[Int(b.place)].node, b.label))
    }
    candidates.removeLast(candidates.count - width)
  }

  /// Makes the next beam of the best candidates.
  private mutating func keepBest() {
    let least = prune()
    for prefix in beam { places[Int(prefix.node)] = -1 }
    nextBeam.removeAll(keepingCapacity: true)
    // What is known of the language is taken out once, since it is large.
    if let language {
      for candidate in candidates where candidate.score >= least {
        keep(
          candidate.label == 0
            ? stays[Int(candidate.place)] : longer(candidate, by: language))
      }
    } else {
      for candidate in candidates where candidate.score >= least {
        keep(candidate.label == 0 ? stays[Int(candidate.place)] : longer(candidate))
      }
    }
    swap(&beam, &nextBeam)
  }

  private mutating func keep(_ prefix: Prefix) {
    places[Int(prefix.node)] = Int32(nextBeam.count)
    nextBeam.append(prefix)
  }

  /// The node of a candidate's labels in the tree, and whether it is new.
  mutating func node(of candidate: Candidate) -> (node: Int32, isNew: Bool) {
    let node = tree.child(of: beam[Int(candidate.place)].node, label: candidate.label)
    let isNew = places.count < tree.nodeCount
    if isNew { places.append(-1) }
    return (node, isNew)
  }

  /// The prefix that a candidate stands for, a prefix of this beam and a label.
  private mutating func longer(_ candidate: Candidate) -> Prefix {
    let wordNode = lexicon?.node(
      after: beam[Int(candidate.place)].wordNode, label: candidate.label)
    return Prefix(
      node: node(of: candidate).node, lastLabel: candidate.label,
      wordNode: wordNode ?? Lexicon.wordStart,
      blank: -.infinity, label: candidate.score, total: candidate.score)
  }

  /// Drops the prefixes from the tree that none in the beam continues, and makes one from which
  /// all in the beam descend its root.
  mutating func clearTree(downFrom root: Int32 = PrefixTree.root) {
    let renumbered = tree.keepAncestors(of: beam.map(\.node), downFrom: root)
    // New numbers keep the order of the old ones.
    if language != nil {
      languagePlaces = languagePlaces.indices.filter { renumbered[$0] >= 0 }.map {
        languagePlaces[$0]
      }
    }
    places = [Int32](repeating: -1, count: tree.nodeCount)
    for place in beam.indices {
      beam[place].node = renumbered[Int(beam[place].node)]
      places[Int(beam[place].node)] = Int32(place)
    }
    nodeLimit = max(nodeLimit, 2 * tree.nodeCount)
  }
}

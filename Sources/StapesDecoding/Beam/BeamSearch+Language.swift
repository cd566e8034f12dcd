extension BeamSearch {
  /// Lets a predictor predict what follows each prefix of the beam, all at once.
  mutating func predict() {
    guard let language, language.predicts else { return }
    let places = language.predicted(beam.map { languagePlaces[Int($0.node)] })
    for (prefix, place) in zip(beam, places) { languagePlaces[Int(prefix.node)] = place }
  }

  /// Whether a prefix ends within or after a word, rather than before one.
  func isInWord(_ prefix: Prefix) -> Bool {
    prefix.lastLabel != 0 && prefix.lastLabel != separator
  }

  /// Extends a prefix by the labels that may bring it into the next beam.
  ///
  /// All but the separator, which comes last, can hardly raise what the language model adds, so
  /// that a prefix is done with at the first label which is too improbable. The language model is
  /// asked only about what could still be kept if it found it certain.
  mutating func extend(
    _ prefix: Prefix, at place: Int32, by language: LanguageFusion, least: Double
  ) {
    // A place is large, so it is not taken out as a whole.
    let (known, gains) = (languagePlaces[Int(prefix.node)].score, language.gains)
    let highest = language.headroom(at: prefix.wordNode) + prefix.language
    for (label, emission) in extensions {
      guard prefix.total + emission + highest >= least else { break }
      let acoustic = prefix.source(of: label) + emission
      guard parentNumbers[Int(label)] != prefixNumber, acoustic + highest >= least,
        let node = language.node(after: prefix.wordNode, label: label)
      else { continue }
      let gain = gains ? language.gain(at: languagePlaces[Int(prefix.node)], label: label) : 0
      let score = acoustic + known + gain + language.advance(at: node)
      guard score >= least, score > -.infinity else { continue }
      if options.dependents?.forbid(label, after: prefix.lastLabel) == true { continue }
      candidates.append(Candidate(score: score, place: place, label: label))
    }
    if let separator = language.separator {
      extendBySeparator(separator, prefix, at: place, by: language, least: least)
    }
  }

  /// Extends a prefix by the end of its word.
  private mutating func extendBySeparator(
    _ separator: Int32, _ prefix: Prefix, at place: Int32, by language: LanguageFusion,
    least: Double
  ) {
    let emission = emissions[Int(separator)]
    guard emission >= options.classFloor ?? -.infinity,
      parentNumbers[Int(separator)] != prefixNumber,
      language.node(after: prefix.wordNode, label: separator) != nil
    else { return }
    let acoustic = prefix.source(of: separator) + emission
    guard acoustic + languagePlaces[Int(prefix.node)].score + language.endHeadroom >= least
    else { return }
    // Ends of words are asked for again and again: in each frame in which one is possible.
    var endScore = languagePlaces[Int(prefix.node)].endScore
    if endScore.isNaN {
      let next = language.placeAfterWord(
        of: languagePlaces[Int(prefix.node)], node: prefix.wordNode, isInWord: isInWord(prefix))
      endScore = next.score + language.credit(at: next.hotword)
      languagePlaces[Int(prefix.node)].endScore = endScore
    }
    let score = acoustic + endScore
    guard score >= least, score > -.infinity else { return }
    candidates.append(Candidate(score: score, place: place, label: separator))
  }

  /// The prefix that a candidate stands for, a prefix of this beam and a label, with what the
  /// language model adds.
  mutating func longer(_ candidate: Candidate, by language: LanguageFusion) -> Prefix {
    let (prefix, label) = (beam[Int(candidate.place)], candidate.label)
    let (node, isNew) = node(of: candidate)
    let total = prefix.source(of: label) + emissions[Int(label)]
    var longer = Prefix(node: node, lastLabel: label, blank: -.infinity, label: total, total: total)
    longer.wordNode = language.node(after: prefix.wordNode, label: label) ?? Lexicon.wordStart
    if isNew {
      let known = languagePlaces[Int(prefix.node)]
      languagePlaces.append(
        label == separator
          ? language.placeAfterWord(of: known, node: prefix.wordNode, isInWord: isInWord(prefix))
          : language.place(after: known, label: label))
    }
    longer.language =
      languagePlaces[Int(node)].score + language.credit(at: languagePlaces[Int(node)].hotword)
      + language.advance(at: longer.wordNode)
    return longer
  }
}

public import StapesLanguage

/// A language model made ready to take part in a beam search (shallow fusion).
///
/// A model of words counts where a word ends, at a separator or the end of the sentence. Until then
/// a prefix is charged in advance with the most probable word, as a single word, that it may become,
/// so that prefixes within words compete fairly with those after them; the end of the word settles
/// it (language model look-ahead; Ortmanns, Ney and Eiden, "Language-model look-ahead for large
/// vocabulary speech recognition", 1996). A model of characters counts at each label.
public struct LanguageFusion: Sendable {
  /// The language model.
  public let model: NGramModel
  /// How much it counts.
  public var weights: LanguageWeights
  /// The words that may be written; nil for any label sequence.
  public let lexicon: Lexicon?

  /// The label between two words; nil where a text is a single word.
  let separator: Int32?
  /// Whether words outside the lexicon are never written, whatever they would cost.
  private let isClosed: Bool
  /// The model's number of each word of the lexicon, or of each label.
  private let tokens: [Int32]
  /// For each node of the lexicon the highest log-probability that any word there or below has as a
  /// single word; none for a model of characters.
  private let bestBelow: [Float]
  /// The log-probability of an unknown word as a single word.
  private let unknownAlone: Double

  /// Takes a model of words.
  ///
  /// - Parameters:
  ///   - model: the language model.
  ///   - lexicon: how words are spelled.
  ///   - numbers: for each word of the lexicon its number in the model, `unknownWord` where the
  ///     model does not have it.
  ///   - isClosed: whether no other words than those of the lexicon are written, even where the
  ///     weights allow unknown words.
  ///   - weights: how much it counts.
  public init(
    words model: NGramModel, lexicon: Lexicon, numbers: [Int], isClosed: Bool = false,
    weights: LanguageWeights = LanguageWeights()
  ) {
    var best = [Float](repeating: -.infinity, count: lexicon.nodeCount)
    for node in best.indices.reversed() {
      if let word = lexicon.word(at: Int32(node)) { best[node] = model.alone(numbers[word]) }
      for child in lexicon.children(of: node) { best[node] = max(best[node], best[child]) }
    }
    (self.model, self.weights, self.lexicon, self.isClosed) = (model, weights, lexicon, isClosed)
    separator = lexicon.separator
    tokens = numbers.map { Int32($0) }
    bestBelow = best
    unknownAlone = Double(model.alone(model.unknownWord))
  }

  /// Takes a model of characters.
  ///
  /// - Parameters:
  ///   - model: the language model.
  ///   - numbers: for each class its number in the model, `unknownWord` where the model does not
  ///     have it; the first, which stands for blank, is not used.
  ///   - separator: the label between two words; nil where a text is a single word.
  ///   - lexicon: the words that may be written; nil for any label sequence.
  ///   - weights: how much it counts.
  public init(
    characters model: NGramModel, numbers: [Int], separator: Int?, lexicon: Lexicon? = nil,
    weights: LanguageWeights = LanguageWeights()
  ) {
    (self.model, self.weights, self.lexicon, isClosed) = (model, weights, lexicon, lexicon != nil)
    self.separator = separator.map(Int32.init)
    tokens = numbers.map { Int32($0) }
    bestBelow = []
    unknownAlone = 0
  }
}

/// What a language model knows of a prefix.
struct LanguagePlace: Sendable {
  /// What it remembers of the whole words, or characters.
  var state: NGramModel.State
  /// What these add to the score, without anything in advance.
  var score: Double
  /// What the score will be when the word at the end is whole; not a number until it is asked for.
  var endScore = Double.nan
}

extension LanguageFusion {
  /// Whether the model is one of words.
  private var countsWords: Bool { !bestBelow.isEmpty }

  /// The place at the begin of a sentence.
  var begin: LanguagePlace { LanguagePlace(state: model.initialState, score: 0) }

  /// Where in the lexicon a label leads; nil where it may not stand.
  func node(after node: Int32, label: Int32) -> Int32? {
    guard let lexicon else { return node }
    if label != separator {
      return lexicon.child(of: node, label: label) ?? (isOpen ? Lexicon.outside : nil)
    }
    guard node != Lexicon.wordStart else { return nil }
    return isOpen || lexicon.word(at: node) != nil ? Lexicon.wordStart : nil
  }

  /// Whether words outside the lexicon may be written.
  var isOpen: Bool { !isClosed && weights.unknownWordPenalty != nil }

  /// What a prefix at a node of the lexicon is charged in advance.
  func advance(at node: Int32) -> Double {
    guard countsWords, node != Lexicon.wordStart else { return 0 }
    var best = isOpen ? charge(unknownAlone, isUnknown: true) : -.infinity
    if node >= 0 { best = max(best, charge(Double(bestBelow[Int(node)]), isUnknown: false)) }
    return best + weights.wordBonus
  }

  /// The most that a label which is no separator can add to the score of a prefix at a node.
  func headroom(at node: Int32) -> Double {
    countsWords && node == Lexicon.wordStart ? headroom : 0
  }

  /// The most that any label can add to the score of a prefix, which has no word in advance.
  var headroom: Double { max(0, weights.wordBonus) }

  /// The place after a label that is no separator.
  func place(after place: LanguagePlace, label: Int32) -> LanguagePlace {
    if countsWords { return LanguagePlace(state: place.state, score: place.score) }
    let (gain, state) = step(Int(tokens[Int(label)]), from: place.state)
    return LanguagePlace(state: state, score: place.score + gain)
  }

  /// What a label that is no separator adds to the score of a place, without anything in advance.
  func gain(at place: LanguagePlace, label: Int32) -> Double {
    countsWords ? 0 : step(Int(tokens[Int(label)]), from: place.state).gain
  }

  /// The place after the separator; its score is −∞ where the word before it may not end.
  func placeAfterWord(of place: LanguagePlace, node: Int32, isInWord: Bool) -> LanguagePlace {
    guard let separator else { return place }
    if countsWords { return whole(place, node: node) }
    let (gain, state) = step(Int(tokens[Int(separator)]), from: place.state)
    return LanguagePlace(
      state: state, score: place.score + gain + (isInWord ? weights.wordBonus : 0))
  }

  /// The score of a prefix as a whole sentence; −∞ where its last word may not end.
  func finish(_ place: LanguagePlace, node: Int32, isInWord: Bool) -> Double {
    var place = place
    if isInWord {
      if countsWords { place = whole(place, node: node) } else { place.score += weights.wordBonus }
    }
    return end(place)
  }

  /// The score of the whole words of a prefix as a sentence.
  func end(_ place: LanguagePlace) -> Double {
    place.score + charge(Double(model.finish(place.state)), isUnknown: false)
  }

  /// The place after the word that ends at a node of the lexicon.
  private func whole(_ place: LanguagePlace, node: Int32) -> LanguagePlace {
    let word = lexicon?.word(at: node).map { Int(tokens[$0]) }
    guard word != nil || isOpen else { return LanguagePlace(state: place.state, score: -.infinity) }
    let (gain, state) = step(word ?? model.unknownWord, from: place.state)
    return LanguagePlace(state: state, score: place.score + gain + weights.wordBonus)
  }

  private func step(_ token: Int, from state: NGramModel.State) -> (gain: Double, NGramModel.State)
  {
    let (logProbability, state) = model.score(token, from: state)
    return (charge(Double(logProbability), isUnknown: token == model.unknownWord), state)
  }

  private func charge(_ logProbability: Double, isUnknown: Bool) -> Double {
    let cost = isUnknown ? weights.unknownWordPenalty ?? .infinity : 0
    // A weight of 0 leaves out even what has no probability.
    return (weights.languageWeight > 0 ? weights.languageWeight * logProbability : 0) - cost
  }
}

extension NGramModel {
  /// The log-probability of a word as a single word.
  fileprivate func alone(_ word: Int) -> Float {
    score(word, from: emptyState).logProbability
  }
}

public import StapesLanguage

/// What is known of the language made ready to take part in a beam search (shallow fusion): a
/// language model, favoured words and phrases, or both.
///
/// A model of words counts where a word ends, at a separator or the end of the sentence. Until then
/// a prefix is charged in advance with the most probable word, as a single word, that it may
/// become, so that prefixes within words compete fairly with those after them; the end of the word
/// settles it (language model look-ahead; Ortmanns, Ney and Eiden, "Language-model look-ahead for
/// large vocabulary speech recognition", 1996). A model of characters counts at each label.
public struct LanguageFusion: Sendable {
  /// Where its knowledge of texts comes from.
  enum Source: Sendable {
    case nothing
    case words(NGramModel)
    case characters(NGramModel)
    case predictor(any CharacterPredictor)
  }

  /// How much the language model counts.
  public var weights: LanguageWeights
  /// The words and phrases that are favoured; nil for none.
  public var hotwords: Hotwords?
  /// The network's label priors, of which the weights say how much is
  /// subtracted; nil where that is not known.
  public var labelPriors: LabelPriors?
  /// The words that may be written; nil for any label sequence.
  public let lexicon: Lexicon?

  let source: Source
  /// The label between two words; nil where a text is a single word.
  let separator: Int32?
  /// Whether words outside the lexicon are never written, whatever they would cost.
  private let isClosed: Bool
  /// The model's number of each word of the lexicon, or of each label; `listed` for a word that it
  /// does not have, but that may be written all the same.
  let tokens: [Int32]
  /// For each node of the lexicon the highest log-probability that any word there or below has as a
  /// single word; none for a model of characters.
  private let bestBelow: [Float]
  /// The log-probability of an unknown word as a single word.
  private let unknownAlone: Double

  static let listed: Int32 = -1

  /// Takes a model of words.
  ///
  /// - Parameters:
  ///   - model: the language model.
  ///   - lexicon: how words are spelled.
  ///   - numbers: for each word of the lexicon its number in the model, `unknownWord` where the
  ///     model does not have it; nil where the model does not have it and it may be written all the
  ///     same, as an unknown word that costs nothing beside its probability unless the weights say
  ///     so.
  ///   - isClosed: whether no other words than those of the lexicon are written, even where the
  ///     weights allow unknown words.
  ///   - weights: how much it counts.
  public init(
    words model: NGramModel, lexicon: Lexicon, numbers: [Int?], isClosed: Bool = false,
    weights: LanguageWeights = LanguageWeights()
  ) {
    var best = [Float](repeating: -.infinity, count: lexicon.nodeCount)
    for node in best.indices.reversed() {
      if let word = lexicon.word(at: Int32(node)) {
        best[node] = model.alone(numbers[word] ?? model.unknownWord)
      }
      for child in lexicon.children(of: node) { best[node] = max(best[node], best[child]) }
    }
    (source, self.weights, self.lexicon, self.isClosed) = (
      .words(model), weights, lexicon, isClosed
    )
    separator = lexicon.separator
    tokens = numbers.map { $0.map(Int32.init) ?? Self.listed }
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
    self.init(.characters(model), numbers, separator, lexicon, weights)
  }

  /// Takes a model of characters that predicts.
  ///
  /// - Parameters:
  ///   - predictor: the language model.
  ///   - numbers: for each class its token, the unknown one where the model does not have it; the
  ///     first, which stands for blank, is not used.
  ///   - separator: the label between two words; nil where a text is a single word.
  ///   - lexicon: the words that may be written; nil for any label sequence.
  ///   - weights: how much it counts.
  public init(
    predictor: any CharacterPredictor, numbers: [Int], separator: Int?, lexicon: Lexicon? = nil,
    weights: LanguageWeights = LanguageWeights()
  ) {
    self.init(.predictor(predictor), numbers, separator, lexicon, weights)
  }

  /// Takes favoured words and phrases without a language model.
  ///
  /// - Parameters:
  ///   - hotwords: the words and phrases.
  ///   - separator: the label between two words; nil where a text is a single word.
  ///   - lexicon: the words that may be written; nil for any label sequence.
  public init(hotwords: Hotwords, separator: Int?, lexicon: Lexicon? = nil) {
    let weights = LanguageWeights(languageWeight: 0, wordBonus: 0, labelPriorWeight: 0)
    self.init(.nothing, [], separator, lexicon, weights)
    self.hotwords = hotwords
  }

  private init(
    _ source: Source, _ numbers: [Int], _ separator: Int?, _ lexicon: Lexicon?,
    _ weights: LanguageWeights
  ) {
    (self.source, self.weights, self.lexicon, isClosed) = (source, weights, lexicon, lexicon != nil)
    self.separator = separator.map(Int32.init)
    tokens = numbers.map { Int32($0) }
    bestBelow = []
    unknownAlone = 0
  }

  /// Whether the language model is one of words.
  public var countsWords: Bool { !bestBelow.isEmpty }

  /// The n-gram model; nil where there is none.
  public var model: NGramModel? {
    switch source {
    case .words(let model), .characters(let model): model
    case .nothing, .predictor: nil
    }
  }
}

extension LanguageFusion {
  /// Subtracts the label priors of the network.
  func discountPriors(in emissions: inout [Double]) {
    labelPriors?.discount(&emissions, weight: weights.labelPriorWeight)
  }

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

  /// What a prefix at a node of the lexicon is charged in advance by the language model.
  func advance(at node: Int32) -> Double {
    guard countsWords, node != Lexicon.wordStart else { return 0 }
    var best = isOpen ? charge(unknownAlone, isUnknown: true) : -.infinity
    if node >= 0 { best = max(best, charge(Double(bestBelow[Int(node)]), isUnknown: false)) }
    return best + weights.wordBonus
  }

  /// The most that a label which is no separator can add to the score of a prefix at a node.
  func headroom(at node: Int32) -> Double {
    (countsWords && node == Lexicon.wordStart ? max(0, weights.wordBonus) : 0)
      + (hotwords?.letterHeadroom ?? 0)
  }

  /// The most that a label which is no separator can add to the score of any prefix.
  var headroom: Double { max(0, weights.wordBonus) + (hotwords?.letterHeadroom ?? 0) }

  /// The most that the end of a word can add to the score of a prefix without anything in advance.
  var endHeadroom: Double { max(0, weights.wordBonus) + (hotwords?.endHeadroom ?? 0) }

  /// What a token of the language model adds to a score.
  func charge(_ logProbability: Double, isUnknown: Bool) -> Double {
    charge(logProbability, cost: isUnknown ? weights.unknownWordPenalty ?? .infinity : 0)
  }

  func charge(_ logProbability: Double, cost: Double) -> Double {
    // A weight of 0 leaves out even what has no probability.
    (weights.languageWeight > 0 ? weights.languageWeight * logProbability : 0) - cost
  }
}

extension NGramModel {
  /// The log-probability of a word as a single word.
  fileprivate func alone(_ word: Int) -> Float {
    score(word, from: emptyState).logProbability
  }
}

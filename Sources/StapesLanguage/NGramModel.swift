internal import Glibc

/// A back-off n-gram language model: the probability of each next word after the last few.
///
/// p(w | h) is the stored probability of the n-gram h w where the model has it, and otherwise
/// b(h) · p(w | h′) with the weight b of the context and the context h′ without its first word
/// (Katz 1987). Words are known by their number; number `unknownWord` stands for every word that
/// the model does not have.
///
/// A search goes through a sentence by `initialState`, `score(_:from:)` for each word and
/// `finish(_:)`. The model is a trie in sorted, packed arrays; a score is one binary search for
/// each length of context and allocates nothing.
public struct NGramModel: Sendable, Equatable {
  /// The orders that a model may have.
  public static let allowedOrders = 1...6

  let vocabulary: Vocabulary
  /// The n-grams, single words first.
  let levels: [NGramLevel]
  /// The state at a sentence's begin.
  public let initialState: State
  /// What the model's words are.
  public let unit: LanguageUnit

  /// What a model remembers of the words so far.
  ///
  /// Two histories with the same state have the same future: a context that changes no score is
  /// left out, so states meet as early as they can.
  public struct State: Sendable, Hashable {
    /// For each length of context, shortest first, its n-gram in that level.
    var nodes = SIMD8<UInt32>(repeating: absent)

    /// The mark of a context that the model does not have or that changes nothing.
    static let absent = UInt32.max

    /// Where nothing is known of what came before.
    public init() {}
  }

  init(vocabulary: Vocabulary, levels: [NGramLevel]) {
    self.vocabulary = vocabulary
    self.levels = levels
    var start = State()
    if levels.count > 1, levels[0].isContext(Vocabulary.begin) {
      start.nodes[0] = UInt32(Vocabulary.begin)
    }
    initialState = start
    unit = vocabulary.index(of: LanguageUnit.space.utf8) == nil ? .word : .character
  }

  /// The state where nothing is known of what came before.
  public var emptyState: State { State() }

  /// The number of words of the longest n-grams.
  public var order: Int { levels.count }

  /// How many n-grams the model has of each order, single words first.
  public var counts: [Int] { levels.map(\.count) }

  /// How many words the model has, the marks `<unk>`, `<s>` and `</s>` included; they are numbered
  /// from 0.
  public var wordCount: Int { vocabulary.count }

  /// The number of the word that stands for all unknown ones.
  public var unknownWord: Int { Vocabulary.unknown }

  /// The numbers of the words that a speaker can say: all but the marks.
  public var spokenWords: Range<Int> { Vocabulary.marks.count..<wordCount }

  /// The word of a number.
  ///
  /// - Precondition: the number is one of the model's words.
  public func word(at index: Int) -> String { vocabulary[index] }

  /// The number of a word; nil where the model does not have it.
  public func index(of word: some StringProtocol) -> Int? { vocabulary.index(of: word.utf8) }

  /// How likely a word comes next.
  ///
  /// - Parameters:
  ///   - word: its number; `unknownWord` for one that the model does not have.
  ///   - state: what came before.
  /// - Returns: the natural logarithm of its probability, and the state after it.
  /// - Precondition: the number is one of the model's words.
  public func score(_ word: Int, from state: State) -> (logProbability: Float, state: State) {
    precondition(word >= 0 && word < wordCount, "word \(word) of \(wordCount)")
    var (logProbability, isFound, next) = (Float(0), false, State())
    for length in stride(from: order - 1, to: 0, by: -1) {
      let node = state.nodes[length - 1]
      guard node != State.absent else { continue }
      let range = levels[length - 1].children(of: Int(node))
      if let found = levels[length].index(of: UInt32(word), in: range) {
        if !isFound { logProbability += levels[length].probabilities[found] }
        isFound = true
        if length + 1 < order, levels[length].isContext(found) {
          next.nodes[length] = UInt32(found)
        }
      } else if !isFound {
        logProbability += levels[length - 1].backoffs[Int(node)]
      }
    }
    if !isFound { logProbability += levels[0].probabilities[word] }
    if order > 1, levels[0].isContext(word) { next.nodes[0] = UInt32(word) }
    return (logProbability, next)
  }

  /// How likely the sentence ends here.
  ///
  /// - Returns: the natural logarithm of the probability.
  public func finish(_ state: State) -> Float { score(Vocabulary.end, from: state).logProbability }

  /// How likely a sentence is, its end included.
  ///
  /// - Returns: the natural logarithm of the probability of the words between begin and end.
  public func logProbability(of sentence: some Sequence<some StringProtocol>) -> Double {
    var (sum, state) = (0.0, initialState)
    for word in sentence {
      let step = score(index(of: word) ?? unknownWord, from: state)
      sum += Double(step.logProbability)
      state = step.state
    }
    return sum + Double(finish(state))
  }

  /// The same model with quantised values, those of single words excepted.
  ///
  /// - Parameter bits: 8 to 16; the error of a value is at most half of the range of all values of
  ///   its order divided by 2^bits.
  /// - Throws: `LanguageError.unusableOption`.
  public func quantized(bits: Int) throws(LanguageError) -> NGramModel {
    guard PackedValues.codedBits.contains(bits) else {
      throw .unusableOption(name: "number of bits", found: "\(bits)", allowed: "8 to 16")
    }
    let coded = levels.dropFirst().map { level in
      NGramLevel(
        words: level.words,
        probabilities: PackedValues(level.probabilities.values, bits: bits),
        backoffs: PackedValues(level.backoffs.values, bits: level.backoffs.count > 0 ? bits : 32),
        children: level.children)
    }
    return NGramModel(vocabulary: vocabulary, levels: levels.prefix(1) + coded)
  }
}

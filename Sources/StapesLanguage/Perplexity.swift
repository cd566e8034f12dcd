internal import Glibc

/// A language model's perplexity on a text, summed sentence by sentence.
///
/// The perplexity is exp(-ln P / N), where P is the probability of all sentences with their ends
/// and N counts words (or characters, the spaces between words included) and one end for each
/// sentence; 1 is the best there is. Without unknown words, both P and N leave out what the model
/// does not have.
public struct Perplexity: Codable, Sendable, Equatable {
  /// What P and N are summed over.
  public struct Sum: Codable, Sendable, Equatable {
    /// The natural logarithm of the probability.
    public internal(set) var logProbability = 0.0
    /// How many words there are.
    public internal(set) var wordCount = 0
    /// How many characters there are, the spaces between words included.
    public internal(set) var characterCount = 0
    /// How many sentences there are.
    public internal(set) var sentenceCount = 0

    /// The perplexity per word; not a number where there is no sentence.
    public var perWord: Double { exp(-logProbability / Double(wordCount + sentenceCount)) }
    /// The perplexity per character; not a number where there is no sentence.
    public var perCharacter: Double {
      exp(-logProbability / Double(characterCount + sentenceCount))
    }
  }

  /// All words.
  public private(set) var all = Sum()
  /// The words that the model has; in a model of characters, the words of which it has every
  /// character.
  public private(set) var known = Sum()
  /// How many words (or characters) the model does not have.
  public private(set) var unknownCount = 0

  /// Starts with no text.
  public init() {}

  /// Adds a line of text; one without words changes nothing.
  public mutating func add(line: String, by model: NGramModel) {
    let words = LanguageUnit.word.split(line)
    guard !words.isEmpty else { return }
    var state = model.initialState
    for (index, word) in words.enumerated() {
      if index > 0 { addSpace(by: model, &state) }
      add(word: word, by: model, &state)
    }
    let end = Double(model.finish(state))
    all.logProbability += end
    known.logProbability += end
    all.sentenceCount += 1
    known.sentenceCount += 1
  }

  private mutating func add(word: String, by model: NGramModel, _ state: inout NGramModel.State) {
    var (logProbability, missing) = (0.0, 0)
    for token in model.unit.split(word, isKnown: { model.index(of: $0) != nil }) {
      let index = model.index(of: token)
      let step = model.score(index ?? model.unknownWord, from: state)
      logProbability += Double(step.logProbability)
      state = step.state
      if index ?? model.unknownWord == model.unknownWord { missing += 1 }
    }
    unknownCount += missing
    all.add(logProbability, characterCount: word.count)
    if missing == 0 { known.add(logProbability, characterCount: word.count) }
  }

  private mutating func addSpace(by model: NGramModel, _ state: inout NGramModel.State) {
    all.characterCount += 1
    known.characterCount += 1
    guard model.unit == .character else { return }
    let space = model.index(of: LanguageUnit.space) ?? model.unknownWord
    let step = model.score(space, from: state)
    all.logProbability += Double(step.logProbability)
    known.logProbability += Double(step.logProbability)
    state = step.state
  }
}

extension Perplexity {
  /// Adds a line of text by the log-probabilities of its characters; one without words changes
  /// nothing.
  ///
  /// - Parameters:
  ///   - line: the text.
  ///   - logProbabilities: natural logs, for each of `LanguageUnit.character.split(line, isKnown:)`
  ///     and at last for the end of the text.
  ///   - isKnown: whether the model has a character.
  public mutating func add(
    line: String, logProbabilities: [Float], isKnown: (String) -> Bool
  ) {
    let characters = LanguageUnit.character.split(line, isKnown: isKnown)
    guard !characters.isEmpty else { return }
    precondition(
      logProbabilities.count == characters.count + 1,
      "\(logProbabilities.count) probabilities for \(characters.count) characters and an end")
    var values = logProbabilities[...].map(Double.init)[...]
    for (index, word) in characters.split(separator: LanguageUnit.space).enumerated() {
      if index > 0 { addSpace(values.removeFirst()) }
      let missing = word.count { !isKnown($0) }
      let sum = values.prefix(word.count).reduce(0, +)
      values.removeFirst(word.count)
      unknownCount += missing
      all.add(sum, characterCount: word.count)
      if missing == 0 { known.add(sum, characterCount: word.count) }
    }
    addEnd(values.removeFirst())
  }

  private mutating func addSpace(_ logProbability: Double) {
    all.characterCount += 1
    known.characterCount += 1
    all.logProbability += logProbability
    known.logProbability += logProbability
  }

  private mutating func addEnd(_ logProbability: Double) {
    all.logProbability += logProbability
    known.logProbability += logProbability
    all.sentenceCount += 1
    known.sentenceCount += 1
  }
}

extension Perplexity.Sum {
  /// Adds a word.
  fileprivate mutating func add(_ logProbability: Double, characterCount: Int) {
    self.logProbability += logProbability
    self.characterCount += characterCount
    wordCount += 1
  }
}

/// Collects references with their hypotheses, and states how well they match.
///
/// Texts are compared as they are, so both are normalised alike first. Words are what stands
/// between spaces.
public struct ErrorTally: Sendable, Equatable {
  /// The edits of one utterance.
  public struct Utterance: Sendable, Equatable {
    /// The word edits.
    public let words: EditCounts
    /// The character edits.
    public let characters: EditCounts
    /// Whether the hypothesis is the reference.
    public var isExact: Bool { characters.errors == 0 }

    /// Compares a hypothesis with its reference.
    public init(reference: String, hypothesis: String) {
      words = EditCounts(
        reference: reference.split(separator: " "), hypothesis: hypothesis.split(separator: " "))
      characters = EditCounts(reference: reference, hypothesis: hypothesis)
    }

    /// Counts a class that was said as one word of one character, heard right or wrong.
    public init(isRight: Bool) {
      words = EditCounts(reference: [0], hypothesis: [isRight ? 0 : 1])
      characters = words
    }
  }

  /// The utterances in the order in which they came.
  public private(set) var utterances: [Utterance] = []

  /// Starts without an utterance.
  public init() {}

  /// Adds one utterance.
  public mutating func add(reference: String, hypothesis: String) {
    add(Utterance(reference: reference, hypothesis: hypothesis))
  }

  /// Adds one utterance that was compared before.
  public mutating func add(_ utterance: Utterance) {
    utterances.append(utterance)
  }

  /// The rates over all utterances, with percentile bootstrap intervals (Efron, 1979; for word
  /// error rates Bisani and Ney, 2004): whole utterances are drawn with replacement, since errors
  /// within one go together.
  ///
  /// Above 10,000 utterances, that many bundles of utterances put together at random are drawn
  /// instead, which gives the same intervals and bounds the time. Where nothing varies, such as
  /// without a single error, the interval is a point. Without utterances all is 0.
  ///
  /// - Parameters:
  ///   - resampleCount: how often the set is drawn, at least once.
  ///   - generator: draws the utterances.
  /// - Returns: the rates with their 95 % intervals.
  public func rates(
    resampleCount: Int = 1000, using generator: inout some RandomNumberGenerator
  ) -> ErrorRates {
    precondition(resampleCount > 0, "resample count \(resampleCount)")
    var total = Sums()
    var (words, characters) = (EditCounts(), EditCounts())
    var bundles = [Sums](repeating: Sums(), count: min(utterances.count, Self.largestDraw))
    for utterance in utterances {
      total.add(Sums(utterance))
      words += utterance.words
      characters += utterance.characters
    }
    for (place, utterance) in bundlingOrder(using: &generator).enumerated() {
      bundles[place % bundles.count].add(Sums(utterance))
    }
    let draws = (0..<(bundles.isEmpty ? 0 : resampleCount)).map { _ in
      Sums(drawnFrom: bundles, using: &generator)
    }
    return ErrorRates(
      wer: rate(\.wordErrorRate, of: total, draws),
      cer: rate(\.characterErrorRate, of: total, draws),
      exact: rate(\.exactShare, of: total, draws), utteranceCount: utterances.count,
      exactCount: total.exact, words: words, characters: characters)
  }

  /// The utterances in random order, where that matters.
  private func bundlingOrder(using generator: inout some RandomNumberGenerator) -> [Utterance] {
    var order = utterances
    guard order.count > Self.largestDraw else { return order }
    for last in order.indices.dropFirst().reversed() {
      order.swapAt(last, generator.index(below: last + 1))
    }
    return order
  }

  private static let largestDraw = 10_000

  private func rate(_ rate: KeyPath<Sums, Double>, of total: Sums, _ draws: [Sums]) -> Rate {
    let sorted = draws.map { $0[keyPath: rate] }.sorted()
    return Rate(
      value: total[keyPath: rate], lower: sorted.quantile(0.025), upper: sorted.quantile(0.975))
  }
}

/// What the three rates are made of, summed over utterances.
private struct Sums {
  private(set) var exact = 0
  private var (utterances, wordErrors, words, characterErrors, characters) = (0, 0, 0, 0, 0)

  var wordErrorRate: Double { Double(wordErrors) / Double(max(words, 1)) }
  var characterErrorRate: Double { Double(characterErrors) / Double(max(characters, 1)) }
  var exactShare: Double { Double(exact) / Double(max(utterances, 1)) }

  init() {}

  init(_ utterance: ErrorTally.Utterance) {
    exact = utterance.isExact ? 1 : 0
    utterances = 1
    wordErrors = utterance.words.errors
    words = utterance.words.referenceLength
    characterErrors = utterance.characters.errors
    characters = utterance.characters.referenceLength
  }

  init(drawnFrom bundles: [Sums], using generator: inout some RandomNumberGenerator) {
    for _ in bundles.indices { add(bundles[generator.index(below: bundles.count)]) }
  }

  mutating func add(_ other: Sums) {
    exact += other.exact
    utterances += other.utterances
    wordErrors += other.wordErrors
    words += other.words
    characterErrors += other.characterErrors
    characters += other.characters
  }
}

extension RandomNumberGenerator {
  /// An index drawn evenly, by the same steps under every version of Swift.
  fileprivate mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}

extension [Double] {
  /// The value below which a share of these sorted values lies, between the nearest two; 0 without
  /// values.
  fileprivate func quantile(_ share: Double) -> Double {
    guard let last = indices.last else { return 0 }
    let position = share * Double(last)
    let below = Int(position)
    let above = Swift.min(below + 1, last)
    return self[below] + (self[above] - self[below]) * (position - Double(below))
  }
}

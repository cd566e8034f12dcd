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

    /// Counts a class that was said as one word of one character, recognised right or wrong.
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

  /// The rates over all utterances, with intervals by the Bayesian bootstrap: whole utterances
  /// count more or less, since errors within one go together, and one more as good or as bad as
  /// there can be stands for what they do not show (Rubin, 1981; Gaffke, 2005).
  ///
  /// So the interval is never a point: without an error in n utterances, it reaches to about 3.7/n.
  /// It holds for further utterances of the same kind, that is of the same speakers: voices differ
  /// more than that. Without utterances all is 0.
  ///
  /// - Parameters:
  ///   - resampleCount: how often the set is drawn, at least once.
  ///   - generator: draws how much each utterance counts.
  /// - Returns: the rates with their 95 % intervals.
  public func rates(
    resampleCount: Int = 1000, using generator: inout some RandomNumberGenerator
  ) -> ErrorRates {
    precondition(resampleCount > 0, "resample count \(resampleCount)")
    let parts = utterances.map(UtteranceSums.init)
    let total = parts.reduce(UtteranceSums(), +)
    let draws = WeightedDraws(
      of: parts, count: parts.isEmpty ? 0 : resampleCount, using: &generator)
    let (best, worst) = (extreme(isWrong: false), extreme(isWrong: true))
    func rate(
      _ rate: KeyPath<UtteranceSums, Double>, lowest: Utterance.Extreme, highest: Utterance.Extreme
    ) -> Rate {
      let ends = draws.interval(of: rate, lowest: lowest.sums, highest: highest.sums)
      return Rate(value: total[keyPath: rate], lower: ends.lower, upper: ends.upper)
    }
    var (words, characters) = (EditCounts(), EditCounts())
    for utterance in utterances {
      words += utterance.words
      characters += utterance.characters
    }
    return ErrorRates(
      wer: rate(\.wordErrorRate, lowest: best, highest: worst),
      cer: rate(\.characterErrorRate, lowest: best, highest: worst),
      exact: rate(\.exactShare, lowest: worst, highest: best), utteranceCount: utterances.count,
      exactCount: utterances.count(where: \.isExact), words: words, characters: characters)
  }

  /// An utterance of the mean length of these that is as right or as wrong as one can be: wrong in
  /// all its words or, where there is such an utterance, in more.
  func extreme(isWrong: Bool) -> Utterance.Extreme {
    func lane(_ edits: KeyPath<Utterance, EditCounts>) -> (errors: Double, length: Double) {
      let length = utterances.reduce(0) { $0 + $1[keyPath: edits].referenceLength }
      let mean = max(Double(length), 1) / Double(max(utterances.count, 1))
      let worstRate = utterances.map { $0[keyPath: edits].rate }.max() ?? 1
      return (isWrong ? max(1, worstRate) * mean : 0, mean)
    }
    return Utterance.Extreme(
      words: lane(\.words), characters: lane(\.characters), isExact: !isWrong)
  }
}

extension ErrorTally.Utterance {
  /// One that nobody said, for the ends of intervals.
  struct Extreme {
    let words: (errors: Double, length: Double)
    let characters: (errors: Double, length: Double)
    let isExact: Bool

    /// Errors and lengths.
    var edits: SIMD4<Double> {
      [words.errors, words.length, characters.errors, characters.length]
    }

    /// As of a single recogniser.
    var sums: UtteranceSums {
      UtteranceSums(SIMD8(lowHalf: edits, highHalf: [isExact ? 1 : 0, 1, 0, 0]))
    }
  }
}

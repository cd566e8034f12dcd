/// How far the error rate of one recogniser is from that of another on the same utterances.
public struct RateDifference: Codable, Sendable, Equatable {
  /// The first rate less the second; below 0 the first recogniser is better.
  public let value: Double
  /// The lower end of its interval of 95 %.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// The probability of a difference so large, either way, between two that are equally good.
  public let pValue: Double
}

extension ErrorTally {
  /// How two recognisers compare.
  public struct Comparison: Codable, Sendable, Equatable {
    /// Of word error rates.
    public let wer: RateDifference
    /// Of character error rates.
    public let cer: RateDifference
    /// The number of utterances.
    public let utteranceCount: Int
  }

  /// Compares the rates with those of another recogniser, by a paired bootstrap (Bisani and Ney,
  /// 2004): utterances are drawn with replacement, the same for both, so that what is hard for both
  /// does not hide which of them is better.
  ///
  /// - Parameters:
  ///   - other: the edits of the other recogniser, of the same utterances in the same order.
  ///   - resampleCount: how often the set is drawn, at least once.
  ///   - generator: draws the utterances.
  /// - Returns: the differences; all 0, and the probability 1, without utterances.
  public func compared(
    with other: ErrorTally, resampleCount: Int = 10_000,
    using generator: inout some RandomNumberGenerator
  ) -> Comparison {
    let count = utterances.count
    precondition(count == other.utterances.count, "\(count) and \(other.utterances.count)")
    precondition(resampleCount > 0, "resample count \(resampleCount)")
    let pairs = zip(utterances, other.utterances).map { Counts($0, $1) }
    var words: [Double] = []
    var characters: [Double] = []
    for _ in 0..<(count == 0 ? 0 : resampleCount) {
      var sum = Counts()
      for _ in 0..<count {
        sum.add(pairs[Int(generator.next().multipliedFullWidth(by: UInt64(count)).high)])
      }
      words.append(sum.wordDifference)
      characters.append(sum.characterDifference)
    }
    var total = Counts()
    for pair in pairs { total.add(pair) }
    return Comparison(
      wer: RateDifference(total.wordDifference, draws: words),
      cer: RateDifference(total.characterDifference, draws: characters), utteranceCount: count)
  }
}

/// The errors and reference lengths of two recognisers; first and second may normalise texts
/// differently.
private struct Counts {
  private var (words, otherWords) = (SIMD2<Int>(), SIMD2<Int>())
  private var (characters, otherCharacters) = (SIMD2<Int>(), SIMD2<Int>())

  var wordDifference: Double { Self.rate(words) - Self.rate(otherWords) }
  var characterDifference: Double { Self.rate(characters) - Self.rate(otherCharacters) }

  init() {}

  init(_ utterance: ErrorTally.Utterance, _ other: ErrorTally.Utterance) {
    func pair(_ counts: EditCounts) -> SIMD2<Int> { [counts.errors, counts.referenceLength] }
    (words, otherWords) = (pair(utterance.words), pair(other.words))
    (characters, otherCharacters) = (pair(utterance.characters), pair(other.characters))
  }

  private static func rate(_ pair: SIMD2<Int>) -> Double { Double(pair.x) / Double(max(pair.y, 1)) }

  mutating func add(_ pair: Counts) {
    words &+= pair.words
    otherWords &+= pair.otherWords
    characters &+= pair.characters
    otherCharacters &+= pair.otherCharacters
  }
}

extension RateDifference {
  /// The difference with the spread of its draws.
  ///
  /// The probability is twice the share of draws on the other side of 0, the observed one counted
  /// too, so that it is never 0.
  fileprivate init(_ value: Double, draws: [Double]) {
    let sorted = draws.sorted()
    self.value = value
    lower = sorted.isEmpty ? value : sorted[Int(0.025 * Double(sorted.count - 1))]
    upper = sorted.isEmpty ? value : sorted[Int((0.975 * Double(sorted.count - 1)).rounded(.up))]
    let below = draws.count { $0 <= 0 }
    let above = draws.count { $0 >= 0 }
    pValue = min(1, 2 * Double(min(below, above) + 1) / Double(draws.count + 1))
  }
}

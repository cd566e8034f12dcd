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
  /// The number of utterances in which the two make different errors.
  public let differingCount: Int

  /// Fewer utterances with different errors than this cannot show at 5 % that one of two
  /// recognisers is better: all of 5 in favour of one have a probability of 2/32.
  public static let fewestDiffering = 6
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

  /// Compares the rates with those of another recogniser, utterance by utterance, so that what is
  /// hard for both does not hide which of them is better.
  ///
  /// The probabilities are those of the paired permutation test (Fisher, 1935), which is exact for
  /// any number of utterances; the intervals hold the differences that it would not reject
  /// (Hartigan, 1969). Where fewer than six utterances tell the two apart, these say too little, and
  /// the intervals are those of the Bayesian bootstrap with one more utterance that speaks wholly
  /// for one or the other.
  ///
  /// - Parameters:
  ///   - other: the edits of the other recogniser, of the same utterances in the same order.
  ///   - resampleCount: how many subsets of the utterances are drawn, at least one; all are taken
  ///     where there are no more.
  ///   - generator: draws the utterances.
  /// - Returns: the differences; all 0, and the probability 1, without utterances.
  public func compared(
    with other: ErrorTally, resampleCount: Int = 10_000,
    using generator: inout some RandomNumberGenerator
  ) -> Comparison {
    let count = utterances.count
    precondition(count == other.utterances.count, "\(count) and \(other.utterances.count)")
    precondition(resampleCount > 0, "resample count \(resampleCount)")
    let pairs = zip(utterances, other.utterances).map { UtteranceSums($0, $1) }
    let total = pairs.reduce(UtteranceSums(), +)
    let subsets = RandomSubsets(of: pairs, count: resampleCount, using: &generator)
    let draws = WeightedDraws(
      of: pairs, count: pairs.isEmpty ? 0 : min(resampleCount, 1000), using: &generator)
    func pair(isWrong: Bool) -> UtteranceSums {
      UtteranceSums(
        SIMD8(
          lowHalf: extreme(isWrong: isWrong).edits,
          highHalf: other.extreme(isWrong: !isWrong).edits))
    }
    func difference(
      _ rate: KeyPath<UtteranceSums, Double>, of edits: KeyPath<Utterance, EditCounts>
    ) -> RateDifference {
      let differingCount = zip(utterances, other.utterances).count {
        $0[keyPath: edits].rate != $1[keyPath: edits].rate
      }
      let ends =
        differingCount < RateDifference.fewestDiffering
        ? draws.interval(of: rate, lowest: pair(isWrong: false), highest: pair(isWrong: true))
        : subsets.interval(of: rate)
      return RateDifference(
        value: total[keyPath: rate], lower: ends.lower, upper: ends.upper,
        pValue: subsets.probability(of: rate), differingCount: differingCount)
    }
    return Comparison(
      wer: difference(\.wordDifference, of: \.words),
      cer: difference(\.characterDifference, of: \.characters), utteranceCount: count)
  }
}

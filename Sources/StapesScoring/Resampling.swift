internal import Glibc

/// What error rates are made of, summed over utterances.
///
/// Eight numbers in a row, so that draws are added quickly: errors and reference length in words,
/// then in characters, and after them the same of another recogniser or, where there is none, the
/// number of exact utterances and of all.
struct UtteranceSums {
  private(set) var values = SIMD8<Double>()

  var wordErrorRate: Double { ratio(0, 1) }
  var characterErrorRate: Double { ratio(2, 3) }
  var exactShare: Double { ratio(4, 5) }
  /// The word error rate less that of the other recogniser.
  var wordDifference: Double { ratio(0, 1) - ratio(4, 5) }
  /// The character error rate less that of the other recogniser.
  var characterDifference: Double { ratio(2, 3) - ratio(6, 7) }

  init() {}

  init(_ values: SIMD8<Double>) { self.values = values }

  init(_ utterance: ErrorTally.Utterance) {
    let (words, characters) = (utterance.words, utterance.characters)
    values = [
      Double(words.errors), Double(words.referenceLength), Double(characters.errors),
      Double(characters.referenceLength), utterance.isExact ? 1 : 0, 1, 0, 0,
    ]
  }

  init(_ utterance: ErrorTally.Utterance, _ other: ErrorTally.Utterance) {
    values = SIMD8(
      lowHalf: UtteranceSums(utterance).values.lowHalf,
      highHalf: UtteranceSums(other).values.lowHalf)
  }

  static func + (a: UtteranceSums, b: UtteranceSums) -> UtteranceSums {
    UtteranceSums(a.values + b.values)
  }

  static func += (sum: inout UtteranceSums, other: UtteranceSums) { sum.values += other.values }

  static func * (factor: Double, sums: UtteranceSums) -> UtteranceSums {
    UtteranceSums(factor * sums.values)
  }

  /// Errors for each reference element; without a reference, the errors.
  private func ratio(_ errors: Int, _ length: Int) -> Double {
    values[length] > 0 ? values[errors] / values[length] : values[errors]
  }
}

/// The Bayesian bootstrap (Rubin, 1981): in each draw every utterance counts a random amount, all
/// amounts together being 1 (Dirichlet-distributed).
///
/// The interval of a rate is that of Gaffke (2005; Learned-Miller and Thomas, 2019): one more
/// utterance, as good or as bad as there can be, stands for what the others do not show. Where
/// utterances are right or wrong, it is the interval of Clopper and Pearson (1934); also where
/// nothing varies or utterances are few, it holds the rate of all such utterances 95 times in 100.
struct WeightedDraws {
  /// The sums of the draws, and how much one more utterance counts in each.
  private var draws: [(sums: UtteranceSums, further: Double)] = []

  /// Draws.
  ///
  /// - Parameters:
  ///   - utterances: what to draw from; above 2,000, that many bundles of utterances put together
  ///     at random are drawn instead, which gives the same intervals and bounds the time.
  ///   - count: how often.
  ///   - generator: draws the amounts.
  init(
    of utterances: [UtteranceSums], count: Int, using generator: inout some RandomNumberGenerator
  ) {
    let bundles = Self.bundles(of: utterances, using: &generator)
    for _ in 0..<count {
      var sums = UtteranceSums()
      for bundle in bundles { sums += generator.exponential() * bundle }
      draws.append((sums, generator.exponential()))
    }
  }

  /// The interval of 95 % of a rate.
  ///
  /// - Parameters:
  ///   - lowest: an utterance for which the rate is as low as it can be.
  ///   - highest: an utterance for which it is as high as it can be.
  func interval(
    of rate: KeyPath<UtteranceSums, Double>, lowest: UtteranceSums, highest: UtteranceSums
  ) -> (lower: Double, upper: Double) {
    func quantile(_ share: Double, with further: UtteranceSums) -> Double {
      draws.map { ($0.sums + $0.further * further)[keyPath: rate] }.sorted().quantile(share)
    }
    return (quantile(0.025, with: lowest), quantile(0.975, with: highest))
  }

  private static let largestDraw = 2000

  private static func bundles(
    of utterances: [UtteranceSums], using generator: inout some RandomNumberGenerator
  ) -> [UtteranceSums] {
    guard utterances.count > largestDraw else { return utterances }
    var order = utterances
    for last in order.indices.dropFirst().reversed() {
      order.swapAt(last, generator.index(below: last + 1))
    }
    var bundles = [UtteranceSums](repeating: UtteranceSums(), count: largestDraw)
    for (place, utterance) in order.enumerated() { bundles[place % largestDraw] += utterance }
    return bundles
  }
}

/// Subsets of utterances, each utterance being in half of them, independently of the others.
///
/// The differences of two recognisers over them are the typical values of Hartigan (1969): of those
/// in order, the true difference lies in each gap equally often. The share below 0 gives the
/// probability of Fisher's paired permutation test (1935), in which each utterance's two
/// transcripts change sides at random.
struct RandomSubsets {
  /// The sums over each subset; the empty one is among them where they are complete.
  private(set) var sums = [UtteranceSums()]
  /// Whether each possible subset is there once.
  let isComplete: Bool

  /// Lists all subsets where they are few, and draws some otherwise.
  ///
  /// - Parameters:
  ///   - utterances: of which there are subsets.
  ///   - count: how many to draw; as many or fewer are listed.
  ///   - generator: draws them.
  init(
    of utterances: [UtteranceSums], count: Int, using generator: inout some RandomNumberGenerator
  ) {
    isComplete = utterances.count < Int.bitWidth - 1 && 1 << utterances.count <= count
    guard !isComplete else {
      for utterance in utterances { sums += sums.map { $0 + utterance } }
      return
    }
    sums = (0..<count).map { _ in
      var (subset, bits) = (UtteranceSums(), UInt64(0))
      for (index, utterance) in utterances.enumerated() {
        if index.isMultiple(of: 64) { bits = generator.next() }
        if bits >> UInt64(index % 64) & 1 == 1 { subset += utterance }
      }
      return subset
    }
  }

  /// The probability, if both recognisers are equally good, of a difference as large as that of all
  /// utterances, either way; never 0.
  func probability(of difference: KeyPath<UtteranceSums, Double>) -> Double {
    let differences = sums.map { $0[keyPath: difference] }
    let smaller = min(differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
    // The empty subset, which shows no difference, is among all of them but hardly among some.
    let empty = isComplete ? 0 : 1
    return min(1, 2 * Double(smaller + empty) / Double(sums.count + empty))
  }

  /// The interval of 95 % of the difference, of at least 6 utterances.
  func interval(of difference: KeyPath<UtteranceSums, Double>) -> (lower: Double, upper: Double) {
    let sorted = sums.dropFirst(isComplete ? 1 : 0).map { $0[keyPath: difference] }.sorted()
    let end = max(0, Int(0.025 * Double(sorted.count + 1)) - 1)
    return (sorted[end], sorted[sorted.count - 1 - end])
  }
}

extension RandomNumberGenerator {
  /// An index drawn evenly, by the same steps under every version of Swift.
  fileprivate mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A number drawn from the exponential distribution of mean 1.
  fileprivate mutating func exponential() -> Double {
    -log1p(-Double(next() >> 11) * 0x1p-53)
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

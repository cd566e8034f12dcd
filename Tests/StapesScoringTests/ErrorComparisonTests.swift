import StapesKernels
import StapesScoring
import Testing

@Suite struct ErrorComparisonTests {
  private func tally(_ hypotheses: [String], of references: [String]) -> ErrorTally {
    var tally = ErrorTally()
    for (reference, hypothesis) in zip(references, hypotheses) {
      tally.add(reference: reference, hypothesis: hypothesis)
    }
    return tally
  }

  /// One word a clip, with one error where a recogniser is wrong.
  private func tallies(_ wrong: [(Bool, Bool)]) -> (ErrorTally, ErrorTally) {
    let references = wrong.map { _ in "a" }
    return (
      tally(wrong.map { $0.0 ? "b" : "a" }, of: references),
      tally(wrong.map { $0.1 ? "b" : "a" }, of: references)
    )
  }

  /// The probability of the sign test (Arbuthnott, 1710), by adding up the binomial distribution:
  /// where each clip is right or wrong, the permutation test is that one.
  private func signTest(_ first: Int, _ second: Int) -> Double {
    let count = first + second
    var (ways, sum) = (1.0, 0.0)
    for successes in 0...min(first, second) {
      sum += ways
      ways *= Double(count - successes) / Double(successes + 1)
    }
    return min(1, 2 * sum / (0..<count).reduce(1.0) { power, _ in 2 * power })
  }

  @Test(arguments: [(0, 1, 2), (0, 5, 0), (0, 6, 1), (1, 8, 3), (4, 4, 4), (2, 9, 40), (3, 25, 60)])
  func probabilitiesAreThoseOfTheSignTest(first: Int, second: Int, alike: Int) {
    let pairs =
      Array(repeating: (true, false), count: first) + Array(repeating: (false, true), count: second)
      + Array(repeating: (true, true), count: alike)
    let (one, other) = tallies(pairs)
    var random = SplitMix64(seed: 1)
    let found = one.compared(with: other, using: &random)
    let expected = signTest(first, second)
    // The scatter of 10,000 draws, thrice; up to 13 clips all subsets are taken.
    let tolerance = pairs.count <= 13 ? 1e-12 : 3 * (2 * expected / 10_000).squareRoot() + 2e-4
    #expect(abs(found.wer.pValue - expected) <= tolerance, "\(found.wer.pValue), \(expected)")
    #expect(found.wer.differingCount == first + second)
    #expect(found.utteranceCount == pairs.count)
    let transposed = other.compared(with: one, using: &random)
    #expect(abs(transposed.wer.value + found.wer.value) < 1e-12)
  }

  @Test func equalRecognisersAreToldSo() {
    let references = (0..<50).map { "word\($0)" }
    let same = tally(references.map { $0 + "s" }, of: references)
    var random = SplitMix64(seed: 2)
    let found = same.compared(with: same, using: &random)
    #expect(found.wer.value == 0 && found.wer.pValue == 1 && found.cer.pValue == 1)
    #expect(found.wer.differingCount == 0)
    // None of 50 differs: of all clips, up to 1 - 0.025^(1/50) = 7 % may, either way.
    #expect(abs(found.wer.upper - 0.071) < 0.02 && abs(found.wer.lower + 0.071) < 0.02)
    let none = ErrorTally().compared(with: ErrorTally(), using: &random)
    #expect(none.wer.value == 0 && none.wer.pValue == 1)
  }

  @Test func consistentDifferencesAreImprobable() {
    let references = (0..<100).map { "one two three\($0)" }
    let better = tally(references, of: references)
    let worse = tally(
      references.enumerated().map { $0 % 5 == 0 ? "one three\($0)" : $1 }, of: references)
    var random = SplitMix64(seed: 3)
    let found = better.compared(with: worse, using: &random)
    #expect(found.wer.pValue < 0.001 && found.wer.upper < 0)
  }

  /// Draws clips of one to five words with skewed numbers of errors, those of the second recogniser
  /// rarer by a factor.
  private func drawn(
    _ count: Int, factor: Double, using random: inout SplitMix64
  ) -> (ErrorTally, ErrorTally) {
    var (first, second) = (ErrorTally(), ErrorTally())
    for _ in 0..<count {
      let words = Int.random(in: 1...5, using: &random)
      // Most clips are easy, some are hard: the square of an even number has a long tail.
      let difficulty = Double.random(in: 0..<1, using: &random)
      func hypothesis(_ chance: Double) -> String {
        (0..<words).map { _ in Double.random(in: 0..<1, using: &random) < chance ? "b" : "a" }
          .joined(separator: " ")
      }
      let reference = Array(repeating: "a", count: words).joined(separator: " ")
      let chance = difficulty * difficulty
      first.add(reference: reference, hypothesis: hypothesis(chance))
      second.add(reference: reference, hypothesis: hypothesis(factor * chance))
    }
    return (first, second)
  }

  /// Simulated: of two equally good recognisers a difference is found by chance in at most 5 %, and
  /// the intervals hold the truth in about 95 % or more.
  @Test(arguments: [3, 5, 10, 30, 100])
  func fewClipsMakeNoDifferenceOutOfChance(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let setCount = 300
    var (found, held, heldOfUnequal) = (0, 0, 0)
    for _ in 0..<setCount {
      let (first, second) = drawn(count, factor: 1, using: &random)
      let equal = first.compared(with: second, resampleCount: 1000, using: &random).wer
      found += equal.pValue < 0.05 ? 1 : 0
      held += (equal.lower...equal.upper).contains(0) ? 1 : 0
      let (worse, better) = drawn(count, factor: 0.5, using: &random)
      let unequal = worse.compared(with: better, resampleCount: 1000, using: &random).wer
      // The mean of the square is 1/3, half of which is left.
      heldOfUnequal += (unequal.lower...unequal.upper).contains(1.0 / 6) ? 1 : 0
    }
    // 0.05 and three times its scatter over 300 sets, 0.0126.
    #expect(Double(found) / Double(setCount) <= 0.05 + 0.038)
    #expect(Double(held) / Double(setCount) >= 0.95 - 0.038)
    #expect(Double(heldOfUnequal) / Double(setCount) >= 0.95 - 0.045)
    if count < RateDifference.fewestDiffering { #expect(found == 0) }
  }
}

import StapesKernels
import StapesText
import TestSupport
import Testing

private func tally(_ pairs: [(String, String)]) -> ErrorTally {
  var tally = ErrorTally()
  for (reference, hypothesis) in pairs { tally.add(reference: reference, hypothesis: hypothesis) }
  return tally
}

private func rates(_ tally: ErrorTally, seed: UInt64 = 1) -> ErrorRates {
  var generator = SplitMix64(seed: seed)
  return tally.rates(using: &generator)
}

/// The number of successes in `count` draws below which a share of all outcomes lies, by adding up
/// the binomial distribution.
private func binomialQuantile(_ share: Double, count: Int, chance: Double) -> Int {
  var probability = 1.0
  for _ in 0..<count { probability *= 1 - chance }
  var (sum, successes) = (probability, 0)
  while sum < share {
    probability *= Double(count - successes) / Double(successes + 1) * chance / (1 - chance)
    successes += 1
    sum += probability
  }
  return successes
}

@Suite struct ErrorTallyTests {
  @Test func ratesAreThoseCountedByHand() {
    let rates = rates(
      tally([
        ("one two three", "one too three"),  // 1 of 3 words; "w" for "o": 1 of 13 characters
        ("four", "four five"),  // 1 insertion to 1 word; 5 to 4 characters
        ("six", ""),  // 1 of 1 word, 3 of 3 characters
        ("seven", "seven"),  // right: 1 word, 5 characters
      ]))
    #expect(rates.wer.value == 3.0 / 6)
    #expect(rates.cer.value == 9.0 / 25)
    #expect(rates.exact.value == 1.0 / 4)
    #expect(rates.utteranceCount == 4)
    #expect(rates.exactCount == 1)
    #expect(rates.words.substitutions == 1)
    #expect(rates.words.insertions == 1)
    #expect(rates.words.deletions == 1)
    #expect(rates.words.matches == 4)
    #expect(rates.characters.deletions == 3)
  }

  @Test func charactersAreWhatAReaderTakesForOne() {
    let composed = rates(tally([("\u{E9}t\u{E9}", "e\u{301}te\u{301}")]))
    #expect(composed.exactCount == 1)
    let accent = rates(tally([("e\u{301}te", "ete")]))
    #expect(accent.cer.value == 1.0 / 3)
  }

  @Test func ratesAreThoseOfJiwer() throws {
    let golden: Golden = try goldenValues("text/errors")
    for pair in golden.pairs {
      let utterance = ErrorTally.Utterance(
        reference: pair.reference, hypothesis: pair.hypothesis)
      #expect(utterance.words.errors == pair.wordErrors, "\(pair)")
      #expect(utterance.characters.errors == pair.characterErrors, "\(pair)")
    }
    let rates = rates(tally(golden.pairs.map { ($0.reference, $0.hypothesis) }))
    #expect(abs(rates.wer.value - golden.wer) < 1e-12)
    #expect(abs(rates.cer.value - golden.cer) < 1e-12)
    #expect(rates.exactCount == golden.exact)
  }

  private struct Golden: Decodable {
    struct Pair: Decodable {
      let reference, hypothesis: String
      let wordErrors, characterErrors: Int
    }
    let pairs: [Pair]
    let wer, cer: Double
    let exact: Int
  }

  @Test(arguments: [(400, 40), (100, 50), (1000, 15)])
  func intervalsAreThoseOfTheBinomialDistribution(count: Int, wrongCount: Int) {
    let pairs = (0..<count).map { ("a", $0 < wrongCount ? "b" : "a") }
    let rates = rates(tally(pairs))
    let chance = Double(wrongCount) / Double(count)
    let lower = Double(binomialQuantile(0.025, count: count, chance: chance)) / Double(count)
    let upper = Double(binomialQuantile(0.975, count: count, chance: chance)) / Double(count)
    // The drawn quantiles scatter by about a tenth of the interval's half width.
    let tolerance = (upper - lower) / 10
    #expect(abs(rates.wer.lower - lower) < tolerance)
    #expect(abs(rates.wer.upper - upper) < tolerance)
    #expect(abs(rates.exact.lower - (1 - upper)) < tolerance)
    #expect(abs(rates.exact.upper - (1 - lower)) < tolerance)
  }

  @Test func intervalsHoldTheTruthAboutNinetyFiveTimesInAHundred() {
    var chance = SplitMix64(seed: 7)
    let setCount = 300
    let held = (0..<setCount).count { _ in
      let tally = tally(
        (0..<150).map { _ in ("a a", Double.random(in: 0..<1, using: &chance) < 0.2 ? "b a" : "a a")
        })
      let wer = tally.rates(resampleCount: 400, using: &chance).wer
      return wer.lower <= 0.1 && 0.1 <= wer.upper
    }
    // 0.959 for exact quantiles at this size; its scatter over 300 sets is 0.011.
    #expect(abs(Double(held) / Double(setCount) - 0.955) < 0.035)
  }

  @Test func errorsWithinAnUtteranceGoTogether() {
    let words = Array(repeating: "a", count: 20).joined(separator: " ")
    let wrong = Array(repeating: "b", count: 20).joined(separator: " ")
    let long = rates(tally((0..<100).map { (words, $0 < 30 ? wrong : words) }))
    let short = rates(tally((0..<100).map { ("a", $0 < 30 ? "b" : "a") }))
    #expect(long.wer == short.wer)
  }

  @Test func manyUtterancesAreDrawnInBundles() {
    let count = 30_000
    let rates = rates(tally((0..<count).map { ("a", $0.isMultiple(of: 5) ? "b" : "a") }))
    let halfWidth = 1.96 * (0.2 * 0.8 / Double(count)).squareRoot()
    #expect(rates.wer.value == 0.2)
    #expect(abs((rates.wer.upper - rates.wer.lower) / 2 / halfWidth - 1) < 0.12)
  }

  @Test func oneSeedGivesOneInterval() {
    let tally = tally((0..<200).map { ("a b c", $0.isMultiple(of: 3) ? "a c" : "a b c") })
    #expect(rates(tally, seed: 4) == rates(tally, seed: 4))
    #expect(rates(tally, seed: 4) != rates(tally, seed: 5))
  }

  @Test func whatNeverVariesHasAPointForAnInterval() {
    let right = rates(tally([("a", "a"), ("b", "b")]))
    #expect(right.wer == Rate(value: 0, lower: 0, upper: 0))
    #expect(right.exact == Rate(value: 1, lower: 1, upper: 1))
    let none = rates(ErrorTally())
    #expect(none.wer == Rate(value: 0, lower: 0, upper: 0))
    #expect(none.exact.value == 0)
    #expect(none.utteranceCount == 0)
  }
}

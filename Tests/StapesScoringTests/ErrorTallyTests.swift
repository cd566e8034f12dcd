import StapesKernels
import StapesScoring
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

/// The probability of at most so many successes in `count` draws, by adding up the binomial
/// distribution.
private func binomialShare(upTo most: Int, count: Int, chance: Double) -> Double {
  var probability = (0..<count).reduce(1.0) { product, _ in product * (1 - chance) }
  var sum = probability
  for successes in 0..<max(most, 0) {
    probability *= Double(count - successes) / Double(successes + 1) * chance / (1 - chance)
    sum += probability
  }
  return most < 0 ? 0 : sum
}

/// The interval of Clopper and Pearson (1934), by bisection: the chances at which so many successes
/// or more, and so many or fewer, have a probability of 2.5 %.
private func clopperPearson(_ successes: Int, of count: Int) -> (lower: Double, upper: Double) {
  func end(_ isBelow: (Double) -> Bool) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return low
  }
  func share(upTo most: Int, _ chance: Double) -> Double {
    binomialShare(upTo: most, count: count, chance: chance)
  }
  return (
    successes == 0 ? 0 : end { 1 - share(upTo: successes - 1, $0) < 0.025 },
    successes == count ? 1 : end { share(upTo: successes, $0) > 0.025 }
  )
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

  @Test(arguments: [
    (400, 40), (100, 50), (1000, 15), (10, 3), (5, 0), (5, 5), (1, 0), (1, 1), (100, 0),
  ])
  func intervalsOfRightAndWrongAreThoseOfClopperAndPearson(count: Int, wrongCount: Int) {
    let pairs = (0..<count).map { ("a", $0 < wrongCount ? "b" : "a") }
    let rates = rates(tally(pairs))
    let (lower, upper) = clopperPearson(wrongCount, of: count)
    // The drawn quantiles scatter by some hundredths of the interval's width.
    let tolerance = (upper - lower) * 0.1
    for rate in [rates.wer, rates.cer] {
      #expect(abs(rate.lower - lower) < tolerance && abs(rate.upper - upper) < tolerance, "\(rate)")
      #expect(rate.lower <= rate.value && rate.value <= rate.upper)
    }
    #expect(abs(rates.exact.lower - (1 - upper)) < tolerance)
    #expect(abs(rates.exact.upper - (1 - lower)) < tolerance)
    if wrongCount == 0 { #expect(rates.wer.lower == 0 && rates.wer.upper > 0) }
  }

  /// Sets of clips of 1 to 20 words in which most clips are easy and some are hard, with words too
  /// many: however few the clips are, the interval holds the truth.
  @Test(arguments: [1, 3, 5, 10, 30, 100])
  func intervalsHoldTheTruthAlsoForFewClips(count: Int) {
    var random = SplitMix64(seed: UInt64(7 + count))
    let setCount = 200
    let held = (0..<setCount).count { _ in
      var tally = ErrorTally()
      for _ in 0..<count {
        let difficulty = Double.random(in: 0..<1, using: &random)
        let words = Int.random(in: 1...20, using: &random)
        let hypothesis = (0..<words).map { _ in
          Double.random(in: 0..<1, using: &random) < difficulty * difficulty * difficulty
            ? "b" : "a"
        }
        tally.add(
          reference: Array(repeating: "a", count: words).joined(separator: " "),
          hypothesis: hypothesis.joined(separator: " "))
      }
      let wer = tally.rates(resampleCount: 400, using: &random).wer
      // The mean of the cube of an even number.
      return wer.lower <= 0.25 && 0.25 <= wer.upper
    }
    // 0.95 less three times the scatter of 200 sets, 0.0154.
    #expect(Double(held) / Double(setCount) >= 0.95 - 0.046)
  }

  @Test func errorsWithinAnUtteranceGoTogether() {
    let words = Array(repeating: "a", count: 20).joined(separator: " ")
    let wrong = Array(repeating: "b", count: 20).joined(separator: " ")
    let long = rates(tally((0..<100).map { (words, $0 < 30 ? wrong : words) }))
    let short = rates(tally((0..<100).map { ("a", $0 < 30 ? "b" : "a") }))
    #expect(abs(long.wer.lower - short.wer.lower) < 1e-12)
    #expect(abs(long.wer.upper - short.wer.upper) < 1e-12 && long.wer.value == short.wer.value)
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

  @Test func textsThatAreEmptyCountTheirInsertions() {
    let added = rates(tally([("", ""), ("", "a b")]))
    #expect(added.wer.value == 2 && added.exact.value == 0.5)
    #expect(added.wer.lower < 2 && added.wer.upper > 2 && added.wer.upper.isFinite)
    let silent = rates(tally([("", "")]))
    #expect(silent.wer.value == 0 && silent.wer.upper > 0.9 && silent.exact.value == 1)
  }

  @Test func nothingIsKnownWithoutUtterances() {
    let none = rates(ErrorTally())
    #expect(none.wer == Rate(value: 0, lower: 0, upper: 0))
    #expect(none.exact.value == 0)
    #expect(none.utteranceCount == 0)
  }
}

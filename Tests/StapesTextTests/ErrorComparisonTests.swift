import StapesKernels
import StapesText
import Testing

@Suite struct ErrorComparisonTests {
  private func tally(_ hypotheses: [String], of references: [String]) -> ErrorTally {
    var tally = ErrorTally()
    for (reference, hypothesis) in zip(references, hypotheses) {
      tally.add(reference: reference, hypothesis: hypothesis)
    }
    return tally
  }

  /// With three utterances all 27 draws can be counted: the share of those without a difference
  /// below 0, and the ends of the interval, follow.
  @Test func drawsAreThoseOfAllPossibleSets() {
    let references = ["a", "b", "c"]
    // The first errs on none, the second on one of three.
    let (first, second) = (
      tally(references, of: references), tally(["a", "x", "c"], of: references)
    )
    var random = SplitMix64(seed: 1)
    let found = first.compared(with: second, using: &random)
    #expect(abs(found.wer.value + 1.0 / 3) < 1e-12)
    #expect(abs(found.wer.lower + 1) < 1e-12 && found.wer.upper == 0)
    // Draws that leave out the second utterance, 8 of 27, show no difference.
    #expect(abs(found.wer.pValue - 16.0 / 27) < 0.02)
    #expect(found.utteranceCount == 3)
    let turned = second.compared(with: first, using: &random)
    #expect(abs(turned.wer.value - 1.0 / 3) < 1e-12 && abs(turned.cer.upper - 1) < 1e-12)
  }

  @Test func equalRecognisersAreToldSo() {
    let references = (0..<50).map { "word\($0)" }
    let same = tally(references.map { $0 + "s" }, of: references)
    var random = SplitMix64(seed: 2)
    let found = same.compared(with: same, using: &random)
    #expect(found.wer.value == 0 && found.wer.lower == 0 && found.wer.upper == 0)
    #expect(found.wer.pValue == 1 && found.cer.pValue == 1)
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
}

internal import StapesCorpus
internal import StapesKernels
package import StapesScoring
internal import StapesText

/// How two models compare on the clips that both could read.
package struct ModelComparison {
  /// What the second model comes to.
  let other: Evaluation
  /// The differences, the first less the second.
  package let differences: ErrorTally.Comparison

  /// Compares.
  package init(_ evaluation: Evaluation, against other: Evaluation) {
    var hypotheses: [LabelledClip: Evaluation.Pair] = [:]
    for pair in other.pairs { hypotheses[pair.clip] = pair }
    var (tally, otherTally) = (ErrorTally(), ErrorTally())
    for pair in evaluation.pairs {
      guard let otherPair = hypotheses[pair.clip] else { continue }
      tally.add(pair.edits)
      otherTally.add(otherPair.edits)
    }
    self.other = other
    var random = SplitMix64(seed: 1)
    differences = tally.compared(with: otherTally, using: &random)
  }

  /// The other model's rates and the differences, for people.
  package var text: String {
    func line(_ name: String, _ rate: Rate, _ difference: RateDifference) -> String {
      let ends = [difference.lower, difference.upper].map { ($0 * 100).formatted(decimals: 2) }
      return """
        \(name) \((rate.value * 100).formatted(decimals: 2)) % with the other model; difference \
        \((difference.value * 100).formatted(decimals: 2)) (\(ends[0]) to \(ends[1])), p = \
        \(difference.pValue.formatted(decimals: 4)), \(counted(difference.differingCount, "clip")) \
        with different errors

        """
    }
    return line("wer  ", other.rates.wer, differences.wer)
      + line("cer  ", other.rates.cer, differences.cer)
  }
}

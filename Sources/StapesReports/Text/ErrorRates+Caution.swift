package import StapesCorpus
package import StapesScoring
internal import StapesText

extension ErrorRates {
  /// That the rates are of too few clips to rely on; nil for enough.
  package var caution: String? {
    guard utteranceCount < Self.fewestUtterances else { return nil }
    return """
      \(counted(utteranceCount, "clip")) \(utteranceCount == 1 ? "is" : "are") too few for a \
      reliable error rate, as the wide intervals show; evaluate \(Self.fewestUtterances) or more
      """
  }
}

extension ErrorTally.Comparison {
  /// That too few clips tell the two models apart; nil for enough.
  package var caution: String? {
    let count = max(wer.differingCount, cer.differingCount)
    guard count < RateDifference.fewestDiffering else { return nil }
    return """
      the models make different errors in \(count == 0 ? "no clip" : counted(count, "clip")) only, \
      too few to tell which is better; compare them on more clips, until \
      \(RateDifference.fewestDiffering) or more differ
      """
  }
}

extension Corpus {
  /// For whose voices measured rates hold, where few speakers are known; nil otherwise.
  package var voiceCaution: String? {
    let names = speakers
    guard (1..<10).contains(names.count) else { return nil }
    return """
      the intervals hold for other clips of \
      \(names.count == 1 ? "this speaker" : "these speakers") (\(names.joined(separator: ", "))) \
      only: other speakers vary more; evaluate on clips of more speakers
      """
  }
}

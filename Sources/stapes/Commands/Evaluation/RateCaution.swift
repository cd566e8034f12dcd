import Stapes

extension ErrorRates {
  /// That the rates are of too few clips to rely on; nil for enough.
  var caution: String? {
    guard utteranceCount < Self.fewestUtterances else { return nil }
    return """
      \(counted(utteranceCount, "clip")) \(utteranceCount == 1 ? "is" : "are") too few to tell how \
      good the model is, as the wide intervals show; measure \(Self.fewestUtterances) or more
      """
  }
}

extension ErrorTally.Comparison {
  /// That too few clips tell the two models apart; nil for enough.
  var caution: String? {
    let count = max(wer.differingCount, cer.differingCount)
    guard count < RateDifference.fewestDiffering else { return nil }
    return """
      the models make different errors in \(count == 0 ? "no clip" : counted(count, "clip")) only: \
      that is too few to tell which is better; compare them on more clips, so that \
      \(RateDifference.fewestDiffering) or more tell them apart
      """
  }
}

extension Corpus {
  /// For whose voices measured rates hold, where few speakers are known; nil otherwise.
  var voiceCaution: String? {
    let names = speakers
    guard (1..<10).contains(names.count) else { return nil }
    return """
      the intervals are for further clips of \(names.count == 1 ? "this speaker" : "these speakers") \
      (\(names.joined(separator: ", "))): other voices differ by more; measure on clips of theirs
      """
  }
}

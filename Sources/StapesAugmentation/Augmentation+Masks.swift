extension Augmentation.Masking {
  /// Masks that others have published, by name.
  public enum Policy: String, Codable, Sendable, CaseIterable {
    /// No masks.
    case none
    /// LibriSpeech basic (Park et al., “SpecAugment”, 2019): one mask each.
    case libriSpeechBasic = "lb"
    /// LibriSpeech double (the same): two masks each.
    case libriSpeechDouble = "ld"
    /// Masks that grow in number and length with the utterance (Park et al., “SpecAugment on large
    /// scale datasets”, 2020).
    case adaptive
  }

  /// The masks of a policy, which was published for 80 bands and frames of 10 ms.
  public init(_ policy: Policy) {
    self.init()
    largestBandShare = 27.0 / 80
    longestTimeMask = 100
    largestTimeShare = 1
    switch policy {
    case .none: break
    case .libriSpeechBasic: (bandMaskCount, timeMaskCount) = (1, 1)
    case .libriSpeechDouble: (bandMaskCount, timeMaskCount) = (2, 2)
    case .adaptive:
      (bandMaskCount, timeMasksPerFrame) = (2, 0.04)
      (largestTimeShare, longestTimeMask) = (0.04, 10_000)
    }
  }
}

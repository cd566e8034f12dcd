public import StapesKernels

/// Normalises the features of a stream as they come.
///
/// Whatever the chunks, the rows are bit for bit those that `FeatureNormalization.apply(to:)` gives
/// for the whole clip. Make one per stream.
public struct IncrementalNormalizer: Sendable {
  private let normalization: FeatureNormalization
  private var sliding: SlidingStatistics?

  /// Prepares for a stream.
  ///
  /// - Throws: `FeatureError.needsWholeClip` for a normalisation per clip.
  public init(_ normalization: FeatureNormalization) throws(FeatureError) {
    switch normalization {
    case .perClip, .smoothed: throw .needsWholeClip
    case .none, .global, .sliding: break
    }
    self.normalization = normalization
    if case .sliding(let frameCount, let means, let deviations) = normalization {
      sliding = SlidingStatistics(frameCount: frameCount, means: means, deviations: deviations)
    }
  }

  /// Normalises the next frames of the stream.
  ///
  /// - Parameter features: [frames × features]; often no frames.
  public mutating func normalize(_ features: inout Matrix) {
    if sliding == nil {
      normalization.apply(to: &features)
    } else {
      sliding?.normalize(&features)
    }
  }
}

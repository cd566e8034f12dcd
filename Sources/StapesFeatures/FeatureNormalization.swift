public import StapesKernels

/// How features are brought to mean 0 and deviation 1, each by itself.
///
///     y = (x - mean) / max(deviation, 0.001)
public enum FeatureNormalization: Codable, Sendable, Equatable {
  /// Not at all.
  case none
  /// By the mean and deviation of the clip.
  case perClip
  /// By the mean and deviation of the clip and of further frames.
  ///
  /// `frameCount` frames with the given means and deviations (as over all training clips) join those
  /// of the clip: a short clip, whose mean is a good part of what is said in it, is normalised by
  /// them, a long one by itself. It is the maximum a posteriori estimate (Gauvain and Lee 1994).
  case smoothed(frameCount: Int, means: [Float], deviations: [Float])
  /// By stored means and deviations, one for each feature, as over all training clips.
  case global(means: [Float], deviations: [Float])
  /// By the mean and deviation of the last frames up to the one in hand.
  ///
  /// While a clip has had fewer than `frameCount` frames, frames with the given means and deviations
  /// (as over all training clips) stand for those that lack: the first frames are normalised by
  /// them, later ones more and more by the clip.
  case sliding(frameCount: Int, means: [Float], deviations: [Float])

  /// The normalisation by the statistics of training clips.
  public static func global(_ statistics: FeatureStatistics) -> FeatureNormalization {
    .global(means: statistics.means, deviations: statistics.deviations)
  }

  /// Checks that it fits features.
  ///
  /// - Throws: `FeatureError.normalizationSize` or `.outOfRange`.
  public func validate(columnCount: Int) throws(FeatureError) {
    switch self {
    case .none, .perClip: return
    case .sliding(let frameCount, _, _) where frameCount < 1 || frameCount > 1_000_000,
      .smoothed(let frameCount, _, _) where frameCount < 1 || frameCount > 1_000_000:
      throw .outOfRange(
        option: "normalization.frameCount", found: Double(frameCount), allowed: 1...1_000_000)
    case .global(let means, let deviations), .sliding(_, let means, let deviations),
      .smoothed(_, let means, let deviations):
      guard means.count == columnCount, deviations.count == columnCount else {
        throw .normalizationSize(
          meanCount: means.count, deviationCount: deviations.count, columnCount: columnCount)
      }
    }
  }

  /// Normalises the features of a whole clip.
  ///
  /// - Parameter features: [frames × features].
  /// - Precondition: the normalisation fits the features (see `validate(columnCount:)`).
  public func apply(to features: inout Matrix) {
    switch self {
    case .none: return
    case .perClip:
      let nothing = FeatureStatistics(columnCount: features.columnCount)
      Self.normalizeByClip(&features, joinedTo: nothing)
    case .smoothed(let frameCount, let means, let deviations):
      let prior = FeatureStatistics(frameCount: frameCount, means: means, deviations: deviations)
      Self.normalizeByClip(&features, joinedTo: prior)
    case .global(let means, let deviations):
      Self.normalize(&features, means: means, deviations: deviations)
    case .sliding(let frameCount, let means, let deviations):
      var window = SlidingStatistics(frameCount: frameCount, means: means, deviations: deviations)
      window.normalize(&features)
    }
  }

  /// The least deviation told from none: features that hardly change are not blown up.
  package static let leastDeviation: Float = 1e-3

  private static func normalizeByClip(
    _ features: inout Matrix, joinedTo prior: FeatureStatistics
  ) {
    var statistics = prior
    statistics.add(features)
    normalize(&features, means: statistics.means, deviations: statistics.deviations)
  }

  private static func normalize(_ features: inout Matrix, means: [Float], deviations: [Float]) {
    let columnCount = features.columnCount
    precondition(
      means.count == columnCount && deviations.count == columnCount,
      "\(means.count) means and \(deviations.count) deviations for \(columnCount) features")
    let divisors = deviations.map { max($0, leastDeviation) }
    let rowCount = features.rowCount
    func run(_ values: inout [Float]) {
      for row in 0..<rowCount {
        for column in 0..<columnCount {
          let index = row * columnCount + column
          values[index] = (values[index] - means[column]) / divisors[column]
        }
      }
    }
    run(&features.values)
  }
}

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

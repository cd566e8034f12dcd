public import StapesKernels

/// Computes the features of whole clips.
///
/// It owns the tables and the plan of the Fourier transform, so it is made once and used for many
/// clips. One task at a time uses it; make one per task.
public struct FeatureExtractor: ~Copyable {
  /// The settings it was made with.
  public var configuration: FeatureConfiguration { stream.configuration }

  private var stream: IncrementalFeatureExtractor

  /// Prepares the tables.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws.
  public init(configuration: FeatureConfiguration) throws(FeatureError) {
    stream = try IncrementalFeatureExtractor(configuration: configuration)
  }

  /// Computes the features of one clip.
  ///
  /// - Parameter samples: mono, in -1...1, at `configuration.sampleRate`.
  /// - Returns: [frames × features], with `configuration.frameCount(forSampleCount:)` frames: none
  ///   if there are no samples, or too few for a frame.
  public mutating func features(of samples: [Float]) -> Matrix {
    var rows = stream.append(samples)
    rows.appendRows(of: stream.finish())
    return rows
  }
}

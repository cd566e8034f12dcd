/// Which slopes over time are appended to the features.
///
/// The slope of a feature x at frame t is that of the line fitted to its neighbours by least
/// squares (Furui, 1986):
///
///     d[t] = (sum over k = 1 … K of k · (x[t+k] - x[t-k])) / (2 · sum over k of k²)
///
/// Frames before the first count as the first, and frames after the last as the last.
public struct DeltaOptions: Codable, Sendable, Equatable {
  /// 1 for the slopes, 2 for the slopes and the slopes of the slopes.
  public var order = 2
  /// K, the neighbours on each side.
  public var window = 2

  /// Makes the default options.
  public init() {}
}

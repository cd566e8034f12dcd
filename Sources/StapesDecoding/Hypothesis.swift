/// A label sequence that the frames may hold, and how probable it is.
public struct Hypothesis: Sendable, Equatable {
  /// The labels in order; blank, class 0, is none.
  public var labels: [Int]
  /// The natural log-probability that the decoder found for them.
  public var logProbability: Double

  /// Makes a hypothesis of labels and their natural log-probability.
  public init(labels: [Int], logProbability: Double) {
    self.labels = labels
    self.logProbability = logProbability
  }
}

/// An emission as decoders take it: what is no logarithm of a probability has probability zero.
func emission(_ logProbability: Float) -> Double {
  logProbability.isFinite ? Double(logProbability) : -.infinity
}

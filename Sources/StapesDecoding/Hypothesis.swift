/// A label sequence that a recording may hold, with its probability.
public struct Hypothesis: Sendable, Equatable {
  /// The labels, in order: classes without blank.
  public var labels: [Int]
  /// The natural log-probability.
  public var logProbability: Double

  /// Makes a hypothesis from its labels and their natural log-probability.
  public init(labels: [Int], logProbability: Double) {
    self.labels = labels
    self.logProbability = logProbability
  }
}

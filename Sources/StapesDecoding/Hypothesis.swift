internal import Glibc

/// A label sequence that the frames may hold, and how probable it is.
public struct Hypothesis: Sendable, Equatable {
  /// The labels in order; blank, class 0, is none.
  public var labels: [Int]
  /// The natural log-probability that the decoder found for them, in the network's outputs or,
  /// where
  /// `LabelPriors` were subtracted, in what that leaves.
  public var logProbability: Double
  /// What a language model and hotwords add to the log-probability; 0 without them.
  public var languageScore: Double
  /// How probable they are among the phrases of a list, or a class among those of a model, in
  /// 0...1; nil for other labels.
  public var posterior: Double?

  /// What hypotheses are ranked by.
  public var score: Double { logProbability + languageScore }

  /// Makes a hypothesis of labels, their natural log-probability and what a language model adds.
  public init(
    labels: [Int], logProbability: Double, languageScore: Double = 0, posterior: Double? = nil
  ) {
    self.labels = labels
    self.logProbability = logProbability
    self.languageScore = languageScore
    self.posterior = posterior
  }
}

/// An emission as decoders take it: what is no logarithm of a probability has probability zero.
func emission(_ logProbability: Float) -> Double {
  logProbability.isFinite ? Double(logProbability) : -.infinity
}

/// ln(exp(a) + exp(b)).
func logSum(_ a: Double, _ b: Double) -> Double {
  let (high, low) = a > b ? (a, b) : (b, a)
  // Below this the sum rounds to the larger one; so it does when that is -∞ too.
  guard low - high > -37 else { return high }
  return high + log1p(exp(low - high))
}

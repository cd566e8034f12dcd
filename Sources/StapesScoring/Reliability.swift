/// How well confidences are calibrated: how often what they belong to is right.
///
/// Of all that is held right with confidence 0.8, 80 % should be.
public struct Reliability: Codable, Sendable, Equatable {
  /// What was held right with about the same confidence.
  public struct Bin: Codable, Sendable, Equatable {
    /// How many.
    public let count: Int
    /// Their mean confidence, in 0...1; 0 for none.
    public let meanConfidence: Double
    /// The share of them that is right, in 0...1; 0 for none.
    public let rightShare: Double
  }

  /// Bins of equal width over 0...1: with ten, confidences below 0.1, below 0.2, and so on.
  public let bins: [Bin]
  /// The mean over all of how far their bin's mean confidence is from the share that is right
  /// (Naeini, Cooper and Hauskrecht 2015); 0 for none.
  public let expectedCalibrationError: Double

  /// The number of confidences.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// Sorts confidences into bins.
  ///
  /// - Parameters:
  ///   - outcomes: confidences in 0...1, each with whether what it is about was right.
  ///   - binCount: the number of bins, at least 1.
  public init(of outcomes: [(confidence: Double, isRight: Bool)], binCount: Int = 10) {
    precondition(binCount >= 1, "\(binCount) bins")
    var sums = [(count: Int, confidence: Double, right: Int)](
      repeating: (0, 0, 0), count: binCount)
    for (confidence, isRight) in outcomes {
      let bin = min(Int(confidence * Double(binCount)), binCount - 1)
      sums[bin].count += 1
      sums[bin].confidence += confidence
      sums[bin].right += isRight ? 1 : 0
    }
    bins = sums.map { sum in
      let count = Double(max(sum.count, 1))
      return Bin(
        count: sum.count, meanConfidence: sum.confidence / count,
        rightShare: Double(sum.right) / count)
    }
    let difference = sums.reduce(0) { $0 + abs($1.confidence - Double($1.right)) }
    expectedCalibrationError = difference / Double(max(outcomes.count, 1))
  }
}

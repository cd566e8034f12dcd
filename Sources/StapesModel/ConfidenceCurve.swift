internal import Glibc

/// How the probability that a network gives a text becomes the share of such texts that are right.
///
/// With p the network's probability and n the number of characters, the confidence is
///
///     σ(probability · ln p − complement · ln(1 − p) + length · ln n + offset)
///
/// which is beta calibration (Kull, Silva Filho and Flach 2017) with a term for the length, since
/// a language model mends long words better than short ones. The default leaves p as it is.
public struct ConfidenceCurve: Codable, Sendable, Equatable {
  /// The weight of ln p.
  public var probability = 1.0
  /// The weight of −ln(1 − p).
  public var complement = 1.0
  /// The weight of ln n.
  public var length = 0.0
  /// The sum for p = 1/2, n = 1, but for ln 2 times the difference of the first two weights.
  public var offset = 0.0

  /// A text that was read, and whether it was right.
  public struct Sample: Codable, Sendable, Equatable {
    /// The probability that the network gives it, in 0...1.
    public let probability: Double
    /// The number of its characters.
    public let length: Int
    /// Whether it is what was said.
    public let isRight: Bool

    /// Makes a sample.
    public init(probability: Double, length: Int, isRight: Bool) {
      self.probability = probability
      self.length = length
      self.isRight = isRight
    }
  }

  /// Makes the curve that leaves probabilities as they are.
  public init() {}

  /// Finds the most probable curve by Newton's method, if beforehand each weight is distributed
  /// normally, with variance 1, around that of the default: so few samples change little, and none
  /// nothing.
  public init(fitting samples: [Sample]) {
    let rows = samples.map { Self.inputs(probability: $0.probability, length: $0.length) }
    let targets = samples.map { $0.isRight ? 1.0 : 0 }
    var loss = cost(of: rows, targets)
    for _ in 0..<50 {
      let step = newtonStep(of: rows, targets)
      var (scale, best) = (1.0, self)
      repeat {
        best.weights = zip(weights, step).map { $0 - scale * $1 }
        scale /= 2
      } while best.cost(of: rows, targets) > loss && scale > 1e-6
      let found = best.cost(of: rows, targets)
      guard found < loss - 1e-9 * loss else { return }
      (self, loss) = (best, found)
    }
  }

  /// The confidence in a text.
  ///
  /// - Parameters:
  ///   - probability: the probability that the network gives it, in 0...1.
  ///   - length: the number of its characters.
  public func confidence(probability: Double, length: Int) -> Double {
    sigmoid(dot(weights, Self.inputs(probability: probability, length: length)))
  }

  private var weights: [Double] {
    get { [probability, complement, length, offset] }
    set {
      (probability, complement, length, offset) = (
        newValue[0], newValue[1], newValue[2], newValue[3]
      )
    }
  }

  /// What the weights are multiplied by; probabilities are kept off 0 and 1, which are rounded.
  private static func inputs(probability: Double, length: Int) -> [Double] {
    [
      log(min(max(probability, 1e-300), 1)), -log(min(max(1 - probability, 1e-6), 1)),
      log(Double(max(length, 1))), 1,
    ]
  }

  /// The negative log-probability of the samples and the weights.
  private func cost(of rows: [[Double]], _ targets: [Double]) -> Double {
    let prior = zip(weights, ConfidenceCurve().weights).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1) / 2
    }
    return zip(rows, targets).reduce(prior) { sum, sample in
      let score = dot(weights, sample.0)
      return sum + max(score, 0) - sample.1 * score + log1p(exp(-abs(score)))
    }
  }

  /// The inverse of the cost's second derivatives times its first.
  private func newtonStep(of rows: [[Double]], _ targets: [Double]) -> [Double] {
    var gradient = zip(weights, ConfidenceCurve().weights).map { $0 - $1 }
    var curvature = (0..<4).map { row in (0..<4).map { row == $0 ? 1.0 : 0 } }
    for (row, target) in zip(rows, targets) {
      let confidence = sigmoid(dot(weights, row))
      for i in 0..<4 {
        gradient[i] += (confidence - target) * row[i]
        for j in 0..<4 { curvature[i][j] += confidence * (1 - confidence) * row[i] * row[j] }
      }
    }
    return solution(of: curvature, gradient)
  }
}

private func sigmoid(_ score: Double) -> Double { 1 / (1 + exp(-score)) }

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Solves a system of equations by elimination; its matrix is symmetric and positive definite, so
/// no pivot is zero.
private func solution(of matrix: [[Double]], _ values: [Double]) -> [Double] {
  var (matrix, values) = (matrix, values)
  for pivot in values.indices {
    for row in values.indices where row != pivot {
      let factor = matrix[row][pivot] / matrix[pivot][pivot]
      for column in pivot..<values.count { matrix[row][column] -= factor * matrix[pivot][column] }
      values[row] -= factor * values[pivot]
    }
  }
  return values.indices.map { values[$0] / matrix[$0][$0] }
}

/// How a model's probabilities become confidences, as found on clips that it did not learn from.
public struct ConfidenceCalibration: Codable, Sendable, Equatable {
  /// For single words.
  public var words: ConfidenceCurve
  /// For the whole texts of clips.
  public var texts: ConfidenceCurve

  /// Makes a calibration; by default confidences are the probabilities themselves.
  public init(
    words: ConfidenceCurve = ConfidenceCurve(), texts: ConfidenceCurve = ConfidenceCurve()
  ) {
    self.words = words
    self.texts = texts
  }
}

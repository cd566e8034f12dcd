internal import Glibc

/// How far back in time the gradient of a loss reaches in each recurrent layer of a network.
///
/// With Lₜ the loss of output t alone and sₜ a layer's state (`Network.stateGradients`), it is
/// ‖∂Lₜ/∂sₜ₋ₖ‖ / ‖∂Lₜ/∂sₜ‖ over k, for outputs t of several clips. In a plain recurrent layer it
/// falls, or grows, by about the same factor at each step (Hochreiter 1991; Bengio and others 1994).
public struct GradientReach: Sendable, Equatable {
  /// What was found at one distance.
  public struct Distance: Codable, Sendable, Equatable {
    /// k, in outputs.
    public let outputs: Int
    /// The number of places t that are at least k from the beginning of their clip.
    public let count: Int
    /// A quarter of the ratios lie below it.
    public let lowerQuartile: Double
    /// Half of the ratios lie below it.
    public let median: Double
    /// Three quarters of the ratios lie below it.
    public let upperQuartile: Double
  }

  /// What was found in one layer; of both directions the forward one.
  public struct Layer: Sendable, Equatable {
    /// The layer in words, such as `64 elman tanh`.
    public let name: String
    /// The position of the layer in the network, counted from 1.
    public let position: Int
    /// k = 0 and on, until less than half of the places are left, or numbers end.
    public let distances: [Distance]

    /// The smallest k at which the median has fallen below a share; nil when it never does.
    public func reach(above share: Double = 0.01) -> Int? {
      distances.first { $0.median < share }?.outputs
    }

    /// What a step leaves of the gradient, on average over the distances measured: the slope of
    /// ln(median) over k by least squares, as a factor; nil without two distances.
    public var factorPerOutput: Double? {
      let points = distances.filter { $0.median > 1e-30 }
        .map { (Double($0.outputs), log($0.median)) }
      guard points.count > 1 else { return nil }
      let count = Double(points.count)
      let (meanX, meanY) = (
        points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count
      )
      let squares = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
      return exp(points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / squares)
    }
  }

  /// The recurrent layers, first to last.
  public let layers: [Layer]
  /// How many seconds lie between two outputs.
  public let secondsPerOutput: Double
  /// For each clip, sorted, the length of the gradient of all weights: that of the clip's mean loss
  /// per character; infinite where numbers end.
  public let weightGradientNorms: [Double]
  /// The length that training shortens a longer gradient to.
  public let gradientNormLimit: Double

  /// The number of clips whose gradient is longer than the limit.
  public var shortenedCount: Int {
    weightGradientNorms.count { $0 > gradientNormLimit }
  }
}

extension GradientReach.Layer {
  /// Gathers what was found.
  ///
  /// - Parameters:
  ///   - name: the layer in words.
  ///   - position: counted from 1.
  ///   - courses: for each place t the norms at k = 0, 1, … t; places without a gradient at k = 0
  ///     do not count.
  ///   - longest: the largest k.
  init(name: String, position: Int, courses: [[Double]], longest: Int) {
    self.name = name
    self.position = position
    let courses = courses.filter { ($0.first ?? 0) > 0 }
    var distances: [GradientReach.Distance] = []
    for k in 0...longest {
      let ratios = courses.filter { $0.count > k }.map { $0[k] / $0[0] }.sorted()
      guard !ratios.isEmpty, 2 * ratios.count >= courses.count else { break }
      let quartiles = [0.25, 0.5, 0.75].map { ratios.value(at: $0) }
      guard quartiles.allSatisfy(\.isFinite) else { break }
      distances.append(
        GradientReach.Distance(
          outputs: k, count: ratios.count, lowerQuartile: quartiles[0], median: quartiles[1],
          upperQuartile: quartiles[2]))
    }
    self.distances = distances
  }
}

extension [Double] {
  /// The value below which a share of these sorted values lies, between the nearest two.
  fileprivate func value(at share: Double) -> Double {
    let position = share * Double(count - 1)
    let below = Int(position)
    let above = Swift.min(below + 1, count - 1)
    let part = position - Double(below)
    return part == 0 ? self[below] : self[below] * (1 - part) + self[above] * part
  }
}

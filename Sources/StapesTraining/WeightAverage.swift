internal import StapesKernels
public import StapesNetwork

/// An exponential moving average of the weights, which generalises better than the last step's.
///
/// After step t: a ← d·a + (1 − d)·w with d = min(decay, (1 + t) / (10 + t)), so that the first
/// steps, far from any optimum, are forgotten soon. Polyak and Juditsky, 1992; the ramp is
/// TensorFlow's.
public struct WeightAverage: Sendable {
  /// The largest share of the average that is kept at a step.
  public let decay: Double
  /// The averaged weights.
  public private(set) var parameters: NetworkParameters

  private var stepCount = 0

  /// Starts from the weights before the first step.
  ///
  /// - Parameters:
  ///   - parameters: the weights.
  ///   - decay: in 0..<1; with 0 the average is the last step's weights.
  public init(of parameters: NetworkParameters, decay: Double) {
    self.parameters = parameters
    self.decay = decay
  }

  /// Takes in the weights after a step.
  public mutating func add(_ newest: NetworkParameters) {
    stepCount += 1
    let ramp = (1 + Double(stepCount)) / (10 + Double(stepCount))
    let gain = Float(1 - min(decay, ramp))
    for index in parameters.tensors.indices {
      move(
        &parameters.tensors[index].matrix.values, towards: newest.tensors[index].matrix.values,
        by: gain)
    }
  }

  private func move(_ average: inout [Float], towards newest: [Float], by gain: Float) {
    precondition(average.count == newest.count, "\(average.count) and \(newest.count) weights")
    for index in 0..<average.count {
      average[index] += gain * (newest[index] - average[index])
    }
  }
}

internal import StapesKernels
public import StapesNetwork

/// Adam with bias correction and decoupled weight decay.
///
/// With gradient g, step t counted from 1 and rate η:
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − ηλw − η · m̂ / (√v̂ + ε), where
/// m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). The decay λ spares biases (matrices of one row).
/// Kingma and Ba, 2015; Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
public struct AdamOptimizer: Sendable {
  /// β₁, how much of the mean of past gradients is kept at each step.
  public let firstDecay: Double
  /// β₂, how much of the mean of past squared gradients is kept at each step.
  public let secondDecay: Double
  /// ε, which bounds the step where gradients are tiny.
  public let epsilon: Double
  /// λ, the share of each weight that is taken away per step and unit of rate.
  public let weightDecay: Double

  private var first: NetworkParameters
  private var second: NetworkParameters
  /// β₁ᵗ and β₂ᵗ after t steps.
  private var powers = (first: 1.0, second: 1.0)

  /// Makes an optimiser for weights of these shapes; its moments start at zero.
  public init(
    for parameters: NetworkParameters, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    first = parameters
    first.scale(by: 0)
    second = first
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: the weights to move.
  ///   - gradient: of the loss with respect to each weight; every element finite.
  ///   - learningRate: η.
  public mutating func update(
    _ parameters: inout NetworkParameters, gradient: NetworkParameters, learningRate: Double
  ) {
    precondition(
      parameters.tensors.count == gradient.tensors.count
        && parameters.tensors.count == first.tensors.count,
      "\(parameters.tensors.count) tensors, \(gradient.tensors.count) gradients")
    powers.first *= firstDecay
    powers.second *= secondDecay
    let rule = UpdateRule(
      firstDecay: Float(firstDecay), secondDecay: Float(secondDecay),
      firstGain: Float(1 - firstDecay), secondGain: Float(1 - secondDecay),
      stepSize: Float(learningRate / (1 - powers.first)),
      rootCorrection: Float(1 / (1 - powers.second).squareRoot()),
      epsilon: Float(epsilon), kept: Float(1 - learningRate * weightDecay))
    for index in parameters.tensors.indices {
      rule.apply(
        to: &parameters.tensors[index].matrix.values,
        first: &first.tensors[index].matrix.values,
        second: &second.tensors[index].matrix.values,
        gradient: gradient.tensors[index].matrix.values,
        decays: parameters.tensors[index].matrix.rowCount > 1)
    }
  }
}

/// The numbers of one step, worked out once for all weights.
private struct UpdateRule {
  let firstDecay: Float
  let secondDecay: Float
  let firstGain: Float
  let secondGain: Float
  /// η / (1 − β₁ᵗ).
  let stepSize: Float
  /// 1 / √(1 − β₂ᵗ).
  let rootCorrection: Float
  let epsilon: Float
  /// 1 − ηλ.
  let kept: Float

  func apply(
    to weights: inout [Float], first: inout [Float], second: inout [Float], gradient: [Float],
    decays: Bool
  ) {
    let count = weights.count
    precondition(
      gradient.count == count && first.count == count && second.count == count,
      "\(count) weights, \(gradient.count) gradients")
    let kept = decays ? kept : 1
    for index in 0..<count {
      let slope = gradient[index]
      let mean = firstDecay * first[index] + firstGain * slope
      let square = secondDecay * second[index] + secondGain * slope * slope
      first[index] = mean
      second[index] = square
      weights[index] =
        kept * weights[index] - stepSize * mean / (square.squareRoot() * rootCorrection + epsilon)
    }
  }
}

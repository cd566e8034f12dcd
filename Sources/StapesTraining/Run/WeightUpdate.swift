internal import Glibc
internal import StapesKernels
internal import StapesRecipe

/// What one step does to any matrix of weights: the optimiser's formula, then the average's.
struct WeightUpdate: Sendable {
  /// How the weights move along the gradient.
  let optimizer: OptimizerOptions
  /// λ, the share of each weight that is taken away per step and unit of rate; biases (matrices of
  /// one row) are spared.
  let weightDecay: Double
  /// The step, counted from 1.
  let step: Int
  /// η.
  let learningRate: Double
  /// What the gradient is multiplied by before all else.
  let gradientScale: Float
  /// How much of the average a step moves towards the newest weights.
  let averageGain: Float

  /// Moves a matrix.
  ///
  /// - Parameters:
  ///   - tensor: the weights, and what moves with them.
  ///   - gradient: of the loss with respect to each weight; every element finite.
  ///   - rateFactor: what the learning rate is multiplied by; with 0 nothing moves.
  func apply(to tensor: inout TrainedTensor, gradient: Matrix, rateFactor: Double) {
    guard rateFactor > 0 else { return }
    let rate = learningRate * rateFactor
    let decay = tensor.weights.rowCount > 1 ? weightDecay : 0
    switch optimizer.method {
    case .sgd:
      MomentumStep(
        gradientScale: gradientScale, coupledDecay: Float(decay),
        momentum: Float(optimizer.momentum), rate: Float(rate), looksAhead: optimizer.looksAhead
      ).take(on: &tensor.weights, velocity: &tensor.first, gradient: gradient)
    case .adam, .adamW:
      adamStep(rate: rate, decay: decay).take(
        on: &tensor.weights, first: &tensor.first, second: &tensor.second, gradient: gradient)
    }
    tensor.average.move(towards: tensor.weights, gain: averageGain)
  }

  private func adamStep(rate: Double, decay: Double) -> AdamStep {
    let (firstDecay, secondDecay) = (optimizer.firstDecay, optimizer.secondDecay)
    let isDecoupled = optimizer.method == .adamW
    return AdamStep(
      gradientScale: gradientScale, coupledDecay: isDecoupled ? 0 : Float(decay),
      kept: isDecoupled ? Float(1 - rate * decay) : 1,
      first: (Float(firstDecay), Float(1 - firstDecay)),
      second: (Float(secondDecay), Float(1 - secondDecay)),
      stepSize: Float(rate / (1 - pow(firstDecay, Double(step)))),
      rootCorrection: Float(1 / (1 - pow(secondDecay, Double(step))).squareRoot()),
      epsilon: Float(optimizer.epsilon))
  }
}

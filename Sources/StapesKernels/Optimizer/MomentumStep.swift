internal import CKernels

/// The numbers of one step of gradient descent with momentum.
///
/// With gradient g and rate η: g ← s·g + λw, v ← μv + g, and w ← w − ηv, or looking ahead
/// w ← w − η(g + μv), as PyTorch has Nesterov's step (Sutskever et al., "On the importance of
/// initialization and momentum in deep learning", 2013).
package struct MomentumStep: Sendable {
  /// s: what the gradient is multiplied by.
  package var gradientScale: Float
  /// λ: how much of each weight is added to its gradient.
  package var coupledDecay: Float
  /// μ: how much of the velocity is kept.
  package var momentum: Float
  /// η: the learning rate.
  package var rate: Float
  /// Whether the step looks ahead (Nesterov).
  package var looksAhead: Bool

  /// Puts the numbers together.
  package init(
    gradientScale: Float, coupledDecay: Float, momentum: Float, rate: Float, looksAhead: Bool
  ) {
    self.gradientScale = gradientScale
    self.coupledDecay = coupledDecay
    self.momentum = momentum
    self.rate = rate
    self.looksAhead = looksAhead
  }

  /// Moves weights and their velocity.
  ///
  /// - Parameters:
  ///   - weights: w.
  ///   - velocity: v, of the same shape, as is the gradient.
  ///   - gradient: g.
  package func take(on weights: inout Matrix, velocity: inout Matrix, gradient: Matrix) {
    let count = weights.values.count
    precondition(
      velocity.values.count == count && gradient.values.count == count,
      "\(count) weights, \(gradient.values.count) gradients")
    let step = stapes_momentum_step(
      gradient_scale: gradientScale, coupled_decay: coupledDecay, momentum: momentum, rate: rate,
      looks_ahead: looksAhead)
    unsafe weights.values.withUnsafeMutableBufferPointer { weights in
      unsafe velocity.values.withUnsafeMutableBufferPointer { velocity in
        unsafe gradient.values.withUnsafeBufferPointer { gradient in
          unsafe stapes_take_momentum_step(
            weights.baseAddress, velocity.baseAddress, gradient.baseAddress, step, count)
        }
      }
    }
  }
}

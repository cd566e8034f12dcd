internal import CKernels

/// The numbers of one step of Adam (Kingma and Ba, 2015), worked out once for all weights.
///
/// With gradient g, step t counted from 1 and rate η: g ← s·g + λ′w, m ← β₁m + (1 − β₁)g,
/// v ← β₂v + (1 − β₂)g², w ← (1 − ηλ)w − η · m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ). λ′ is decay coupled with the gradient, λ decay apart from it (Loshchilov and
/// Hutter, "Decoupled weight decay regularization", 2019).
package struct AdamStep: Sendable {
  /// s: what the gradient is multiplied by.
  package var gradientScale: Float
  /// λ′: how much of each weight is added to its gradient.
  package var coupledDecay: Float
  /// 1 − ηλ: how much of each weight is kept.
  package var kept: Float
  /// β₁ and 1 − β₁.
  package var first: (decay: Float, gain: Float)
  /// β₂ and 1 − β₂.
  package var second: (decay: Float, gain: Float)
  /// η / (1 − β₁ᵗ).
  package var stepSize: Float
  /// 1 / √(1 − β₂ᵗ).
  package var rootCorrection: Float
  /// ε, which bounds the step where gradients are tiny.
  package var epsilon: Float

  /// Puts the numbers together.
  package init(
    gradientScale: Float, coupledDecay: Float, kept: Float, first: (decay: Float, gain: Float),
    second: (decay: Float, gain: Float), stepSize: Float, rootCorrection: Float, epsilon: Float
  ) {
    self.gradientScale = gradientScale
    self.coupledDecay = coupledDecay
    self.kept = kept
    self.first = first
    self.second = second
    self.stepSize = stepSize
    self.rootCorrection = rootCorrection
    self.epsilon = epsilon
  }

  /// Moves weights and their moments.
  ///
  /// - Parameters:
  ///   - weights: w.
  ///   - first: m, of the same shape, as are all.
  ///   - second: v.
  ///   - gradient: g.
  package func take(
    on weights: inout Matrix, first: inout Matrix, second: inout Matrix, gradient: Matrix
  ) {
    let count = weights.values.count
    precondition(
      first.values.count == count && second.values.count == count
        && gradient.values.count == count, "\(count) weights, \(gradient.values.count) gradients")
    let step = stapes_adam_step(
      gradient_scale: gradientScale, coupled_decay: coupledDecay, kept: kept,
      first_decay: self.first.decay, first_gain: self.first.gain,
      second_decay: self.second.decay, second_gain: self.second.gain, step_size: stepSize,
      root_correction: rootCorrection, epsilon: epsilon)
    unsafe weights.values.withUnsafeMutableBufferPointer { weights in
      unsafe first.values.withUnsafeMutableBufferPointer { first in
        unsafe second.values.withUnsafeMutableBufferPointer { second in
          unsafe gradient.values.withUnsafeBufferPointer { gradient in
            unsafe stapes_take_adam_step(
              weights.baseAddress, first.baseAddress, second.baseAddress, gradient.baseAddress,
              step, count)
          }
        }
      }
    }
  }
}

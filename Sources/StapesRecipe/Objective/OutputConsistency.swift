public import StapesKernels

/// Draws what a network makes of two views of the same frames, each under masks of its own, together.
///
/// With weight α and the softmaxes pₜ and qₜ of the two views' logits in frame t, the objective has beside
/// the mean loss of the views α·½·Σₜ (KL(qₜ ‖ pₜ) + KL(pₜ ‖ qₜ)), where what stands before the bars counts as
/// given; the derivative by the logits of p is ½·α·(pₜ − qₜ). Yao et al., "CR-CTC: consistency
/// regularization on CTC for improved speech recognition", 2024.
public struct OutputConsistency: Sendable {
  /// α, at least 0.
  public let weight: Double

  /// Draws with a weight.
  public init(weight: Double) {
    self.weight = weight
  }

  /// Adds the pull of one view towards the other to the gradient of its loss, which counts twice what it
  /// counts in the mean.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂logits of a view, [frames × classes].
  ///   - probabilities: of that view, [frames × classes].
  ///   - other: those of the other view, [frames × classes].
  public func draw(_ gradient: inout Matrix, probabilities: Matrix, towards other: Matrix) {
    gradient.add(probabilities, times: Float(weight))
    gradient.add(other, times: Float(-weight))
  }
}

public import StapesKernels

/// Keeps a network from being too sure of itself: beside the loss of the labels, a share of the
/// objective is how far each frame is from giving all classes the same chance.
///
/// With share ε, classes C, and pₜ the softmax of frame t's logits, the objective is
/// (1 − ε)·L + ε·Σₜ KL(u ‖ pₜ), u = 1/C. The divergence is −(1/C)·Σₖ ln pₜₖ − ln C, and its
/// derivative by the logits pₜ − u. Szegedy et al., "Rethinking the Inception architecture", 2016;
/// with CTC, Kim et al., "Improved training for online end-to-end speech recognition", 2018.
public struct LabelSmoothing: Sendable {
  /// ε, in 0..<1.
  public let share: Double

  /// Smooths by a share.
  public init(share: Double) {
    self.share = share
  }

  /// Turns the gradient of L into that of the objective.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂logits, [frames × classes].
  ///   - probabilities: pₜ, [frames × classes].
  public func smooth(_ gradient: inout Matrix, probabilities: Matrix) {
    gradient.scale(by: Float(1 - share))
    gradient.add(probabilities, times: Float(share))
    let uniform = Float(share) / Float(gradient.columnCount)
    for index in gradient.values.indices { gradient.values[index] -= uniform }
  }
}

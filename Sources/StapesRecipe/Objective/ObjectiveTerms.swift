package import StapesCTC
package import StapesKernels

/// What the options add to the loss of the labels: CTC-CRF, label smoothing and consistency.
package struct ObjectiveTerms: ~Copyable {
  /// Whether there is nothing to add.
  package let isEmpty: Bool
  private let smoothing: LabelSmoothing?
  private let consistency: OutputConsistency?
  private let crfShare: Double
  private var denominator: CTCDenominator?

  /// Prepares the terms.
  ///
  /// - Parameter trigram: of the labels, where CTC-CRF has a share in the objective.
  package init(options: TrainingOptions, trigram: LabelTrigram?) {
    smoothing =
      options.labelSmoothing > 0 ? LabelSmoothing(share: options.labelSmoothing) : nil
    consistency =
      options.consistency > 0 ? OutputConsistency(weight: options.consistency) : nil
    isEmpty = smoothing == nil && consistency == nil && trigram == nil
    crfShare = options.crfShare
    denominator = trigram.map { CTCDenominator($0) }
  }

  /// Adds the gradients of the terms for one view of an utterance.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂logits of the loss of the labels, [frames × classes].
  ///   - probabilities: the softmax of the view's logits, [frames × classes].
  ///   - other: that of the other view; nil where there is none to be consistent with.
  ///   - labels: of the text.
  /// - Returns: CTC-CRF's part of the loss, in nats.
  package mutating func add(
    to gradient: inout Matrix, probabilities: Matrix, other: Matrix?, labels: [Int]
  ) -> Double {
    let loss =
      denominator?.add(
        to: &gradient, probabilities: probabilities, labels: labels, share: crfShare) ?? 0
    smoothing?.smooth(&gradient, probabilities: probabilities)
    if let other { consistency?.draw(&gradient, probabilities: probabilities, towards: other) }
    return loss
  }
}

package import StapesCTC
package import StapesKernels

/// What the options add to the loss of the labels: CTC-CRF, label smoothing and consistency.
package struct ObjectiveTerms: ~Copyable {
  private let smoothing: LabelSmoothing
  private let consistency: OutputConsistency
  private let crfShare: Double
  private var denominator: CTCDenominator?

  /// Prepares the terms.
  ///
  /// - Parameter trigram: of the labels, where CTC-CRF has a share in the objective.
  package init(options: TrainingOptions, trigram: LabelTrigram?) {
    smoothing = LabelSmoothing(share: options.labelSmoothing)
    consistency = OutputConsistency(weight: options.consistency)
    crfShare = options.crfShare
    denominator = trigram.map { CTCDenominator($0) }
  }

  /// Whether there is anything to add.
  package var areNeeded: Bool { smoothing.share > 0 || consistency.weight > 0 || crfShare > 0 }

  /// Adds the gradients of the terms for one view of an utterance.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂logits of the loss of the labels, [frames × classes].
  ///   - logits: of the view, [frames × classes].
  ///   - other: the logits of the other view; nil where there is none to be consistent with.
  ///   - labels: of the text.
  /// - Returns: CTC-CRF's part of the loss, in nats.
  package mutating func add(
    to gradient: inout Matrix, logits: Matrix, other: Matrix?, labels: [Int]
  ) -> Double {
    let loss =
      denominator?.add(to: &gradient, logits: logits, labels: labels, share: crfShare) ?? 0
    if smoothing.share > 0 { smoothing.smooth(&gradient, logits: logits) }
    if let other { consistency.draw(&gradient, logits: logits, towards: other) }
    return loss
  }
}

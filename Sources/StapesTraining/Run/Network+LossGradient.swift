internal import Glibc
internal import StapesCTC
internal import StapesKernels
internal import StapesNetwork
internal import StapesRecipe

extension Network {
  /// Runs the forward and the backward pass of some utterances.
  ///
  /// Utterances with features or losses that are not finite are reported in the result and change
  /// nothing else.
  ///
  /// - Parameters:
  ///   - trigram: of the labels, where CTC-CRF has a share in the objective.
  ///   - complete: is given each matrix, with its position, of the gradient of the sum of the objective
  ///     that the options have, with respect to the weights.
  /// - Returns: the losses, without what smoothing and consistency add.
  func lossGradient(
    of utterances: some Collection<Utterance>, dropoutSeed: UInt64, options: TrainingOptions,
    trigram: LabelTrigram? = nil,
    complete: (_ position: Int, _ gradient: Matrix) -> Void
  ) -> LossSum {
    var terms = ObjectiveTerms(options: options, trigram: trigram)
    let chance = log(Double(configuration.classCount))
    let usable = utterances.filter { $0.views.allSatisfy { $0.squaredNorm.isFinite } }
    let views = usable.flatMap { utterance in utterance.views.map { (utterance, features: $0) } }
    let network = withWeightNoise(seed: dropoutSeed)
    var pass = network.forward(
      views.map(\.features), dropoutSeed: dropoutSeed, precision: options.precision)
    // The terms need the logits beside the gradients that take their memory.
    let logits = terms.areNeeded ? pass.logits : []
    var sum = LossSum()
    var logitGradients: [Matrix] = []
    let results = options.task.losses(logits: pass.takeLogits(), labels: views.map(\.0.labels))
    let isFinite = results.map { $0.loss.isFinite && $0.gradient.squaredNorm.isFinite }
    for (index, ((utterance, _), result)) in zip(views, results).enumerated() {
      var gradient = result.gradient
      if isFinite[index] {
        sum.loss += result.loss
        sum.chanceLoss += Double(gradient.rowCount) * chance
        sum.labelCount += max(utterance.labels.count, 1)
        if terms.areNeeded {
          let other = options.viewCount == 2 && isFinite[index ^ 1] ? logits[index ^ 1] : nil
          sum.loss += terms.add(
            to: &gradient, logits: logits[index], other: other, labels: utterance.labels)
        }
      } else {
        if sum.faultyClips.last != utterance.clips.last { sum.faultyClips += utterance.clips }
        gradient = Matrix(rowCount: gradient.rowCount, columnCount: gradient.columnCount)
      }
      logitGradients.append(gradient)
    }
    sum.faultyClips +=
      utterances.filter { !$0.views.allSatisfy { $0.squaredNorm.isFinite } }.flatMap(\.clips)
    network.backward(pass, logitGradients: logitGradients, complete: complete)
    return sum
  }
}

/// What the options add to the loss of the labels.
private struct ObjectiveTerms: ~Copyable {
  private let smoothing: LabelSmoothing
  private let consistency: OutputConsistency
  private let crfShare: Double
  private var denominator: CTCDenominator?

  init(options: TrainingOptions, trigram: LabelTrigram?) {
    smoothing = LabelSmoothing(share: options.labelSmoothing)
    consistency = OutputConsistency(weight: options.consistency)
    crfShare = options.crfShare
    denominator = trigram.map { CTCDenominator($0) }
  }

  /// Whether there is anything to add.
  var areNeeded: Bool { smoothing.share > 0 || consistency.weight > 0 || crfShare > 0 }

  /// Adds the gradients of the terms for a view of an utterance, and returns CTC-CRF's part of the loss.
  mutating func add(
    to gradient: inout Matrix, logits: Matrix, other: Matrix?, labels: [Int]
  ) -> Double {
    let loss =
      denominator?.add(to: &gradient, logits: logits, labels: labels, share: crfShare) ?? 0
    if smoothing.share > 0 { smoothing.smooth(&gradient, logits: logits) }
    if let other { consistency.draw(&gradient, logits: logits, towards: other) }
    return loss
  }
}

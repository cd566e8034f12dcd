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
    let smoothing = LabelSmoothing(share: options.labelSmoothing)
    let consistency = OutputConsistency(weight: options.consistency)
    var denominator = trigram.map { CTCDenominator($0) }
    let chance = log(Double(configuration.classCount))
    let usable = utterances.filter { $0.views.allSatisfy { $0.squaredNorm.isFinite } }
    let views = usable.flatMap { utterance in
      utterance.views.map { (features: $0, labels: utterance.labels, clips: utterance.clips) }
    }
    let network = withWeightNoise(seed: dropoutSeed)
    var pass = network.forward(
      views.map(\.features), dropoutSeed: dropoutSeed, precision: options.precision)
    // What changes the objective needs the logits beside the gradients that take their memory.
    let logits =
      smoothing.share > 0 || consistency.weight > 0 || trigram != nil ? pass.logits : []
    var sum = LossSum()
    var logitGradients: [Matrix] = []
    let results = options.task.losses(logits: pass.takeLogits(), labels: views.map(\.labels))
    for (index, (view, result)) in zip(views, results).enumerated() {
      var gradient = result.gradient
      let outputCount = gradient.rowCount
      if result.loss.isFinite, gradient.squaredNorm.isFinite {
        sum.loss += result.loss
        sum.loss +=
          denominator?.add(
            to: &gradient, logits: logits[index], labels: view.labels, share: options.crfShare) ?? 0
        sum.chanceLoss += Double(outputCount) * chance
        sum.labelCount += max(view.labels.count, 1)
        if smoothing.share > 0 { smoothing.smooth(&gradient, logits: logits[index]) }
        if consistency.weight > 0, results[index ^ 1].loss.isFinite {
          consistency.draw(&gradient, logits: logits[index], towards: logits[index ^ 1])
        }
      } else {
        sum.faultyClips += view.clips
        gradient = Matrix(rowCount: outputCount, columnCount: gradient.columnCount)
      }
      logitGradients.append(gradient)
    }
    sum.faultyClips +=
      utterances.filter { !$0.views.allSatisfy { $0.squaredNorm.isFinite } }.flatMap(\.clips)
    network.backward(pass, logitGradients: logitGradients, complete: complete)
    return sum
  }
}

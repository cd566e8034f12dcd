internal import Glibc
internal import StapesKernels
internal import StapesNetwork
internal import StapesRecipe

extension Network {
  /// Runs the forward and the backward pass of some utterances.
  ///
  /// Utterances with features or losses that are not finite are reported in the result and change
  /// nothing else.
  ///
  /// - Parameter complete: is given each matrix, with its position, of the gradient of the sum of the
  ///   losses, smoothed as the options have it, with respect to the weights.
  /// - Returns: the losses.
  func lossGradient(
    of utterances: some Collection<Utterance>, dropoutSeed: UInt64, options: TrainingOptions,
    complete: (_ position: Int, _ gradient: Matrix) -> Void
  ) -> LossSum {
    let smoothing = LabelSmoothing(share: options.labelSmoothing)
    let chance = log(Double(configuration.classCount))
    let usable = utterances.filter { $0.features.squaredNorm.isFinite }
    let network = withWeightNoise(seed: dropoutSeed)
    var pass = network.forward(
      usable.map(\.features), dropoutSeed: dropoutSeed, precision: options.precision)
    // Smoothing alone needs the logits beside the gradients that take their memory.
    let smoothed = smoothing.share > 0 ? pass.logits : []
    var sum = LossSum()
    var logitGradients: [Matrix] = []
    let results = options.task.losses(
      logits: pass.takeLogits(), labels: usable.map(\.labels))
    for (index, (utterance, result)) in zip(usable, results).enumerated() {
      var gradient = result.gradient
      let outputCount = gradient.rowCount
      if result.loss.isFinite, gradient.squaredNorm.isFinite {
        sum.loss += result.loss
        sum.chanceLoss += Double(outputCount) * chance
        sum.labelCount += max(utterance.labels.count, 1)
        if smoothing.share > 0 { smoothing.smooth(&gradient, logits: smoothed[index]) }
      } else {
        sum.faultyClips += utterance.clips
        gradient = Matrix(rowCount: outputCount, columnCount: gradient.columnCount)
      }
      logitGradients.append(gradient)
    }
    sum.faultyClips += utterances.filter { !$0.features.squaredNorm.isFinite }.flatMap(\.clips)
    network.backward(pass, logitGradients: logitGradients, complete: complete)
    return sum
  }
}

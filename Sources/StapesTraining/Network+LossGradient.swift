internal import Glibc
internal import StapesKernels
internal import StapesNetwork

extension Network {
  /// Goes forward and back through some utterances.
  ///
  /// Utterances with features or losses that are not finite are told in the result and change
  /// nothing else.
  ///
  /// - Returns: the losses, and the gradient of their sum, smoothed as the options have it, with
  ///   respect to the weights.
  func lossGradient(
    of utterances: some Collection<Utterance>, dropoutSeed: UInt64, options: TrainingOptions
  ) -> (LossSum, NetworkParameters) {
    let smoothing = LabelSmoothing(share: options.labelSmoothing)
    let chance = log(Double(configuration.classCount))
    let usable = utterances.filter { $0.features.squaredNorm.isFinite }
    let network = withWeightNoise(seed: dropoutSeed)
    let pass = network.forward(
      usable.map(\.features), dropoutSeed: dropoutSeed, precision: options.precision)
    var sum = LossSum()
    var logitGradients: [Matrix] = []
    for (utterance, logits) in zip(usable, pass.logits) {
      let result = options.task.loss(logits: logits, labels: utterance.labels)
      if result.loss.isFinite, result.gradient.squaredNorm.isFinite {
        sum.loss += result.loss
        sum.chanceLoss += Double(logits.rowCount) * chance
        sum.labelCount += utterance.labels.count
        var gradient = result.gradient
        smoothing.smooth(&gradient, logits: logits)
        logitGradients.append(gradient)
      } else {
        sum.faultyClips += utterance.clips
        logitGradients.append(Matrix(rowCount: logits.rowCount, columnCount: logits.columnCount))
      }
    }
    sum.faultyClips += utterances.filter { !$0.features.squaredNorm.isFinite }.flatMap(\.clips)
    var gradient = NetworkParameters.zeros(for: configuration)
    network.backward(pass, logitGradients: logitGradients, into: &gradient)
    return (sum, gradient)
  }
}

internal import StapesCTC
internal import StapesKernels
internal import StapesNetwork

extension Network {
  /// Goes forward and back through some utterances.
  ///
  /// Utterances with features or losses that are not finite are told in the result and change
  /// nothing else.
  ///
  /// - Returns: the CTC losses, and the gradient of their sum with respect to the weights.
  func lossGradient(
    of utterances: some Collection<Utterance>, dropoutSeed: UInt64, precision: ProductPrecision
  ) -> (LossSum, NetworkParameters) {
    let usable = utterances.filter { $0.features.squaredNorm.isFinite }
    let network = withWeightNoise(seed: dropoutSeed)
    let pass = network.forward(
      usable.map(\.features), dropoutSeed: dropoutSeed, precision: precision)
    var sum = LossSum()
    var logitGradients: [Matrix] = []
    for (utterance, logits) in zip(usable, pass.logits) {
      let result = CTC.loss(logits: logits, labels: utterance.labels)
      if result.loss.isFinite, result.gradient.squaredNorm.isFinite {
        sum.loss += result.loss
        sum.labelCount += utterance.labels.count
        logitGradients.append(result.gradient)
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

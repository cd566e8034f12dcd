internal import StapesCTC
internal import StapesKernels
internal import StapesNetwork

extension Network {
  /// Goes forward and back through some utterances.
  ///
  /// - Returns: their CTC losses, and the gradient of the sum of the losses with respect to the
  ///   weights.
  func lossGradient(
    of utterances: some Collection<Utterance>, dropoutSeed: UInt64
  ) -> (LossSum, NetworkParameters) {
    let pass = forward(utterances.map(\.features), dropoutSeed: dropoutSeed)
    var sum = LossSum()
    var logitGradients: [Matrix] = []
    for (utterance, logits) in zip(utterances, pass.logits) {
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
    var gradient = NetworkParameters.zeros(for: configuration)
    backward(pass, logitGradients: logitGradients, into: &gradient)
    return (sum, gradient)
  }
}

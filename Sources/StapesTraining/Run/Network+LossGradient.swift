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
  /// - Returns: the losses, without smoothing and consistency.
  func lossGradient(
    of utterances: some Collection<Utterance>, dropoutSeed: UInt64, options: TrainingOptions,
    trigram: LabelTrigram?, complete: (_ position: Int, _ gradient: Matrix) -> Void
  ) -> LossSum {
    var terms = ObjectiveTerms(options: options, trigram: trigram)
    let chance = log(Double(configuration.classCount))
    let usable = utterances.filter { $0.views.allSatisfy { $0.squaredNorm.isFinite } }
    let views = usable.flatMap { utterance in utterance.views.map { (utterance, features: $0) } }
    let network = withWeightNoise(seed: dropoutSeed)
    var pass = network.forward(
      views.map(\.features), dropoutSeed: dropoutSeed, precision: options.precision)
    let outputs = terms.isEmpty ? [] : pass.logits.map { $0.softmaxOfRows() }
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
        if !terms.isEmpty {
          let other = options.viewCount == 2 && isFinite[index ^ 1] ? outputs[index ^ 1] : nil
          sum.loss += terms.add(
            to: &gradient, probabilities: outputs[index], other: other, labels: utterance.labels)
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

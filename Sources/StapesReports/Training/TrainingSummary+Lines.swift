internal import StapesFeatures
internal import StapesModel
internal import StapesNetwork
internal import StapesScoring
internal import StapesText
package import StapesTraining

extension TrainingSummary {
  /// The network in words.
  package var architecture: String {
    options.networkConfiguration(classCount: outputs.classCount).architecture.description
  }

  /// What is trained on, and with which recipe.
  package var lines: [String] {
    let characters = outputs.alphabet.characters
    let goal =
      outputs.labels.map { "\($0.count) classes: \($0.joined(separator: ", "))" }
      ?? "\(characters.count) characters: \(characters.joined())"
    return [
      """
      training on \(counted(clipCount, "clip")) (\(hours.formatted(decimals: 2)) hours), \
      validating on \(validationClipCount) (\(validationHours.formatted(decimals: 2)) hours); \
      \(goal)\
      \(options.vocabulary == .closed ? "; closed vocabulary: the model writes no other words" : "")
      """,
      """
      \(counted(options.epochCount, "epoch")); \(architecture), \
      \((Double(parameterCount) / 1e6).formatted(decimals: 2)) million weights; \
      \(options.features.columnCount) features at \(options.features.sampleRate) Hz, an output \
      for each \(options.outputStride) frames
      """,
    ]
  }
}

extension TrainingOutcome {
  /// Where the model comes from and what it can do.
  package func line(_ task: TrainingOptions.Task) -> String {
    let rates = validation.rates
    let figures =
      task == .classify
      ? "accuracy" : "CER \(rates.cer.interval), WER \(rates.wer.interval), exact"
    return """
      \(wasStopped ? "stopped; " : "")the model of epoch \(epoch), \(figures) \
      \(rates.exact.interval) of \(counted(rates.utteranceCount, "clip"))
      """
  }
}

extension Double {
  /// A share in percent.
  package var percent: String { "\((self * 100).formatted(decimals: 2)) %" }
}

extension Rate {
  /// The rate in percent with its interval of 95 % confidence.
  package var interval: String {
    let ends = [lower, upper].map { ($0 * 100).formatted(decimals: 2) }
    return "\(value.percent) (\(ends[0]) to \(ends[1]))"
  }
}

internal import StapesFeatures
package import StapesEvaluation
package import StapesModel
internal import StapesNetwork
package import StapesScoring
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
    return """
      \(wasStopped ? "stopped; " : "")the model of epoch \(epoch), \
      \(task == .classify ? "accuracy \(rates.exactLine)" : rates.line)
      """
  }
}

extension ErrorRates {
  /// All three rates with their intervals, and the number of clips.
  package var line: String { "WER \(wer.interval), CER \(cer.interval), exact \(exactLine)" }

  fileprivate var exactLine: String {
    "\(exact.interval) of \(counted(utteranceCount, "clip"))"
  }
}

extension LanguageModelTrial {
  /// Its result.
  package var line: String {
    """
    its language model is \(helps ? "kept" : "not used"): \
    \(wordErrors.with.value.percent) of word errors with it, \
    \(wordErrors.without.value.percent) without, on clips of the data
    """
  }
}

extension Provenance {
  /// The terms of the model's weights, without those of the data.
  package var terms: String { licence.split(separator: ";").first.map(String.init) ?? licence }
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

internal import StapesScoring
internal import StapesText
package import StapesTraining

extension TrainingProgress {
  /// Speed and time left.
  fileprivate var pace: String {
    "\(hoursPerSecond.formatted(decimals: 3)) hours/s, \(clockTime(secondsLeft)) left"
  }
}

extension TrainingStep {
  /// The step in one line.
  package var line: String {
    """
    epoch \(progress.epoch) of \(progress.epochCount), step \(step) of \(stepCount): \
    loss \(loss.formatted(decimals: 3)), \(progress.pace)
    """
  }
}

extension TrainingEpoch {
  /// The epoch in one line, and what the model makes of three clips.
  package func lines(_ task: TrainingOptions.Task) -> String {
    let samples = validation.samples.map { sample in
      sample.reference == sample.hypothesis
        ? "  = \(sample.reference)\n"
        : "  - \(sample.reference)\n  + \(sample.hypothesis)\n"
    }
    return """
      epoch \(progress.epoch) of \(progress.epochCount): loss \(loss.formatted(decimals: 3)), \
      \(validation.line(task)), \(progress.pace)\(improvedModel == nil ? "" : ", best so far")

      """ + samples.joined()
  }
}

extension ValidationFigures {
  /// The rates without their intervals.
  func line(_ task: TrainingOptions.Task) -> String {
    let (cer, wer, exact) = (rates.cer.value, rates.wer.value, rates.exact.value)
    let loss = "validation: \(hasLoss ? "loss \(loss.formatted(decimals: 3))" : "no loss")"
    return task == .classify
      ? "\(loss), accuracy \(exact.percent)"
      : "\(loss), CER \(cer.percent), WER \(wer.percent), exact \(exact.percent)"
  }
}

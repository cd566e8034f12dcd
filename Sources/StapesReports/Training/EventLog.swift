internal import FoundationEssentials
package import StapesFiles
package import StapesTraining

/// A file of curves for TensorBoard, in a folder of one training.
package struct EventLog: RunWriter {
  private let folder: ReportFolder
  private let name: String
  private var isBegun = false

  /// Chooses a file; those of earlier processes stay, and TensorBoard joins them by their steps.
  package init(folder: ReportFolder) {
    self.folder = folder
    // TensorBoard reads the files of a folder in the order of their names.
    let seconds = Int(Date.now.timeIntervalSince1970)
    name = "events.out.tfevents.\(seconds).stapes.\(ProcessInfo.processInfo.processIdentifier)"
  }

  package mutating func write(_ event: TrainingEvent, of facts: RunFacts) throws(FileError) {
    guard case .epoch(let epoch) = event, let figures = epoch.history.last else { return }
    if !isBegun {
      try add(step: 0, .fileVersion)
      try add(step: figures.epoch, .start)
      isBegun = true
    }
    try add(step: figures.epoch, .scalars(figures.scalars(facts.task)))
  }

  private func add(step: Int, _ content: TensorBoardEvent.Content) throws(FileError) {
    let seconds = Date.now.timeIntervalSince1970
    let event = TensorBoardEvent(seconds: seconds, step: step, content)
    try folder.append(event.record, to: name)
  }
}

extension EpochFigures {
  /// The figures by their names in TensorBoard.
  fileprivate func scalars(_ task: TrainingOptions.Task) -> [(tag: String, value: Double)] {
    let errors =
      task == .classify
      ? [("error/clips", wordErrorRate)]
      : [("error/characters", characterErrorRate), ("error/words", wordErrorRate)]
    return [("loss/training", loss), ("loss/validation", validationLoss)] + errors + [
      ("learning_rate", learningRate), ("gradient_norm/median", gradientNorm),
      ("gradient_norm/largest", largestGradientNorm), ("speed/hours_a_second", hoursPerSecond),
    ]
  }
}

package import StapesFiles
package import StapesTraining

/// What a training has told so far: what all that is written about it is made of.
package struct RunFacts {
  /// The model file.
  let model: String
  /// What is trained on, and how; nil until the clips are read.
  private(set) var summary: TrainingSummary?
  /// The figures of the completed epochs.
  private(set) var history: [EpochFigures] = []
  /// The best epoch so far, and its results on the validation clips.
  private(set) var best: (epoch: Int, figures: ValidationFigures)?
  /// What was told besides, each thing once.
  private(set) var notices: [String] = []
  /// How the training ended, in a sentence; nil while it is under way.
  private(set) var result: String?

  /// What the model learns to do.
  package var task: TrainingOptions.Task { summary?.options.task ?? .transcribe }

  package init(model: String) { self.model = model }

  /// Takes in what the training tells.
  package mutating func add(_ event: TrainingEvent) {
    switch event {
    case .reading, .searching, .step: break
    case .prepared(let summary): self.summary = summary
    case .passedOver(let clips): for clip in clips { add(notice: passedOver(clip)) }
    case .notice(let notice): add(notice: notice.description)
    case .epoch(let epoch):
      history = epoch.history
      if epoch.improvedModel != nil || best == nil {
        best = (epoch.progress.epoch, epoch.validation)
      }
    case .finished(let outcome):
      best = (outcome.epoch, outcome.validation)
      result = outcome.line(task)
    }
  }

  private mutating func add(notice: String) {
    if !notices.contains(notice) { notices.append(notice) }
  }
}

/// What to say of a clip without a finite gradient.
package func passedOver(_ clip: String) -> String { "\(clip): its gradient is not finite; skipped" }

/// Something that writes about a training while it goes on.
package protocol RunWriter: Sendable {
  /// Writes what an event gives cause to.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - facts: what the training has told so far, the event included.
  mutating func write(_ event: TrainingEvent, of facts: RunFacts) throws(FileError)

  /// Writes that the training came to a bad end.
  mutating func write(_ failure: any Error) throws(FileError)
}

extension RunWriter {
  package mutating func write(_ failure: any Error) throws(FileError) {}
}

import Logging
import Stapes
import StapesConsole

/// Writes down what a training run tells, and its best model.
struct TrainingReport {
  private var output: TrainedModelFile
  /// The epoch whose model is in the file; nil for none of this run.
  private var writtenEpoch: Int?
  private var writers: [any RunWriter]
  private let keepsCheckpoints: Bool
  private let languageIsGiven: Bool
  private let logger: Logger
  private var progress: ProgressLine
  private var passedOverClips: Set<ByteName> = []
  private var facts: RunFacts

  /// Makes a report of a run whose model goes to a file.
  ///
  /// - Parameters:
  ///   - output: the file.
  ///   - writers: write what there is besides the model.
  ///   - keepsCheckpoints: whether checkpoints stay after the end.
  ///   - languageIsGiven: whether the language of the texts was given rather than guessed.
  ///   - logger: takes messages.
  ///   - progress: shows how far the run is.
  init(
    output: TrainedModelFile, writers: [any RunWriter], keepsCheckpoints: Bool,
    languageIsGiven: Bool, logger: Logger, progress: ProgressLine
  ) {
    self.output = output
    self.writers = writers
    facts = RunFacts(model: output.path)
    self.keepsCheckpoints = keepsCheckpoints
    self.languageIsGiven = languageIsGiven
    self.logger = logger
    self.progress = progress
  }

  /// Runs a trainer and reports until its end.
  ///
  /// When the task is cancelled the run is ended after its current step, and its best model is the
  /// result. Of several ranks the first alone reports.
  ///
  /// - Returns: whether the run was ended before its last epoch.
  func follow(_ trainer: Trainer) async throws -> Bool {
    // A task of its own: one that is cancelled would get no more of the run.
    let listening = Task {
      var report = self
      var wasStopped = false
      do {
        for try await event in trainer.run() {
          if trainer.ranks.isFirst { try report.tell(event) }
          guard case .finished(let outcome) = event else { continue }
          wasStopped = outcome.wasStopped
          // Only now that the model is written they are of no more use.
          if !wasStopped, !keepsCheckpoints, trainer.ranks.isFirst { trainer.checkpoints?.remove() }
        }
      } catch {
        report.write(error)
        throw error
      }
      return wasStopped
    }
    return try await withTaskCancellationHandler {
      do {
        return try await listening.value
      } catch TrainingError.stoppedBeforeFirstStep {
        progress.clear()
        logger.notice("\(TrainingError.stoppedBeforeFirstStep)")
        return true
      }
    } onCancel: {
      trainer.stop()
    }
  }

  private mutating func tell(_ event: TrainingEvent) throws {
    facts.add(event)
    switch event {
    case .reading(let done, let count): progress.show("reading clips: \(done) of \(count)")
    case .searching(let done, let count):
      progress.show("searching the background: \(done) of \(count)")
    case .prepared(let summary): tell(summary)
    case .step(let step): progress.show(step.line)
    case .passedOver(let clips):
      for clip in clips where passedOverClips.insert(clip.byteName).inserted {
        logger.warning("\(passedOver(clip))")
      }
    case .notice(let notice):
      progress.clear()
      logger.log(level: notice.isWarning ? .warning : .notice, "\(notice)")
      if case .averaged = notice { writtenEpoch = nil }
    case .epoch(let epoch):
      progress.clear()
      if let model = epoch.improvedModel { save(model, epoch: epoch.history.last?.epoch) }
      try Console.write(epoch.lines(facts.task))
    case .finished(let outcome):
      progress.clear()
      try finish(outcome)
      try Console.write("\(output.path): \(outcome.line(facts.task))\n")
      if let caution = outcome.validation.rates.caution { logger.warning("\(caution)") }
    }
    try write(event)
  }

  /// Writes down an event; where that fails, the training is worth more, unless it is at its end.
  private mutating func write(_ event: TrainingEvent) throws(FileError) {
    for index in writers.indices {
      do throws(FileError) {
        try writers[index].write(event, of: facts)
      } catch {
        if case .finished = event { throw error }
        logger.error("\(error)")
      }
    }
  }

  /// Writes down what ended the training, as far as that can be written.
  private mutating func write(_ failure: any Error) {
    for index in writers.indices {
      do throws(FileError) {
        try writers[index].write(failure)
      } catch {
        logger.error("\(error)")
      }
    }
  }

  /// Writes a model; where that fails now, the best is tried again at the end.
  private mutating func save(_ model: SpeechModel, epoch: Int?) {
    do {
      try output.write { try model.write(to: $0, known: $1) }
      writtenEpoch = epoch
    } catch {
      logger.error("\(error)")
    }
  }

  /// Makes sure that the best model is in its file.
  private mutating func finish(_ outcome: TrainingOutcome) throws {
    if writtenEpoch == outcome.epoch, output.isIntact { return }
    try output.finish { try outcome.model.write(to: $0, known: $1) }
  }

  private func tell(_ summary: TrainingSummary) {
    progress.clear()
    let shown = 20
    for clip in summary.unused.prefix(shown) { logger.notice("skipped: \(clip)") }
    if summary.unused.count > shown {
      logger.notice("skipped: \(summary.unused.count - shown) more clips")
    }
    logger.tell(
      summary.textChanges, of: summary.options.text, languageIsGiven: languageIsGiven)
    for finding in summary.findings { logger.warning("\(finding.summary)") }
    for line in summary.lines { logger.info("\(line)") }
  }
}

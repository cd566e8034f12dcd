import FoundationEssentials
import Logging
import Stapes
import StapesConsole

/// Trains on parts of a corpus, one after the other, and measures each model on clips that it was
/// neither trained nor chosen on.
struct FoldTraining {
  let parts: [CorpusFold]
  /// All clips, listened to.
  let check: CorpusCheck
  /// How to train, and from what: the same on every part.
  let start: OriginOptions.Start
  let threadCount: Int?
  let sampleMemory: Int
  let logger: Logger
  let progress: ProgressLine

  /// What became of a part.
  struct Result: Sendable {
    let part: CorpusFold
    let evaluation: Evaluation
    let epoch: Int
  }

  /// Trains and measures; a part that is stopped is left out, as are those after it.
  func run() async throws -> [Result] {
    if let finding = check.soundShared(in: parts) { logger.warning("\(finding.summary)") }
    var results: [Result] = []
    for part in parts where !Task.isCancelled {
      guard let outcome = try await train(on: part) else { break }
      let recognizer = try Recognizer(
        model: .model(outcome.model), languageModel: outcome.model.usualLanguageModel())
      let evaluation: Evaluation
      do throws(CancellationError) {
        evaluation = try await Evaluation(
          of: recognizer, on: part.test,
          threadCount: threadCount ?? ProcessInfo.processInfo.activeProcessorCount)
      } catch {
        break
      }
      for failure in evaluation.failures { logger.error("\(failure.error)") }
      let result = Result(part: part, evaluation: evaluation, epoch: outcome.epoch)
      results.append(result)
      try Console.write(result.line + "\n")
    }
    return results
  }

  /// Trains on a part; nil where it was stopped.
  private func train(on part: CorpusFold) async throws -> TrainingOutcome? {
    var trainer = try Trainer(
      corpus: part.training, options: start.options, threadCount: threadCount,
      origin: start.model, sampleMemory: sampleMemory)
    trainer.language = try start.trial?.language(for: part.training)
    let listening = Task { [trainer] in
      var (outcome, progress) = (TrainingOutcome?.none, progress)
      for try await event in trainer.run() {
        switch event {
        case .step(let step): progress.show("\(part.name): \(step.line)")
        case .notice(let notice) where notice.isWarning:
          progress.clear()
          logger.warning("\(part.name): \(notice)")
        case .finished(let result): outcome = result
        default: break
        }
      }
      progress.clear()
      return outcome
    }
    let outcome = try await withTaskCancellationHandler {
      do {
        return try await listening.value
      } catch TrainingError.stoppedBeforeFirstStep {
        return nil
      }
    } onCancel: { [trainer] in
      trainer.stop()
    }
    return outcome?.wasStopped == false ? outcome : nil
  }
}

extension FoldTraining.Result {
  /// The part and its figures.
  fileprivate var line: String {
    let count = "\(counted(part.training.clips.count, "clip")) trained on"
    return "\(part.name): \(evaluation.rates.line); \(count), epoch \(epoch)"
  }
}

extension [FoldTraining.Result] {
  /// The figures over all clips of cross-validation, in which each was measured once.
  var together: String {
    "together: \(rates.line)\n"
  }

  /// The rates over all clips that were measured.
  var rates: ErrorRates {
    var tally = ErrorTally()
    for pair in flatMap(\.evaluation.pairs) { tally.add(pair.edits) }
    var random = SplitMix64(seed: 1)
    return tally.rates(using: &random)
  }
}

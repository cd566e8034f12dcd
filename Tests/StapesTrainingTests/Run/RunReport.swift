import StapesAugmentation
import StapesFeatures
import StapesTraining
import TestSupport

extension ToneCorpus {
  /// Options under which the letters are learnt in a few seconds.
  static var options: TrainingOptions {
    var options = TrainingOptions()
    options.features = FeatureConfiguration(sampleRate: sampleRate)
    options.epochCount = 30
    options.batchSeconds = 4
    options.shardSize = 4
    options.learningRate.peak = 0.02
    (options.layerCount, options.hiddenSize, options.dropout) = (1, 16, 0.1)
    options.averageDecay = 0.8
    options.augmentation.speed = 0.97...1.03
    options.augmentation.noiseShare = 0.3
    return options
  }
}

/// What a run told, sorted by kind.
struct RunReport {
  var summary: TrainingSummary?
  var steps: [TrainingStep] = []
  var passedOver: [[String]] = []
  var notices: [TrainingNotice] = []
  var epochs: [TrainingEpoch] = []
  var outcome: TrainingOutcome?

  /// Runs a trainer to its end.
  init(of trainer: Trainer, watching: (TrainingEvent) -> Void = { _ in }) async throws {
    for try await event in trainer.run() {
      watching(event)
      switch event {
      case .reading, .searching: break
      case .prepared(let summary): self.summary = summary
      case .step(let step): steps.append(step)
      case .passedOver(let clips): passedOver.append(clips)
      case .notice(let notice): notices.append(notice)
      case .epoch(let epoch): epochs.append(epoch)
      case .finished(let outcome): self.outcome = outcome
      }
    }
  }
}

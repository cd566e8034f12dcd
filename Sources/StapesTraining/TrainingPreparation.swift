internal import StapesCorpus
internal import StapesFeatures
internal import StapesNetwork
internal import StapesText
internal import Synchronization

/// Reads and checks all clips before the first step.
struct TrainingPreparation: Sendable {
  /// What is to be trained.
  let trainer: Trainer
  /// Told how far the reading is, and what was read.
  let report: @Sendable (TrainingEvent) -> Void

  private var options: TrainingOptions { trainer.options }

  /// Reads the clips, and works out all that the run needs to know of them.
  func prepare() async throws -> (TrainingMaterial, ValidationSet) {
    let sounds = try SoundLibrary(
      for: options.augmentation, sampleRate: options.features.sampleRate, seed: options.seed)
    let (training, validation) = try await readClips()
    let material = try TrainingMaterial(
      clips: training.clips, joinsClips: options.augmentation.joining.clipShare > 0,
      normalization: try await normalization(for: training.clips), sounds: sounds)
    let validationSet = try await ValidationSet(
      clips: validation.clips, options: options, normalization: material.normalization,
      alphabet: material.alphabet, threadCount: trainer.threadCount)
    report(
      .prepared(
        TrainingSummary(
          clipCount: training.clips.count, hours: training.hours,
          validationClipCount: validation.clips.count, validationHours: validation.hours,
          unused: training.unused + validation.unused,
          findings: findings(of: training.facts + validation.facts),
          alphabet: material.alphabet,
          parameterCount: NetworkParameters.zeros(
            for: options.networkConfiguration(classCount: material.alphabet.classCount)
          ).count,
          options: options)))
    return (material, validationSet)
  }

  /// What whoever trains on the clips should know, beyond what is left out.
  private func findings(of clips: [ClipFacts]) -> [Finding] {
    CorpusCheck(options: options, clips: clips).findings.filter { finding in
      switch finding.kind {
      // Parting the corpus decided that.
      case .sharedSpeaker, .sharedSentence: trainer.holdOut == nil
      default: finding.severity != .note
      }
    }
  }

  private func readClips() async throws -> (training: ClipReader.Result, ClipReader.Result) {
    let memory = MemoryBudget(byteCount: trainer.sampleMemory)
    let count = trainer.training.clips.count + trainer.validation.clips.count
    let cache = try trainer.sampleFolder.map { folder throws(TrainingError) in
      try SampleCache(folder: folder, sampleRate: options.features.sampleRate)
    }
    let done = ReadingCount()
    func read(_ corpus: Corpus, needsFit: Bool) async throws -> ClipReader.Result {
      let reader = ClipReader(trainer: trainer, needsFit: needsFit, cache: cache)
      return try await reader.read(corpus, memory: memory) {
        report(.reading(clipsDone: done.next(), of: count))
      }
    }
    let validation = try await read(trainer.validation, needsFit: false)
    let training = try await read(trainer.training, needsFit: true)
    guard !training.clips.isEmpty else {
      throw TrainingError.nothingToTrainOn(unused: training.unused)
    }
    guard !validation.clips.isEmpty else {
      throw TrainingError.nothingToValidateOn(unused: validation.unused)
    }
    return (training, validation)
  }

  /// The normalisation, measured over the training clips where it needs their statistics.
  private func normalization(for clips: [TrainingClip]) async throws -> FeatureNormalization {
    switch options.normalization {
    case .none: return .none
    case .perClip: return .perClip
    case .global: return .global(try await statistics(of: clips))
    case .sliding:
      let statistics = try await statistics(of: clips)
      return .sliding(
        frameCount: options.slidingFrameCount, means: statistics.means,
        deviations: statistics.deviations)
    }
  }

  private func statistics(of clips: [TrainingClip]) async throws -> FeatureStatistics {
    let configuration = options.features
    let parts = try await concurrentResults(count: clips.count, threadCount: trainer.threadCount) {
      try FeatureExtractor(configuration: configuration)
    } body: { extractor, index in
      var part = FeatureStatistics(columnCount: configuration.columnCount)
      let samples = try clips[index].samples(sampleRate: configuration.sampleRate)
      part.add(extractor.features(of: samples))
      return part
    }
    var whole = FeatureStatistics(columnCount: configuration.columnCount)
    for part in parts { whole.merge(part) }
    return whole
  }
}

/// Counts the clips that were read.
private final class ReadingCount: Sendable {
  private let count = Atomic(0)

  func next() -> Int {
    count.wrappingAdd(1, ordering: .relaxed).newValue
  }
}

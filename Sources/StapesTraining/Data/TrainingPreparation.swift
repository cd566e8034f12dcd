internal import StapesAudio
internal import StapesAugmentation
internal import StapesCTC
internal import StapesConcurrency
internal import StapesCorpus
internal import StapesFeatures
internal import StapesFiles
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesRanks
internal import StapesRecipe
internal import StapesText
internal import Synchronization

/// Reads and checks all clips before the first step.
struct TrainingPreparation: Sendable {
  /// What is to be trained.
  let trainer: Trainer
  /// Told how far the reading is.
  let report: @Sendable (TrainingEvent) -> Void

  private var options: TrainingOptions { trainer.options }

  /// Reads the clips, and works out all that the run needs to know of them.
  func prepare() async throws -> PreparedClips {
    let sounds = try sounds()
    let read = try await readClips()
    let (training, validation, replayed) = try usable(read)
    let material = try TrainingMaterial(
      clips: training.clips, task: options.task, replayed: replayed.clips,
      joinsClips: options.augmentation.joining.clipShare > 0, text: options.text,
      normalization: try await normalization(for: training.clips), origin: trainer.origin,
      sounds: sounds, needsTrigram: options.crfShare > 0)
    if let classes = material.outputs.labels, classes.count < 2 {
      throw TrainingError.singleClass(name: classes[0], clipCount: material.clips.count)
    }
    if options.crfShare > 0, material.trigram == nil {
      throw TrainingError.settingOutOfRange(
        name: "share of CTC-CRF", found: "\(options.crfShare)",
        allowed: "0 where texts have more than \(LabelTrigram.largestClassCount - 1) characters")
    }
    let validationSet = try await ValidationSet(
      clips: validation.clips, options: options, normalization: material.normalization,
      outputs: material.outputs, vocabulary: material.vocabulary(for: options),
      decoder: trainer.language?.decoder, trigram: material.trigram,
      threadCount: trainer.threadCount, ranks: trainer.ranks)
    if validationSet.scorableCount == 0 {
      let clip = validation.clips[0].source
      report(
        .notice(
          .nothingToScore(
            clipCount: validation.clips.count, example: clip.path, text: clip.text,
            isTooLong: validationSet.canWrite(0))))
    }
    return PreparedClips(
      material: material, validationSet: validationSet, hours: training.hours,
      validation: (validation.clips.count, validation.hours),
      unused: training.unused + replayed.unused + validation.unused,
      findings: findings(of: read.training.facts + read.validation.facts),
      textChanges: CorpusCheck(
        texts: trainer.training, validation: trainer.validation,
        requirements: options.clipRequirements
      ).textChanges,
      fingerprint: fingerprint(of: [training.clips, validation.clips, replayed.clips]))
  }

  /// Loads what clips are varied with.
  private func sounds() throws(TrainingError) -> SoundLibrary {
    try rethrowing(
      SoundLibrary(
        for: options.augmentation, sampleRate: options.features.sampleRate, seed: options.seed,
        audio: trainer.training.clips.first?.audio ?? AudioOptions()),
      as: TrainingError.augmentation)
  }

  /// What whoever trains on the clips should know, beyond what is left out.
  private func findings(of clips: [ClipFacts]) -> [Finding] {
    CorpusCheck(requirements: options.clipRequirements, clips: clips).findings.filter { finding in
      switch finding.kind {
      // Parting the corpus decided that.
      case .sharedSpeaker: trainer.holdOut == nil
      case .sharedSentence: trainer.holdOut == nil && options.task != .classify
      // A class is no text that fills its clip.
      case .textTooLong, .slowText, .fastText, .rareCharacter, .untrainedCharacter, .mixedScripts:
        options.task != .classify
      default: finding.severity != .note
      }
    }
  }

  /// What was read of the clips to train on, of those to validate on, and of those to replay.
  private typealias Read = (
    training: ClipReader.Result, validation: ClipReader.Result, replayed: ClipReader.Result
  )

  private func conflicts(in facts: [ClipFacts]) -> [UnusedClip] {
    CorpusCheck(requirements: options.clipRequirements, clips: facts).soundConflicts
  }

  /// The clips without those of one sound with different texts, some of them to validate on.
  ///
  /// Where clips to validate on were given apart, it is not for them to overrule the training texts.
  private func usable(_ read: Read) throws -> Read {
    var (training, validation, replayed) = read
    if trainer.holdOut != nil {
      let conflicts = conflicts(in: training.facts + validation.facts)
      training.skip(conflicts)
      validation.skip(conflicts)
      if validation.clips.isEmpty, training.clips.count > 1 {
        validation.takeMiddleClip(of: &training)
        report(.notice(.validatesOnAnother(clip: validation.clips[0].source.path)))
      }
    } else {
      training.skip(conflicts(in: training.facts))
      validation.skip(conflicts(in: validation.facts))
    }
    replayed.skip(conflicts(in: replayed.facts))
    guard !training.clips.isEmpty else {
      throw TrainingError.nothingToTrainOn(unused: training.unused)
    }
    guard !validation.clips.isEmpty else {
      throw TrainingError.nothingToValidateOn(unused: validation.unused)
    }
    return (training, validation, replayed)
  }

  private func readClips() async throws -> Read {
    let memory = MemoryBudget(byteCount: trainer.sampleMemory)
    let count = [trainer.training, trainer.validation, trainer.replayed]
      .reduce(0) { $0 + $1.clips.count }
    let cache = try trainer.sampleFolder.map { folder throws(TrainingError) in
      try SampleCache(folder: folder, sampleRate: options.features.sampleRate)
    }
    let done = ClipCount()
    func read(_ corpus: Corpus, needsFit: Bool) async throws -> ClipReader.Result {
      let reader = ClipReader(trainer: trainer, needsFit: needsFit, cache: cache)
      return try await reader.read(corpus, memory: memory) {
        report(.reading(clipsDone: done.next(), of: count))
      }
    }
    let validation = try await read(trainer.validation, needsFit: false)
    let training = try await read(trainer.training, needsFit: true)
    return (training, validation, try await read(trainer.replayed, needsFit: true))
  }

  /// The normalisation, measured over the training clips where it needs their statistics.
  private func normalization(for clips: [TrainingClip]) async throws -> FeatureNormalization {
    if let origin = trainer.origin, options.keepsNormalization(of: origin) {
      return origin.normalization
    }
    switch options.normalization {
    case .none: return .none
    case .perClip: return .perClip
    case .global: return .global(try await statistics(of: clips))
    case .smoothed:
      let statistics = try await statistics(of: clips)
      return .smoothed(
        frameCount: options.priorFrameCount, means: statistics.means,
        deviations: statistics.deviations)
    case .sliding:
      let statistics = try await statistics(of: clips)
      return .sliding(
        frameCount: options.slidingFrameCount, means: statistics.means,
        deviations: statistics.deviations)
    }
  }

  /// The mean and deviation over the clips; those without finite features, which no step learns
  /// from, do not count.
  private func statistics(of clips: [TrainingClip]) async throws -> FeatureStatistics {
    let configuration = options.features
    let share = trainer.ranks.share(of: clips.map(\.seconds))
    let parts = try await trainer.ranks.compute {
      try await concurrentResults(count: share.count, threadCount: trainer.threadCount) {
        try FeatureExtractor(configuration: configuration)
      } body: { extractor, index in
        var part = FeatureStatistics(columnCount: configuration.columnCount)
        let clip = clips[share.lowerBound + index]
        let samples = try clip.samples(sampleRate: configuration.sampleRate)
        let features = extractor.features(of: samples)
        if features.values.allSatisfy(\.isFinite) { part.add(features) }
        return part
      }
    }
    return try await trainer.ranks.fold(
      FeatureStatistics(columnCount: configuration.columnCount)
    ) {
      for part in parts { $0.merge(part) }
    }
  }
}

extension TrainingPreparation {
  /// A number, in text, that tells lists of clips, and the model to train further, from others.
  private func fingerprint(of lists: [[TrainingClip]]) -> String {
    var sum = Checksum()
    for clips in lists {
      sum.add(UInt64(clips.count))
      for clip in clips {
        sum.add(clip.text)
        sum.add(clip.source.speaker ?? "")
        sum.add(clip.seconds.bitPattern)
        sum.add(clip.checksum)
      }
    }
    if let origin = trainer.origin { sum.add(origin.serialized()) }
    return String(sum.value, radix: 16)
  }
}

/// What a run knows of its clips once they were read.
struct PreparedClips: Sendable {
  /// The clips to train on.
  let material: TrainingMaterial
  /// The clips to validate on.
  let validationSet: ValidationSet
  /// The length of the new training clips together.
  let hours: Double
  /// The number of validation clips, and their length together.
  let validation: (count: Int, hours: Double)
  /// The clips left out.
  let unused: [UnusedClip]
  /// What whoever trains on the clips should know besides.
  let findings: [Finding]
  /// What normalisation changed in the texts.
  let textChanges: TextChanges
  /// What tells these clips, in this order, from others.
  let fingerprint: String

  /// What a run has before it.
  func summary(options: TrainingOptions) -> TrainingSummary {
    let configuration = options.networkConfiguration(classCount: material.outputs.classCount)
    return TrainingSummary(
      clipCount: material.newClipCount, hours: hours, validationClipCount: validation.count,
      validationHours: validation.hours, unused: unused, findings: findings,
      textChanges: textChanges,
      outputs: material.outputs,
      parameterCount: NetworkParameters.zeros(for: configuration).count, options: options)
  }
}

/// Counts the clips that are done.
final class ClipCount: Sendable {
  private let count = Atomic(0)

  func next(_ clipCount: Int = 1) -> Int {
    count.wrappingAdd(clipCount, ordering: .relaxed).newValue
  }
}

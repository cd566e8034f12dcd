internal import StapesAudio
internal import StapesAugmentation
internal import StapesConcurrency
internal import StapesCorpus
internal import StapesFeatures
internal import StapesFiles
internal import StapesKernels
internal import StapesRanks
internal import StapesRecipe
internal import StapesText
internal import Synchronization

/// Reads the clips of a corpus into memory and leaves out those that cannot be used.
struct ClipReader: Sendable {
  /// What is to be trained.
  let trainer: Trainer
  /// Whether clips too short for their text are left out: yes for training, no for validation,
  /// where they count as they would in use.
  let needsFit: Bool
  /// Where samples go that memory has no room for.
  let cache: SampleCache?

  private var options: TrainingOptions { trainer.options }

  /// What was read.
  struct Result: Sendable {
    /// The usable clips, in the order of the corpus.
    var clips: [TrainingClip] = []
    /// The others, and why.
    var unused: [UnusedClip] = []
    /// What the usable ones sound like, at the rate of the model.
    var facts: [ClipFacts] = []

    /// The length of the usable clips together, in hours.
    var hours: Double { clips.reduce(0) { $0 + $1.seconds } / 3600 }

    /// Skips further clips.
    mutating func skip(_ clips: [UnusedClip]) {
      guard !clips.isEmpty else { return }
      let skipped = Dictionary(clips.map { ($0.clip, $0) }) { first, _ in first }
      unused += self.clips.compactMap { skipped[$0.source] }
      self.clips.removeAll { skipped[$0.source] != nil }
      facts.removeAll { skipped[$0.clip] != nil }
    }

    /// Takes the clip in the middle of another result's.
    mutating func takeMiddleClip(of other: inout Result) {
      let middle = other.clips.count / 2
      clips.append(other.clips.remove(at: middle))
      facts.append(other.facts.remove(at: middle))
    }
  }

  /// Reads all clips; where there are several ranks, each reads a run of them and tells the others.
  ///
  /// - Parameters:
  ///   - corpus: the clips.
  ///   - memory: how many bytes of samples may still be kept; shared by all readers of a run.
  ///   - report: told after each clip.
  /// - Throws: `TrainingError.stoppedBeforeFirstStep` when the run is told to stop.
  func read(
    _ corpus: Corpus, memory: MemoryBudget, report: @escaping @Sendable () -> Void
  ) async throws -> Result {
    let share = trainer.ranks.share(of: corpus.clips.map(\.duration))
    let kept = SampleStore(count: share.count)
    let outcomes = try await trainer.ranks.gather {
      try await concurrentResults(
        count: share.count, threadCount: trainer.threadCount, makeTools: {}
      ) { _, index in
        guard !trainer.isStopped else { throw TrainingError.stoppedBeforeFirstStep }
        defer { report() }
        let (outcome, samples) = try outcome(
          of: corpus.clips[share.lowerBound + index], memory: memory)
        if let samples { kept.keep(samples, at: index) }
        return outcome
      }
    }.joined()
    var result = Result()
    for (index, (clip, outcome)) in zip(corpus.clips, outcomes).enumerated() {
      if let reason = outcome.reason {
        result.unused.append(UnusedClip(clip: clip, reason: reason))
      } else if let sound = outcome.sound {
        result.clips.append(
          TrainingClip(
            source: clip, text: outcome.text,
            seconds: Double(sound.sampleCount) / Double(options.features.sampleRate),
            stored: share.contains(index) ? kept.take(index - share.lowerBound) : nil,
            cache: cache,
            keeper: share.contains(index) ? nil : SampleKeeper(memory: memory),
            checksum: outcome.checksum))
        result.facts.append(
          ClipFacts(
            clip: clip, text: outcome.text, isForValidation: !needsFit, sound: .success(sound)))
      }
    }
    return result
  }

  /// What a rank tells of a clip that it read.
  private struct Outcome: Codable {
    /// Why it cannot be used.
    var reason: UnusedClip.Reason?
    var text = ""
    var checksum: UInt64 = 0
    /// What a usable one sounds like, at the rate of the model.
    var sound: SoundFacts?
  }

  /// Reads a clip and finds its samples a place: memory, or else the folder for them.
  private func outcome(
    of clip: LabelledClip, memory: MemoryBudget
  ) throws(TrainingError) -> (Outcome, StoredSamples?) {
    let (text, samples, isCached, taken): (String, StoredSamples, Bool, Int?)
    do throws(UnusedClip.Reason) {
      (text, samples, isCached, taken) = try read(clip)
    } catch {
      return (Outcome(reason: error), nil)
    }
    let fits = memory.take(samples.byteCount)
    // Other ranks find there what this one has in memory.
    if !isCached, !fits || !trainer.ranks.isAlone { try cache?.store(samples, of: clip) }
    var meter = SampleMeter(rate: options.features.sampleRate)
    meter.add(samples.floats)
    var sound = meter.facts
    sound.takenChannel = taken
    return (
      Outcome(text: text, checksum: samples.checksum, sound: sound), fits ? samples : nil
    )
  }

  /// The text and the samples of a clip, whether the samples were in the folder for them, and which
  /// channel was taken where they cancel.
  private func read(
    _ clip: LabelledClip
  ) throws(UnusedClip.Reason) -> (
    text: String, samples: StoredSamples, isCached: Bool, takenChannel: Int?
  ) {
    let text = options.text.normalized(clip.text)
    guard !text.isEmpty || clip.text.isEmpty && options.task == .spot else { throw .noText }
    guard clip.duration <= options.longestClipSeconds else {
      throw .tooLong(seconds: clip.duration, allowed: options.longestClipSeconds)
    }
    let cached = cache?.samples(of: clip)
    let decoded: (samples: StoredSamples, takenChannel: Int?)
    if let cached { decoded = (cached, nil) } else { decoded = try decode(clip) }
    let samples = decoded.samples
    let frameCount = options.features.frameCount(forSampleCount: samples.count)
    guard frameCount > 0 else { throw .shorterThanFrame }
    let (needed, outputs) = (text.requiredOutputCount, options.outputCount(forFrames: frameCount))
    guard !needsFit || options.task == .classify || needed <= outputs else {
      throw .tooShortForText(outputsNeeded: needed, outputs: outputs)
    }
    return (text, samples, cached != nil, decoded.takenChannel)
  }

  private func decode(
    _ clip: LabelledClip
  ) throws(UnusedClip.Reason) -> (samples: StoredSamples, takenChannel: Int?) {
    let sound = try rethrowing(
      clip.read(sampleRate: options.features.sampleRate),
      as: { (error: AudioError) in UnusedClip.Reason.unreadable(error.description) })
    var taken: Int?
    for warning in sound.warnings {
      switch warning {
      case .truncated, .segmentCutShort, .damaged, .unread, .decoderFailed:
        throw .cutShort(warning.description)
      case .cancellingChannels(_, let channel): taken = channel
      case .beyondFullScale, .sameChannels, .resampled: continue
      }
    }
    return (StoredSamples(sound.samples), taken)
  }
}

/// A number of bytes that tasks share.
final class MemoryBudget: Sendable {
  private let left: Mutex<Int>

  /// Starts with all bytes free.
  init(byteCount: Int) {
    left = Mutex(byteCount)
  }

  /// Takes some bytes, if as many are left.
  func take(_ byteCount: Int) -> Bool {
    left.withLock { left in
      guard byteCount <= left else { return false }
      left -= byteCount
      return true
    }
  }
}

/// The samples of clips that memory has room for.
private final class SampleStore: Sendable {
  private let samples: Mutex<[StoredSamples?]>

  init(count: Int) {
    samples = Mutex(Array(repeating: nil, count: count))
  }

  func keep(_ value: StoredSamples, at index: Int) {
    samples.withLock { $0[index] = value }
  }

  /// Hands samples over, each once; nil where they are not kept.
  func take(_ index: Int) -> StoredSamples? {
    samples.withLock { $0[index].take() }
  }
}

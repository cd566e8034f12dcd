internal import StapesAudio
internal import StapesCorpus
internal import StapesFeatures
internal import StapesText
internal import Synchronization

/// Reads the clips of a corpus into memory and leaves out those that cannot be used.
struct ClipReader: Sendable {
  /// What is to be trained.
  let trainer: Trainer
  /// Whether clips too short for their text are left out: yes for training, no for validation,
  /// where they count as they would in use.
  let needsFit: Bool

  private var options: TrainingOptions { trainer.options }

  /// What was read.
  struct Result: Sendable {
    /// The usable clips, in the order of the corpus.
    var clips: [TrainingClip] = []
    /// The others, and why.
    var unused: [UnusedClip] = []

    /// The length of the usable clips together, in hours.
    var hours: Double { clips.reduce(0) { $0 + $1.seconds } / 3600 }
  }

  /// Reads all clips.
  ///
  /// - Parameters:
  ///   - corpus: the clips.
  ///   - memory: how many bytes of samples may still be kept; shared by all readers of a run.
  ///   - report: told after each clip.
  /// - Throws: `TrainingError.stoppedBeforeFirstStep` when the run is told to stop.
  func read(
    _ corpus: Corpus, memory: MemoryBudget, report: @escaping @Sendable () -> Void
  ) async throws -> Result {
    let outcomes = try await concurrentResults(
      count: corpus.clips.count, threadCount: trainer.threadCount, makeTools: {}
    ) { _, index in
      guard !trainer.isStopped else { throw TrainingError.stoppedBeforeFirstStep }
      defer { report() }
      return Swift.Result { () throws(UnusedClip.Reason) in
        try read(corpus.clips[index], memory: memory)
      }
    }
    var result = Result()
    for (clip, outcome) in zip(corpus.clips, outcomes) {
      switch outcome {
      case .success(let usable): result.clips.append(usable)
      case .failure(let reason): result.unused.append(UnusedClip(clip: clip, reason: reason))
      }
    }
    return result
  }

  private func read(
    _ clip: LabelledClip, memory: MemoryBudget
  ) throws(UnusedClip.Reason) -> TrainingClip {
    let text = options.text.normalized(clip.text)
    guard !text.isEmpty else { throw .noText }
    guard clip.duration <= options.longestClipSeconds else {
      throw .tooLong(seconds: clip.duration, allowed: options.longestClipSeconds)
    }
    let sound = try sound(of: clip)
    let samples = StoredSamples(sound.samples)
    let frameCount = options.features.frameCount(forSampleCount: samples.count)
    guard frameCount > 0 else { throw .shorterThanFrame }
    let (needed, outputs) = (text.requiredOutputCount, options.outputCount(forFrames: frameCount))
    guard !needsFit || needed <= outputs else {
      throw .tooShortForText(outputsNeeded: needed, outputs: outputs)
    }
    return TrainingClip(
      source: clip, text: text, seconds: sound.duration,
      stored: memory.take(samples.byteCount) ? samples : nil)
  }

  private func sound(of clip: LabelledClip) throws(UnusedClip.Reason) -> AudioClip {
    let sound: AudioClip
    do {
      sound = try clip.read(sampleRate: options.features.sampleRate)
    } catch {
      throw .unreadable(error.description)
    }
    for warning in sound.warnings {
      switch warning {
      case .truncated, .segmentCutShort: throw .cutShort(warning.description)
      case .beyondFullScale, .resampled: continue
      }
    }
    return sound
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

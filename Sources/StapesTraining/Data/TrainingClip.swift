package import StapesAudio
package import StapesAugmentation
package import StapesCorpus
internal import StapesRecipe
internal import Synchronization

/// A clip that passed all checks, ready to be trained or validated on.
package struct TrainingClip: Sendable {
  /// Where the clip lies.
  package let source: LabelledClip
  /// The normalised transcript.
  package let text: String
  /// The length of the samples, in seconds.
  package let seconds: Double
  /// The samples, if they are kept in memory.
  package let stored: StoredSamples?
  /// Where else they may be kept.
  let cache: SampleCache?
  /// What keeps them once they were decoded, where another rank read the clip; nil for nothing.
  let keeper: SampleKeeper?
  /// The checksum of the samples, by which clips that were changed are noticed.
  let checksum: UInt64

  /// Puts a clip together.
  package init(source: LabelledClip, text: String, seconds: Double, stored: StoredSamples?) {
    self.init(
      source: source, text: text, seconds: seconds, stored: stored, cache: nil, keeper: nil,
      checksum: 0)
  }

  /// Puts a clip together whose samples may be on disk.
  init(
    source: LabelledClip, text: String, seconds: Double, stored: StoredSamples?,
    cache: SampleCache?, keeper: SampleKeeper?, checksum: UInt64
  ) {
    self.source = source
    self.text = text
    self.seconds = seconds
    self.stored = stored
    self.cache = cache
    self.keeper = keeper
    self.checksum = checksum
  }

  /// The number of the samples at a rate.
  func sampleCount(sampleRate: Int) -> Int { Int((seconds * Double(sampleRate)).rounded()) }

  /// The samples, mono, in −1...1, decoded again where they are kept nowhere.
  func samples(sampleRate: Int) throws(AudioError) -> [Float] {
    if let kept = stored ?? keeper?.samples { return kept.floats }
    if let cached = cache?.samples(of: source) { return cached.floats }
    let samples = StoredSamples(try source.read(sampleRate: sampleRate).samples)
    keeper?.keep(samples)
    return samples.floats
  }
}

/// Keeps the samples of a clip, where memory has room for them.
final class SampleKeeper: Sendable {
  private let memory: MemoryBudget
  private let kept = Mutex<StoredSamples?>(nil)

  /// Starts without samples.
  init(memory: MemoryBudget) { self.memory = memory }

  /// The samples, if they are kept.
  var samples: StoredSamples? { kept.withLock { $0 } }

  /// Keeps samples.
  func keep(_ samples: StoredSamples) {
    kept.withLock { if $0 == nil, memory.take(samples.byteCount) { $0 = samples } }
  }
}

extension LabelledClip {
  /// Reads the clip, mono, at a sample rate.
  package func read(sampleRate: Int) throws(AudioError) -> AudioClip {
    var options = audio
    options.sampleRate = sampleRate
    return try AudioClip(
      contentsOf: path, options: options, offset: offset, duration: duration)
  }
}

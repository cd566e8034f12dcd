internal import StapesAudio
package import StapesCorpus

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

  /// Puts a clip together.
  package init(source: LabelledClip, text: String, seconds: Double, stored: StoredSamples?) {
    self.source = source
    self.text = text
    self.seconds = seconds
    self.stored = stored
  }

  /// The samples, mono, in −1...1, read again where they are not kept.
  func samples(sampleRate: Int) throws(AudioError) -> [Float] {
    if let stored { return stored.floats }
    return StoredSamples(try source.read(sampleRate: sampleRate).samples).floats
  }
}

/// Samples in memory, rounded to 16 bits: half the room of floats, and finer than any recording.
///
/// Clips that are read again in each epoch are rounded as well, so that a model does not depend
/// on how much memory there was.
package struct StoredSamples: Sendable {
  private let values: [Int16]
  /// What a step of 1 stands for.
  private let unit: Float

  /// Rounds samples, which are finite, to the finest steps that reach full scale and the loudest.
  package init(_ samples: [Float]) {
    let unit = samples.reduce(1) { max($0, abs($1)) } / 32_767
    values = samples.map { Int16(($0 / unit).rounded()) }
    self.unit = unit
  }

  /// How many samples there are.
  package var count: Int { values.count }

  /// The number of bytes they take.
  package var byteCount: Int { 2 * values.count }

  /// The samples as floats.
  package var floats: [Float] { values.map { Float($0) * unit } }
}

extension LabelledClip {
  /// Reads the clip, mono, at a sample rate.
  func read(sampleRate: Int) throws(AudioError) -> AudioClip {
    try AudioClip(
      contentsOf: path, options: AudioOptions(sampleRate: sampleRate), offset: offset,
      duration: duration)
  }
}

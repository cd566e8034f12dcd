internal import StapesAudio
internal import StapesFiles
internal import StapesStreaming

/// Brings the samples of a stream to the sample rate and level that a recogniser needs.
package struct StreamInput: ~Copyable {
  private var resampler: Resampler?
  private var level: StreamLevel?
  private var sampleCount = 0

  /// Begins a stream of so many samples a second.
  ///
  /// - Throws: `RecognitionError.settingOutOfRange` for the sample rate.
  package init(for recognizer: Recognizer, sampleRate: Int) throws(RecognitionError) {
    let allowed = AudioOptions.allowedSampleRates
    guard allowed.contains(sampleRate) else {
      throw .settingOutOfRange(name: "sample rate", found: sampleRate, allowed: allowed)
    }
    if sampleRate != recognizer.sampleRate {
      resampler = try rethrowing(
        Resampler(from: sampleRate, to: recognizer.sampleRate), as: RecognitionError.audio)
    }
    level = StreamLevel(recognizer.model)
  }

  /// Takes the next samples, and gives those that are ready by now.
  ///
  /// - Parameter samples: mono, in -1...1; any number, also none.
  /// - Throws: `RecognitionError.nonFiniteSample`, its index counted from the start of the stream;
  ///   the samples are then not taken.
  package mutating func append(_ samples: [Float]) throws(RecognitionError) -> [Float] {
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteSample(index: sampleCount + index)
    }
    sampleCount += samples.count
    return convert(samples)
  }

  /// Takes the next samples, which are known to be finite.
  package mutating func convert(_ samples: [Float]) -> [Float] {
    let samples = resampler?.append(samples) ?? samples
    return level?.append(samples) ?? samples
  }

  /// Ends the stream, and gives the samples that were delayed.
  package mutating func finish() -> [Float] {
    let rest = resampler?.finish() ?? []
    guard level != nil else { return rest }
    return (level?.append(rest) ?? []) + (level?.finish() ?? [])
  }
}

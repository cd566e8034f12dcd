internal import Glibc
package import StapesAudio
package import StapesFeatures
package import StapesKernels

extension Augmentation {
  /// Joins clips into the samples of one utterance and varies them.
  ///
  /// Each clip gets its own speed and gain, then clips are joined with pauses, padded at both
  /// ends, and noise is laid over the whole.
  ///
  /// - Parameters:
  ///   - clips: the samples of each clip, at least one.
  ///   - sampleRate: their rate, in hertz.
  ///   - random: the source of all choices.
  package func waveform(
    joining clips: [[Float]], sampleRate: Int, using random: inout SplitMix64
  ) throws(AudioError) -> [Float] {
    let level = draw(silenceDecibels, using: &random)
    let padding = isDrawn(paddingShare, using: &random) ? paddingSeconds : 0...0
    var samples = silence(padding, level, sampleRate, using: &random)
    var (energy, speechCount) = (0.0, 0)
    for (index, clip) in clips.enumerated() {
      if index > 0 { samples += silence(joining.pauseSeconds, level, sampleRate, using: &random) }
      var clip = try changingSpeed(of: clip, sampleRate: sampleRate, using: &random)
      Waveform.amplify(&clip, byDecibels: draw(gainDecibels, using: &random))
      energy += Double(Waveform.power(of: clip)) * Double(clip.count)
      speechCount += clip.count
      samples += clip
    }
    samples += silence(padding, level, sampleRate, using: &random)
    if isDrawn(noiseShare, using: &random), speechCount > 0 {
      Waveform.addNoise(
        to: &samples, speechPower: Float(energy / Double(speechCount)),
        signalToNoiseDecibels: draw(signalToNoiseDecibels, using: &random), using: &random)
    }
    return samples
  }

  /// The front end with another hop, which changes the tempo, and with warped mel bands.
  package func frontEnd(
    varying features: FeatureConfiguration, using random: inout SplitMix64
  ) -> FeatureConfiguration {
    var varied = features
    if tempo != 1...1 {
      varied.frames.hopSeconds *= draw(tempo, using: &random)
    }
    if vocalTract != 1...1 {
      let (lowest, highest) = (features.mel.lowestFrequency, features.mel.highestFrequency)
      varied.mel.warp = FrequencyWarp(
        factor: draw(vocalTract, using: &random), lowerCutoff: lowest + 0.02 * (highest - lowest),
        upperCutoff: lowest + 0.8 * (highest - lowest))
    }
    return varied
  }

  /// Plays a clip faster or slower by resampling it.
  private func changingSpeed(
    of samples: [Float], sampleRate: Int, using random: inout SplitMix64
  ) throws(AudioError) -> [Float] {
    guard speed != 1...1 else { return samples }
    let playedRate = Int((Double(sampleRate) * draw(speed, using: &random)).rounded())
    return try Resampler.resample(samples, from: playedRate, to: sampleRate)
  }

  private func silence(
    _ seconds: ClosedRange<Double>, _ decibels: Double, _ sampleRate: Int,
    using random: inout SplitMix64
  ) -> [Float] {
    let count = Int((max(0, draw(seconds, using: &random)) * Double(sampleRate)).rounded())
    return Waveform.silence(sampleCount: count, decibels: decibels, using: &random)
  }

  /// Whether an utterance is of a share of them.
  private func isDrawn(_ share: Double, using random: inout SplitMix64) -> Bool {
    share > 0 && Double.random(in: 0..<1, using: &random) < share
  }

  private func draw(_ range: ClosedRange<Double>, using random: inout SplitMix64) -> Double {
    Double.random(in: range, using: &random)
  }
}

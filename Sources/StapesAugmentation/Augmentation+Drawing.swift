internal import Glibc
package import StapesAudio
package import StapesFeatures
package import StapesKernels
internal import StapesText

extension Augmentation {
  /// Joins clips into the samples of one utterance and varies them.
  ///
  /// Each clip gets its own speed and gain, then clips are joined with pauses and padded at both
  /// ends. The whole then gets a room, noise, and a telephone line.
  ///
  /// - Parameters:
  ///   - clips: the samples of each clip, at least one.
  ///   - sampleRate: their rate, in hertz.
  ///   - sounds: the noises and rooms to choose from.
  ///   - note: told of each choice, in a few words.
  ///   - random: the source of all choices.
  package func waveform(
    joining clips: [[Float]], sampleRate: Int, sounds: SoundLibrary = SoundLibrary(),
    note: ((String) -> Void)? = nil, using random: inout SplitMix64
  ) throws(AudioError) -> [Float] {
    let level = draw(silenceDecibels, using: &random)
    let padding = isDrawn(paddingShare, using: &random) ? paddingSeconds : 0...0
    var samples = silence(padding, level, sampleRate, using: &random)
    var (energy, speechCount) = (0.0, 0)
    for (index, clip) in clips.enumerated() {
      if index > 0 { samples += silence(joining.pauseSeconds, level, sampleRate, using: &random) }
      var clip = try changingSpeed(of: clip, sampleRate: sampleRate, note: note, using: &random)
      let gain = draw(gainDecibels, using: &random)
      Waveform.amplify(&clip, byDecibels: gain)
      if gain != 0 { note?("gain \(gain.rounded(to: 1)) dB") }
      energy += Double(Waveform.power(of: clip)) * Double(clip.count)
      speechCount += clip.count
      samples += clip
    }
    samples += silence(padding, level, sampleRate, using: &random)
    let speechPower = Float(energy / Double(max(speechCount, 1)))
    return try transmitted(
      samples, speechPower: speechPower, sampleRate: sampleRate, sounds: sounds, note: note,
      using: &random)
  }

  /// What is left of sound on its way to the recogniser: through a room, noise and a telephone.
  private func transmitted(
    _ samples: [Float], speechPower: Float, sampleRate: Int, sounds: SoundLibrary,
    note: ((String) -> Void)?, using random: inout SplitMix64
  ) throws(AudioError) -> [Float] {
    var samples = samples
    if isDrawn(reverberationShare, using: &random), !sounds.rooms.isEmpty {
      let room = Int.random(in: sounds.rooms.indices, using: &random)
      Waveform.reverberate(&samples, in: sounds.rooms[room])
      note?("room \(room + 1) of \(sounds.rooms.count)")
    }
    if isDrawn(microphoneShare, using: &random) {
      let equalizer = Equalizer(
        decibels: microphoneDecibels, sampleRate: sampleRate, using: &random)
      equalizer.apply(to: &samples, sampleRate: sampleRate)
      note?("another microphone")
    }
    if isDrawn(noiseShare, using: &random), speechPower > 0 {
      let ratio = draw(signalToNoiseDecibels, using: &random)
      let noise =
        sounds.noises.isEmpty
        ? Waveform.noise(sampleCount: samples.count, using: &random)
        : sounds.noise(sampleCount: samples.count, using: &random)
      Waveform.mix(
        noise, into: &samples, speechPower: speechPower, signalToNoiseDecibels: ratio)
      note?("noise \(ratio.rounded(to: 1)) dB below the speech")
    }
    if isDrawn(telephoneShare, using: &random) {
      let coding: TelephoneCoding =
        Bool.random(using: &random)
        ? .muLaw : .linear(bitCount: Int.random(in: 8...12, using: &random))
      let lowest = Double.random(in: 50...300, using: &random)
      let highest = Double.random(in: 3000...4000, using: &random)
      samples = try Waveform.telephone(
        samples, sampleRate: sampleRate, band: lowest...highest, coding: coding)
      note?("telephone, \(coding.name)")
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
    of samples: [Float], sampleRate: Int, note: ((String) -> Void)?,
    using random: inout SplitMix64
  ) throws(AudioError) -> [Float] {
    guard speed != 1...1 || !speeds.isEmpty else { return samples }
    let factor =
      speeds.isEmpty
      ? draw(speed, using: &random) : speeds[Int.random(in: speeds.indices, using: &random)]
    guard factor != 1 else { return samples }
    note?("speed \(factor.rounded(to: 3))")
    let playedRate = Int((Double(sampleRate) * factor).rounded())
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

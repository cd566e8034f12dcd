import Glibc
import StapesFeatures
import StapesKernels
import StapesAugmentation
import Testing

@Suite struct AugmentationTests {
  private func tone(_ frequency: Double, seconds: Double, sampleRate: Int = 8000) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map {
      Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(sampleRate)))
    }
  }

  /// The frequency of a tone, from how often it crosses zero.
  private func frequency(of samples: [Float], sampleRate: Double = 8000) -> Double {
    let inner = samples.dropFirst(200).dropLast(200)
    let crossings = zip(inner, inner.dropFirst()).count { ($0 < 0) != ($1 < 0) }
    return Double(crossings) / 2 / (Double(inner.count) / sampleRate)
  }

  @Test(arguments: [0.8, 0.97, 1.25])
  func speedChangesLengthAndPitch(factor: Double) throws {
    var augmentation = Augmentation()
    augmentation.speed = factor...factor
    var random = SplitMix64(seed: 1)
    let varied = try augmentation.waveform(
      joining: [tone(400, seconds: 1)], sampleRate: 8000, using: &random)
    #expect(abs(Double(varied.count) - 8000 / factor) <= 1)
    #expect(abs(frequency(of: varied) - 400 * factor) < 4)
  }

  @Test func nothingIsChangedByDefault() throws {
    var random = SplitMix64(seed: 1)
    let clips = [tone(300, seconds: 0.1), tone(500, seconds: 0.2)]
    var augmentation = Augmentation()
    augmentation.joining.pauseSeconds = 0...0
    #expect(
      try augmentation.waveform(joining: clips, sampleRate: 8000, using: &random)
        == clips[0] + clips[1])
    let features = FeatureConfiguration(sampleRate: 8000)
    #expect(augmentation.frontEnd(varying: features, using: &random) == features)
    let matrix = Matrix(rowCount: 3, columnCount: 2, values: [1, 2, 3, 4, 5, 6])
    var masked = matrix
    FeatureMask.apply(augmentation.masking, to: &masked, bandCount: 2, using: &random)
    #expect(masked == matrix)
  }

  @Test(arguments: [-5.0, 0, 20, 40])
  func noiseHasTheRatioAskedFor(decibels: Double) {
    let speech = tone(440, seconds: 2)
    for seed in UInt64(0)..<5 {
      var random = SplitMix64(seed: seed)
      var samples = speech
      Waveform.mix(
        Waveform.noise(sampleCount: speech.count, using: &random), into: &samples,
        speechPower: Waveform.power(of: speech), signalToNoiseDecibels: decibels)
      let noise = zip(samples, speech).map { $0 - $1 }
      let ratio = Waveform.power(of: speech) / Waveform.power(of: noise)
      #expect(abs(10 * log10(Double(ratio)) - decibels) < 0.1)
    }
  }

  @Test func noiseComparesWithTheSpeechNotWithThePadding() throws {
    var augmentation = Augmentation()
    augmentation.paddingShare = 1
    augmentation.paddingSeconds = 1...1
    augmentation.silenceDecibels = -120 ... -120
    augmentation.noiseShare = 1
    augmentation.signalToNoiseDecibels = 10...10
    var random = SplitMix64(seed: 3)
    let speech = tone(440, seconds: 0.5)
    let samples = try augmentation.waveform(joining: [speech], sampleRate: 8000, using: &random)
    #expect(samples.count == 2 * 8000 + speech.count)
    let ratio = Waveform.power(of: speech) / Waveform.power(of: Array(samples[..<8000]))
    #expect(abs(10 * log10(Double(ratio)) - 10) < 1)
  }

  @Test func gainAndSilenceHaveTheirLevels() throws {
    var random = SplitMix64(seed: 3)
    let quiet = Waveform.silence(sampleCount: 20_000, decibels: -60, using: &random)
    #expect(abs(10 * log10(Double(Waveform.power(of: quiet))) + 60) < 0.2)
    #expect(Waveform.silence(sampleCount: 3, decibels: -97, using: &random) == [0, 0, 0])
    var augmentation = Augmentation()
    augmentation.gainDecibels = -6.0206 ... -6.0206
    let samples = try augmentation.waveform(
      joining: [[1, -0.5]], sampleRate: 8000, using: &random)
    #expect(abs(samples[0] - 0.5) < 1e-5 && abs(samples[1] + 0.25) < 1e-5)
  }

  @Test func pausesLieBetweenJoinedClips() throws {
    var augmentation = Augmentation()
    augmentation.silenceDecibels = -120 ... -120
    augmentation.joining.pauseSeconds = 0.1...0.2
    var random = SplitMix64(seed: 5)
    let samples = try augmentation.waveform(
      joining: [[Float](repeating: 1, count: 50), [Float](repeating: 2, count: 70)],
      sampleRate: 1000, using: &random)
    let pause = samples.count - 120
    #expect((100...200).contains(pause))
    #expect(samples[..<50].allSatisfy { $0 == 1 } && samples.suffix(70).allSatisfy { $0 == 2 })
    #expect(samples[50..<50 + pause].allSatisfy { $0 == 0 })
  }

  @Test func tempoChangesTheFramesAndVocalTractTheBands() throws {
    var augmentation = Augmentation()
    augmentation.tempo = 1.25...1.25
    var random = SplitMix64(seed: 5)
    let features = FeatureConfiguration(sampleRate: 8000)
    let samples = tone(1000, seconds: 2)
    var plain = try FeatureExtractor(configuration: features)
    let unchanged = plain.features(of: samples)
    var faster = try FeatureExtractor(
      configuration: augmentation.frontEnd(varying: features, using: &random))
    #expect(abs(faster.features(of: samples).rowCount - unchanged.rowCount * 4 / 5) <= 1)

    augmentation = Augmentation()
    augmentation.vocalTract = 1.2...1.2
    var warped = try FeatureExtractor(
      configuration: augmentation.frontEnd(varying: features, using: &random))
    let moved = warped.features(of: samples)
    #expect(moved.rowCount == unchanged.rowCount)
    // Bands that have moved down meet the tone's frequency in a band of higher number.
    #expect(peak(of: moved) > peak(of: unchanged))
  }

  private func peak(of features: Matrix) -> Int {
    let row = Array(features.row(20))
    return row.indices.max { row[$0] < row[$1] } ?? 0
  }

  @Test func masksStayWithinTheirSizes() {
    // Row r holds r everywhere but for column c's own offset, so that hidden elements show.
    let (frameCount, bandCount) = (100, 20)
    var values: [Float] = []
    for row in 0..<frameCount {
      for column in 0..<3 * bandCount { values.append(Float(row * row + column)) }
    }
    let plain = Matrix(rowCount: frameCount, columnCount: 3 * bandCount, values: values)
    let means = plain.columnSums().values.map { $0 / Float(frameCount) }
    var masking = Augmentation.Masking()
    masking.longestTimeMask = 12
    masking.largestTimeShare = 0.1
    masking.largestBandShare = 0.25
    for seed in UInt64(0)..<30 {
      var random = SplitMix64(seed: seed)
      (masking.timeMaskCount, masking.bandMaskCount) = (1, 0)
      var masked = plain
      FeatureMask.apply(masking, to: &masked, bandCount: bandCount, using: &random)
      let rows = (0..<frameCount).filter { masked.row($0) != plain.row($0) }
      #expect(rows.count <= 10)
      #expect(rows == Array((rows.first ?? 0)..<(rows.first ?? 0) + rows.count))
      #expect(rows.allSatisfy { Array(masked.row($0)) == means })

      (masking.timeMaskCount, masking.bandMaskCount) = (0, 1)
      masked = plain
      FeatureMask.apply(masking, to: &masked, bandCount: bandCount, using: &random)
      let hidden = (0..<3 * bandCount).filter { masked[0, $0] != plain[0, $0] }
      let bands = hidden.filter { $0 < bandCount }
      #expect(bands.count <= 5)
      #expect(hidden == [0, 1, 2].flatMap { block in bands.map { $0 + block * bandCount } })
      #expect(hidden.allSatisfy { masked[50, $0] == means[$0] })

      masked = plain
      FeatureMask.apply(masking, to: &masked, bandCount: nil, using: &random)
      #expect(masked == plain)
    }
  }

  @Test func storedSamplesKeepTheirScale() {
    let samples: [Float] = [0, 0.25, -1, 0.999]
    for scale: Float in [1, 40_000, 1e30] {
      let stored = StoredSamples(samples.map { $0 * scale }).floats
      for (value, sample) in zip(stored, samples) {
        #expect(abs(value / scale - sample) < 2e-5)
      }
    }
    #expect(StoredSamples([]).floats.isEmpty)
  }
}

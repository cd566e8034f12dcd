import Glibc
import StapesAudio
import StapesKernels
import StapesAugmentation
import TestSupport
import Testing

/// Rooms, recorded noise, telephones and masks by name.
@Suite struct ChannelAugmentationTests {
  private func tone(_ frequency: Double, count: Int = 16_000, rate: Double = 16_000) -> [Float] {
    (0..<count).map { Float(0.4 * sin(2 * .pi * frequency * Double($0) / rate)) }
  }

  private func decibels(_ ratio: Float) -> Double { 10 * log10(Double(ratio)) }

  /// A floor that throws sound back, and nothing else: the straight way and one image, the
  /// source's mirror below the floor.
  @Test func oneWallGivesTheStraightWayAndOneEcho() {
    let (source, microphone) = (SIMD3(1.0, 2, 1.5), SIMD3(4.0, 2, 1))
    let room = ShoeboxRoom(
      size: SIMD3(6, 4, 3), source: source, microphone: microphone,
      nearReflections: SIMD3(0, 0, 0.7), farReflections: .zero)
    let response = room.impulseResponse(sampleRate: 16_000, sampleCount: 2000)
    let straight = (9 + 0.25).squareRoot()
    let echo = (9 + 2.5 * 2.5).squareRoot()
    let (first, second) = (
      Int((straight / 343 * 16_000).rounded()), Int((echo / 343 * 16_000).rounded())
    )
    for (index, value) in response.enumerated() {
      let expected =
        index == first ? 1 / (4 * .pi * straight) : index == second ? 0.7 / (4 * .pi * echo) : 0
      #expect(abs(Double(value) - expected) < 1e-6, "sample \(index)")
    }
  }

  /// Two walls that face each other: images at 2nL ± x with each wall's reflections multiplied.
  @Test func facingWallsGiveASeriesOfEchoes() {
    let room = ShoeboxRoom(
      size: SIMD3(5, 4, 3), source: SIMD3(1, 1, 1), microphone: SIMD3(3, 1, 1),
      nearReflections: SIMD3(0.5, 0, 0), farReflections: SIMD3(0.8, 0, 0))
    let response = room.impulseResponse(sampleRate: 8000, sampleCount: 600)
    var expected = [Double](repeating: 0, count: 600)
    // Place on the axis, and how often the near and the far wall were met on the way.
    let images: [(Double, Int, Int)] = [
      (1, 0, 0), (-1, 1, 0), (9, 0, 1), (-9, 1, 1), (11, 1, 1), (-11, 2, 1), (19, 1, 2),
      (-19, 2, 2), (21, 2, 2), (-21, 3, 2), (29, 2, 3),
    ]
    for (place, near, far) in images {
      let distance = abs(place - 3)
      let index = Int((distance / 343 * 8000).rounded())
      guard index < 600 else { continue }
      expected[index] += pow(0.5, Double(near)) * pow(0.8, Double(far)) / (4 * .pi * distance)
    }
    for index in 0..<600 { #expect(abs(Double(response[index]) - expected[index]) < 1e-6) }
  }

  @Test func soundInARoomIsAsLoudAndInItsPlace() {
    var random = SplitMix64(seed: 4)
    let speech = Waveform.silence(sampleCount: 8000, decibels: -20, using: &random)
    var heard = speech
    Waveform.reverberate(&heard, in: [0, 0, 0, 1, 0, 0.5])
    #expect(heard.count == speech.count)
    #expect(abs(decibels(Waveform.power(of: heard) / Waveform.power(of: speech))) < 0.01)
    let scale = heard[0] / speech[0]
    #expect(abs(heard[2] - scale * (speech[2] + 0.5 * speech[0])) < 1e-4)
    var silent: [Float] = [0, 0]
    Waveform.reverberate(&silent, in: [1, 1])
    #expect(silent == [0, 0])
  }

  /// The power at one frequency, by the definition of the Fourier transform.
  private func power(of samples: [Float], at frequency: Double, rate: Double) -> Double {
    var (real, imaginary) = (0.0, 0.0)
    for (index, sample) in samples.enumerated() {
      let angle = 2 * .pi * frequency * Double(index) / rate
      real += Double(sample) * cos(angle)
      imaginary += Double(sample) * sin(angle)
    }
    return real * real + imaginary * imaginary
  }

  @Test func aMicrophoneRaisesItsFrequencyAndKeepsTheLoudness() {
    for (gain, rate) in [(12.0, 16_000), (-9, 16_000), (6, 8000)] {
      let both = zip(tone(100, rate: Double(rate)), tone(1000, rate: Double(rate))).map { $0 + $1 }
      var heard = both
      Equalizer([.init(frequency: 1000, decibels: gain, quality: 2)])
        .apply(to: &heard, sampleRate: rate)
      #expect(abs(decibels(Waveform.power(of: heard) / Waveform.power(of: both))) < 0.01)
      let ratio =
        power(of: heard, at: 1000, rate: Double(rate))
        / power(of: heard, at: 100, rate: Double(rate))
      #expect(abs(10 * log10(ratio) - gain) < 0.3, "\(10 * log10(ratio)) dB for \(gain)")
    }
    var silent: [Float] = [0, 0, 0]
    Equalizer([.init(frequency: 500, decibels: 6, quality: 1)])
      .apply(to: &silent, sampleRate: 8000)
    #expect(silent == [0, 0, 0])
  }

  @Test func microphonesKeepToTheirGainsAndTheBand() {
    for (seed, rate) in (UInt64(0)..<60).map({ ($0, [8000, 16_000, 44_100][Int($0 % 3)]) }) {
      var random = SplitMix64(seed: seed)
      let peaks = Equalizer(decibels: -7...3, sampleRate: rate, using: &random).peaks
      #expect(peaks.count >= 3)
      for peak in peaks {
        #expect((-7...3).contains(peak.decibels))
        #expect(peak.frequency >= 60 && peak.frequency < 0.45 * Double(rate))
      }
    }
  }

  @Test func aTelephoneLeavesItsBandOnly() throws {
    for coding in [TelephoneCoding.muLaw, .linear(bitCount: 12)] {
      for (frequency, passes) in [(100.0, false), (1000, true), (3000, true), (5000, false)] {
        let sound = tone(frequency)
        let heard = try Waveform.telephone(
          sound, sampleRate: 16_000, band: 300...3400, coding: coding)
        #expect(heard.count == sound.count)
        let inner = (Array(heard[2000..<14_000]), Array(sound[2000..<14_000]))
        let gain = decibels(Waveform.power(of: inner.0) / Waveform.power(of: inner.1))
        #expect(passes ? abs(gain) < 0.5 : gain < -25, "\(frequency) Hz: \(gain) dB")
      }
    }
    let low = try Waveform.telephone(
      tone(1000, rate: 8000), sampleRate: 8000, band: 300...3400, coding: .muLaw)
    #expect(low.count == 16_000)
  }

  /// G.711's error is about 38 dB below the sound at all but the faintest levels.
  @Test func muLawRoundsByShares() throws {
    for level in [Float(1), 0.1] {
      let sound = tone(1000).map { $0 * level }
      let heard = try Waveform.telephone(
        sound, sampleRate: 8000, band: 300...3400, coding: .muLaw)
      let exact = try Waveform.telephone(
        sound, sampleRate: 8000, band: 300...3400, coding: .linear(bitCount: 24))
      let error = zip(heard, exact).map { $0 - $1 }
      let ratio = decibels(Waveform.power(of: exact) / Waveform.power(of: error))
      #expect((32...44).contains(ratio), "\(ratio) dB")
    }
  }

  @Test func noiseFromAFolderHasTheRatioAskedFor() throws {
    try withTemporaryFolder { folder in
      let hum = tone(50, count: 3000)
      try AudioFileWriter.writeWAV(samples: hum, sampleRate: 16_000, to: folder + "/hum.wav")
      var augmentation = Augmentation()
      augmentation.noiseFolder = folder
      augmentation.noiseShare = 1
      augmentation.signalToNoiseDecibels = 12...12
      let speech = tone(700)
      let variation = try SoundVariation(augmentation, sampleRate: 16_000)
      let varied = try variation.variation(of: speech, number: 3)
      let noise = zip(varied.samples, speech).map { $0 - $1 }
      let ratio = decibels(Waveform.power(of: speech) / Waveform.power(of: noise))
      #expect(abs(ratio - 12) < 0.1)
      #expect(varied.choices == ["noise 12.0 dB below the speech"])
      #expect(try variation.variation(of: speech, number: 3) == varied)
      #expect(try variation.variation(of: speech, number: 4) != varied)
      augmentation.noiseFolder = folder + "/none"
      #expect(throws: AugmentationError.noSounds(folder: folder + "/none")) {
        try SoundVariation(augmentation, sampleRate: 16_000)
      }
    }
  }

  @Test func speedsAreChosenFromThoseGiven() throws {
    var augmentation = Augmentation()
    augmentation.speeds = [0.8, 1, 1.25]
    let variation = try SoundVariation(augmentation, sampleRate: 16_000)
    let lengths = try (0..<30).map {
      try variation.variation(of: tone(400), number: $0).samples.count
    }
    #expect(Set(lengths) == [20_000, 16_000, 12_800])
  }

  @Test func syntheticRoomsFadeInTheirTime() throws {
    var random = SplitMix64(seed: 9)
    for seconds in [0.2, 0.4] {
      let room = ShoeboxRoom(fadingWithin: seconds, using: &random)
      let response = room.impulseResponse(sampleRate: 8000, sampleCount: 8000)
      // Schroeder's backward integral (1965): from -5 to -25 dB is a third of the whole fall.
      var energies = [Double](repeating: 0, count: 8001)
      for index in (0..<8000).reversed() {
        energies[index] = energies[index + 1] + Double(response[index] * response[index])
      }
      func time(_ level: Double) -> Double {
        let bound = energies[0] * pow(10, level / 10)
        return Double(energies.firstIndex { $0 < bound } ?? 0) / 8000
      }
      let measured = 3 * (time(-25) - time(-5))
      #expect(measured > 0.6 * seconds && measured < 1.8 * seconds, "\(measured) s for \(seconds)")
    }
  }

  @Test func adaptiveMasksGrowWithTheUtterance() {
    for (frameCount, most) in [(10, 0), (100, 4), (1000, 20)] {
      let plain = Matrix(
        rowCount: frameCount, columnCount: 1, values: (0..<frameCount).map { Float($0 * $0) })
      var hiddenCounts: [Int] = []
      for seed in UInt64(0)..<20 {
        var (masked, random) = (plain, SplitMix64(seed: seed))
        FeatureMask.apply(.init(.adaptive), to: &masked, bandCount: nil, using: &random)
        hiddenCounts.append(zip(masked.values, plain.values).count { $0 != $1 })
      }
      let longest = Int(0.04 * Double(frameCount))
      #expect((hiddenCounts.max() ?? 0) <= most * longest)
      #expect((hiddenCounts.max() ?? 0) > most * longest / 4 || most == 0)
    }
  }
}

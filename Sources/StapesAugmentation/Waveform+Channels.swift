internal import Glibc
package import StapesAudio
internal import StapesKernels

extension Waveform {
  /// Lays other sound over samples, scaled so that the power of the speech is a ratio above its
  /// own.
  ///
  /// Silent sound and silent speech, which have no power to compare with, change nothing.
  ///
  /// - Parameters:
  ///   - noise: as many samples as there are, or more.
  ///   - samples: the speech, with whatever silence surrounds it.
  ///   - speechPower: the mean square of the speech itself.
  ///   - signalToNoiseDecibels: the ratio, in decibels.
  package static func mix(
    _ noise: [Float], into samples: inout [Float], speechPower: Float,
    signalToNoiseDecibels: Double
  ) {
    precondition(noise.count >= samples.count, "\(noise.count) for \(samples.count) samples")
    let noisePower = power(of: noise)
    guard speechPower > 0, noisePower > 0 else { return }
    let wanted = speechPower / Float(pow(10, signalToNoiseDecibels / 10))
    let scale = (wanted / noisePower).squareRoot()
    for index in samples.indices { samples[index] += scale * noise[index] }
  }

  /// Plays sound in a room, as loud as before.
  ///
  /// The sound that takes the straight way arrives at once, so that what is said stays in its
  /// place; what echoes after the last sample is left out.
  ///
  /// - Parameters:
  ///   - samples: the sound.
  ///   - response: the room's impulse response; its largest magnitude is taken for the straight
  ///     way.
  package static func reverberate(_ samples: inout [Float], in response: [Float]) {
    let loudest = response.indices.max { abs(response[$0]) < abs(response[$1]) }
    guard let start = loudest, response[start] != 0, !samples.isEmpty else { return }
    var result = samples.convolved(with: Array(response[start...]))
    result.removeLast(result.count - samples.count)
    amplify(&result, toPower: power(of: samples))
    samples = result
  }

  /// What a telephone leaves of sound: a band of frequencies, sampled 8000 times a second, and
  /// rounded to few bits.
  ///
  /// - Parameters:
  ///   - samples: the sound.
  ///   - sampleRate: its rate, in hertz.
  ///   - band: in hertz; 300...3400 on the lines of old.
  ///   - coding: how samples are rounded.
  /// - Throws: `AudioError`, as a resampler does.
  package static func telephone(
    _ samples: [Float], sampleRate: Int, band: ClosedRange<Double>, coding: TelephoneCoding
  ) throws(AudioError) -> [Float] {
    let lineRate = 8000
    let low =
      sampleRate > lineRate
      ? try Resampler.resample(samples, from: sampleRate, to: lineRate) : samples
    let kernel = bandPass(band, sampleRate: min(sampleRate, lineRate))
    let full = low.convolved(with: kernel)
    guard full.count >= kernel.count else { return samples }
    let heard = full[kernel.count / 2..<full.count - kernel.count / 2].map(coding.rounded)
    guard sampleRate > lineRate else { return heard }
    var result = try Resampler.resample(heard, from: lineRate, to: sampleRate)
    // Two roundings of the length may differ by a sample.
    while result.count < samples.count { result.append(0) }
    return Array(result[..<samples.count])
  }

  /// The taps of a band-pass filter of linear phase: the ideal one under a Hamming window.
  ///
  /// - Parameters:
  ///   - hertz: the band.
  ///   - sampleRate: in hertz.
  static func bandPass(_ hertz: ClosedRange<Double>, sampleRate: Int) -> [Float] {
    let half = sampleRate / 80  // 25 ms, for edges about 130 Hz wide
    func lowPass(_ frequency: Double, _ index: Int) -> Double {
      let cutoff = 2 * frequency / Double(sampleRate)
      let angle = Double.pi * Double(index)
      return index == 0 ? cutoff : sin(cutoff * angle) / angle
    }
    return (-half...half).map { index in
      let window = 0.54 + 0.46 * cos(.pi * Double(index) / Double(half))
      let upper = min(hertz.upperBound, 0.5 * Double(sampleRate))
      return Float(window * (lowPass(upper, index) - lowPass(hertz.lowerBound, index)))
    }
  }
}

/// How a telephone line rounds samples.
package enum TelephoneCoding: Sendable, Equatable {
  /// 8 bits a sample by the logarithmic law of ITU-T G.711, μ = 255.
  case muLaw
  /// So many bits a sample, all steps alike.
  case linear(bitCount: Int)

  /// What it is called.
  var name: String {
    switch self {
    case .muLaw: "μ-law"
    case .linear(let bitCount): "\(bitCount) bits"
    }
  }

  /// The sample as it arrives at the other end; beyond −1...1 it is clipped.
  func rounded(_ sample: Float) -> Float {
    let clipped = min(max(sample, -1), 1)
    switch self {
    case .linear(let bitCount):
      let steps = Float(1 << (bitCount - 1))
      return (clipped * steps).rounded() / steps
    case .muLaw:
      let level = log1p(255 * abs(clipped)) / log1p(Float(255))
      let coded = (level * 127).rounded() / 127
      let magnitude = expm1(coded * log1p(Float(255))) / 255
      return clipped < 0 ? -magnitude : magnitude
    }
  }
}

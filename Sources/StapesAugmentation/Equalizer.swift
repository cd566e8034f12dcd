internal import Glibc
package import StapesKernels

/// A chain of filters, each of which raises or lowers sound around one frequency: what another
/// microphone does to it.
///
/// The filters are the peaking ones of Bristow-Johnson, "Cookbook formulae for audio equalizer
/// biquad filter coefficients".
package struct Equalizer: Sendable {
  /// One filter.
  package struct Peak: Sendable, Equatable {
    /// Where the gain is largest, in hertz, below half the sample rate.
    package let frequency: Double
    /// The gain there, in decibels.
    package let decibels: Double
    /// The frequency over the bandwidth.
    package let quality: Double

    /// A filter.
    package init(frequency: Double, decibels: Double, quality: Double) {
      (self.frequency, self.decibels, self.quality) = (frequency, decibels, quality)
    }
  }

  /// The filters, in the order in which sound passes them.
  package let peaks: [Peak]

  /// A chain of filters.
  package init(_ peaks: [Peak]) { self.peaks = peaks }

  /// Draws filters, one for each octave and a half from 60 Hz to half the sample rate.
  ///
  /// - Parameters:
  ///   - decibels: the range of their gains.
  ///   - sampleRate: in hertz.
  ///   - random: the source of all choices.
  package init(
    decibels: ClosedRange<Double>, sampleRate: Int, using random: inout SplitMix64
  ) {
    let octaves = 1.5
    var (peaks, lowest) = ([Peak](), 60.0)
    while lowest < 0.45 * Double(sampleRate) {
      let frequency = lowest * exp2(Double.random(in: 0...octaves, using: &random))
      let gain = Double.random(in: decibels, using: &random)
      let quality = Double.random(in: 0.5...2, using: &random)
      if frequency < 0.45 * Double(sampleRate) {
        peaks.append(Peak(frequency: frequency, decibels: gain, quality: quality))
      }
      lowest *= exp2(octaves)
    }
    self.peaks = peaks
  }

  /// Passes sound through the filters, which leave it as loud as before.
  package func apply(to samples: inout [Float], sampleRate: Int) {
    let before = Waveform.power(of: samples)
    for peak in peaks where peak.decibels != 0 {
      var filter = Biquad(peak, sampleRate: sampleRate)
      for index in samples.indices { samples[index] = filter.next(samples[index]) }
    }
    Waveform.amplify(&samples, toPower: before)
  }
}

/// A recursive filter of second order: y[t] = b₀x[t] + b₁x[t−1] + b₂x[t−2] − a₁y[t−1] − a₂y[t−2].
private struct Biquad {
  private let (b0, b1, b2, a1, a2): (Float, Float, Float, Float, Float)
  /// The two sums that later samples still get.
  private var (first, second): (Float, Float) = (0, 0)

  init(_ peak: Equalizer.Peak, sampleRate: Int) {
    let amplitude = pow(10, peak.decibels / 40)
    let angle = 2 * .pi * peak.frequency / Double(sampleRate)
    let width = sin(angle) / (2 * peak.quality)
    let scale = 1 / (1 + width / amplitude)
    b0 = Float((1 + width * amplitude) * scale)
    b1 = Float(-2 * cos(angle) * scale)
    b2 = Float((1 - width * amplitude) * scale)
    a1 = b1
    a2 = Float((1 - width / amplitude) * scale)
  }

  mutating func next(_ sample: Float) -> Float {
    let result = b0 * sample + first
    first = b1 * sample - a1 * result + second
    second = b2 * sample - a2 * result
    return result
  }
}

internal import Glibc

/// Finds where the spectrum of a recording ends, as it does at 4 kHz when sound of 8 kHz was stored
/// at 16 kHz.
///
/// Speech fades towards high frequencies, a resampler or codec cuts it off: a fall of 20 dB within
/// 400 Hz, beyond which there is nothing but an even floor.
enum BandLimit {
  /// The width of the cliff, in hertz.
  private static let cliff = 400.0
  /// The least fall across it, in decibels.
  private static let fall = 20.0
  /// Below this frequency a vowel may end of itself, in hertz.
  private static let lowest = 3000.0
  /// How uneven the floor may be, in decibels.
  private static let unevenness = 8.0
  /// So far below all of the sound, in decibels, nothing is left but rounding.
  private static let nothing = 90.0

  /// The frequency in hertz above which there is nothing; nil where the spectrum has no such end
  /// below nine tenths of half the sample rate.
  ///
  /// - Parameters:
  ///   - power: the mean power of evenly spaced frequencies from 0 to half the sample rate, in any
  ///     unit.
  ///   - sampleRate: in hertz.
  static func frequency(ofSpectrum power: [Double], sampleRate: Int) -> Double? {
    let hertz = Double(sampleRate) / 2 / Double(power.count - 1)
    let half = max(Int(cliff / 2 / hertz), 2)
    let total = power.reduce(0, +)
    let (first, last) = (Int(lowest / hertz), Int(0.9 * Double(power.count)))
    // Where little lies above a vowel's end, nothing can be told.
    guard total > 0, 10 * first < 7 * power.count, first > 2 * half else { return nil }
    let levels = smoothed(power).map { 10 * log10(max($0 / total, 1e-20)) }
    var best: (fall: Double, bin: Int)?
    // What follows each frequency: the loudest and the faintest.
    var (loudest, faintest) = (-Double.infinity, Double.infinity)
    for bin in (first..<power.count - half - 2).reversed() {
      loudest = max(loudest, levels[bin + half])
      faintest = min(faintest, levels[bin + half])
      guard bin < last else { continue }
      let before = power[bin - 2 * half..<bin - half + 1].reduce(0, +) / Double(half + 1)
      let fall = 10 * log10(max(before / total, 1e-20)) - loudest
      let isFloor = loudest - faintest <= unevenness || loudest < -nothing
      if isFloor, fall >= self.fall, fall > best?.fall ?? 0 { best = (fall, bin) }
    }
    return best.map { Double($0.bin) * hertz }
  }

  /// Each power as the mean of nine neighbours.
  private static func smoothed(_ power: [Double]) -> [Double] {
    power.indices.map { index in
      let range = max(0, index - 4)...min(power.count - 1, index + 4)
      return power[range].reduce(0, +) / Double(range.count)
    }
  }
}

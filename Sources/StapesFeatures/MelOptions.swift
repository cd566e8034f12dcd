/// How a frame's spectrum becomes mel-band energies.
///
/// The bands are triangles that overlap by halves, equally wide and equally high on the mel scale.
public struct MelOptions: Codable, Sendable, Equatable {
  /// What of the spectrum X the bands gather.
  public enum Spectrum: String, Codable, Sendable {
    /// |X|²
    case power
    /// |X|
    case magnitude
  }

  /// What of the spectrum the bands gather.
  public var spectrum: Spectrum
  /// The number of bands.
  public var bandCount: Int
  /// Where the first band begins, in hertz.
  public var lowestFrequency: Double
  /// Where the last band ends, in hertz; at most the Nyquist frequency.
  public var highestFrequency: Double
  /// Whether the two frequencies above act as cut-offs rounded to the nearest bin of the Fourier
  /// transform, of which only bins strictly between count, as in HTK.
  ///
  /// If not, each bin counts in the bands by its exact frequency.
  public var roundsCutoffs: Bool
  /// A warp of the frequencies that makes up for the length of the speaker's vocal tract; nil for
  /// none.
  public var warp: FrequencyWarp?

  /// Makes the default options for a sample rate: bands from 20 Hz to 95 % of the Nyquist
  /// frequency, but not above 7,600 Hz, spaced as 40 bands up to 7,600 Hz are.
  public init(sampleRate: Int) {
    let (lowest, highest) = (20.0, min(7_600, 0.475 * Double(max(1_000, sampleRate))))
    let share =
      (MelScale.mel(highest) - MelScale.mel(lowest)) / (MelScale.mel(7_600) - MelScale.mel(lowest))
    spectrum = .power
    bandCount = Int((41 * share).rounded()) - 1
    lowestFrequency = lowest
    highestFrequency = highest
    roundsCutoffs = false
    warp = nil
  }
}

/// A warp of the frequency axis in three straight pieces, as HTK's.
///
/// Between the cut-offs a band's frequency f moves to f / factor; below and above, straight lines
/// join that piece to the lowest and highest frequency, which stay. The pieces meet at
/// 2 · cutoff / (1 + 1 / factor).
public struct FrequencyWarp: Codable, Sendable, Equatable {
  /// What frequencies are divided by; 1 leaves them.
  public var factor: Double
  /// The lower cut-off, in hertz.
  public var lowerCutoff: Double
  /// The upper cut-off, in hertz.
  public var upperCutoff: Double

  /// Makes the option.
  public init(factor: Double, lowerCutoff: Double, upperCutoff: Double) {
    self.factor = factor
    self.lowerCutoff = lowerCutoff
    self.upperCutoff = upperCutoff
  }

  /// Where the lower and the middle piece meet, in hertz, before the warp.
  var lowerCorner: Double { 2 * lowerCutoff / (1 + 1 / factor) }
  /// Where the middle and the upper piece meet, in hertz, before the warp.
  var upperCorner: Double { 2 * upperCutoff / (1 + 1 / factor) }

  /// Where a frequency moves to, of a range whose ends stay.
  func warped(_ frequency: Double, in range: ClosedRange<Double>) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    if frequency < lowerCorner {
      return low + (lowerCorner / factor - low) / (lowerCorner - low) * (frequency - low)
    }
    if frequency > upperCorner {
      return high - (high - upperCorner / factor) / (high - upperCorner) * (high - frequency)
    }
    return frequency / factor
  }
}

internal import Glibc
internal import StapesKernels

/// The mel scale: m = 1127 · ln(1 + f / 700), f in hertz (O'Shaughnessy, 1987).
enum MelScale {
  /// The mel of a frequency in hertz.
  static func mel(_ frequency: Double) -> Double { 1127 * log1p(frequency / 700) }

  /// The frequency, in hertz, of a mel.
  static func frequency(_ mel: Double) -> Double { 700 * expm1(mel / 1127) }
}

/// The weights by which the bins of a spectrum enter the mel bands, for any warp of the frequencies.
///
/// Band b is a triangle that rises from knot b to knot b + 1 and falls to knot b + 2, the knots
/// lying equally far apart on the mel scale (before a warp). What does not depend on the warp is
/// computed once.
struct MelFilterBank: Sendable {
  private let options: MelOptions
  private let transformLength: Int
  /// The first bin that may count at all.
  private let firstBin: Int
  /// The mel of each bin that may count.
  private let mels: [Double]
  /// The corners of the triangles before a warp, in mel: `bandCount + 2` rising numbers.
  private let knots: [Double]

  /// Prepares the bins; the warp of the options is left aside.
  init(_ options: MelOptions, sampleRate: Int, transformLength: Int) {
    self.options = options
    self.transformLength = transformLength
    let binWidth = Double(sampleRate) / Double(transformLength)
    let bins = Self.countedBins(
      options, binWidth: binWidth, binCount: transformLength / 2 + 1)
    firstBin = bins.lowerBound
    mels = bins.map { MelScale.mel(Double($0) * binWidth) }
    let (low, high) = (
      MelScale.mel(options.lowestFrequency), MelScale.mel(options.highestFrequency)
    )
    knots = (0...options.bandCount + 1).map { index in
      low + (high - low) * Double(index) / Double(options.bandCount + 1)
    }
  }

  /// Computes the weights.
  ///
  /// - Parameter warp: what the knots move by; nil leaves them.
  /// - Returns: [bandCount × transformLength / 2 + 1], the bins from 0 to the Nyquist frequency.
  /// - Throws: `FeatureError.emptyMelBand` if no bin lies in a band.
  func matrix(warp: FrequencyWarp?) throws(FeatureError) -> BandedMatrix {
    let range = options.lowestFrequency...options.highestFrequency
    let knots =
      warp.map { warp in
        self.knots.map { MelScale.mel(warp.warped(MelScale.frequency($0), in: range)) }
      } ?? self.knots
    var (bands, first) = ([BandedMatrix.Band](), 0)
    for band in 0..<options.bandCount {
      let (left, centre, right) = (knots[band], knots[band + 1], knots[band + 2])
      while first < mels.count, mels[first] <= left { first += 1 }
      let weights = mels[first...].prefix { $0 < right }.map { mel in
        Float(mel <= centre ? (mel - left) / (centre - left) : (right - mel) / (right - centre))
      }
      guard !weights.isEmpty else {
        throw .emptyMelBand(
          index: band, bandCount: options.bandCount, transformLength: transformLength)
      }
      bands.append(BandedMatrix.Band(start: firstBin + first, weights: weights))
    }
    return BandedMatrix(bands: bands, columnCount: transformLength / 2 + 1)
  }

  /// The bins that may count at all.
  private static func countedBins(
    _ options: MelOptions, binWidth: Double, binCount: Int
  ) -> Range<Int> {
    guard options.roundsCutoffs else { return 0..<binCount }
    let first = Int((options.lowestFrequency / binWidth).rounded()) + 1
    return first..<max(first, Int((options.highestFrequency / binWidth).rounded()))
  }
}

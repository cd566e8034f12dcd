internal import StapesKernels

/// The weights by which the bins of a spectrum enter the mel bands.
enum MelFilterBank {
  /// Computes the triangles: band b rises from knot b to knot b + 1 and falls to knot b + 2, the
  /// knots lying equally far apart on the mel scale (before a warp).
  ///
  /// - Returns: a band for each of `options.bandCount`, over the transformLength / 2 + 1 bins from
  ///   0 to the Nyquist frequency; its weights are empty if no bin lies in it.
  static func bands(
    _ options: MelOptions, sampleRate: Int, transformLength: Int
  ) -> [BandedMatrix.Band] {
    let knots = knots(options)
    let binWidth = Double(sampleRate) / Double(transformLength)
    let bins = countedBins(options, binWidth: binWidth, binCount: transformLength / 2 + 1)
    let mels = bins.map { MelScale.mel(Double($0) * binWidth) }
    return (0..<options.bandCount).map { band in
      let (left, centre, right) = (knots[band], knots[band + 1], knots[band + 2])
      let inside = mels.filter { $0 > left && $0 < right }
      let skipped = mels.prefix { $0 <= left }.count
      let weights = inside.map { mel in
        Float(mel <= centre ? (mel - left) / (centre - left) : (right - mel) / (right - centre))
      }
      return BandedMatrix.Band(start: bins.lowerBound + skipped, weights: weights)
    }
  }

  /// The corners of the triangles, in mel: `bandCount + 2` rising numbers.
  private static func knots(_ options: MelOptions) -> [Double] {
    let range = options.lowestFrequency...options.highestFrequency
    let (low, high) = (MelScale.mel(range.lowerBound), MelScale.mel(range.upperBound))
    return (0...options.bandCount + 1).map { index in
      let mel = low + (high - low) * Double(index) / Double(options.bandCount + 1)
      guard let warp = options.warp else { return mel }
      return MelScale.mel(warp.warped(MelScale.frequency(mel), in: range))
    }
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

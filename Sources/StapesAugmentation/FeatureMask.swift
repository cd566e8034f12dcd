package import StapesKernels

/// Hides parts of features, so that the network learns not to rely on any one of them.
package enum FeatureMask {
  /// Hides runs of frames and, for log-mel features, bands of frequencies behind the mean.
  ///
  /// - Parameters:
  ///   - features: [T × F], F a multiple of `bandCount`: the bands, then their deltas.
  ///   - masking: how many masks and how large.
  ///   - bandCount: the number of neighbouring frequencies; nil when columns are not bands.
  ///   - random: the source of places and sizes.
  package static func apply(
    _ masking: Augmentation.Masking, to features: inout Matrix, bandCount: Int?,
    using random: inout SplitMix64
  ) {
    let frameCount = features.rowCount
    let timeMaskCount =
      masking.timeMaskCount + min(20, Int(masking.timeMasksPerFrame * Double(frameCount)))
    guard frameCount > 0, timeMaskCount > 0 || masking.bandMaskCount > 0 else { return }
    let means = columnMeans(of: features)
    let longest = min(masking.longestTimeMask, Int(masking.largestTimeShare * Double(frameCount)))
    for _ in 0..<timeMaskCount {
      let frames = run(upTo: longest, within: frameCount, using: &random)
      hide(frames, columns: 0..<means.count, of: &features.values, behind: means)
    }
    guard let bandCount else { return }
    let widest = Int(masking.largestBandShare * Double(bandCount))
    for _ in 0..<masking.bandMaskCount {
      let bands = run(upTo: widest, within: bandCount, using: &random)
      for first in stride(from: 0, to: means.count, by: bandCount) {
        let columns = first + bands.lowerBound..<first + bands.upperBound
        hide(0..<frameCount, columns: columns, of: &features.values, behind: means)
      }
    }
  }

  /// A run of random length, 0 to `longest`, at a random place.
  private static func run(
    upTo longest: Int, within count: Int, using random: inout SplitMix64
  ) -> Range<Int> {
    let length = Int.random(in: 0...min(longest, count), using: &random)
    let start = Int.random(in: 0...count - length, using: &random)
    return start..<start + length
  }

  private static func hide(
    _ frames: Range<Int>, columns: Range<Int>, of values: inout [Float], behind means: [Float]
  ) {
    for frame in frames {
      for column in columns { values[frame * means.count + column] = means[column] }
    }
  }

  private static func columnMeans(of features: Matrix) -> [Float] {
    features.columnSums().values.map { $0 / Float(features.rowCount) }
  }
}

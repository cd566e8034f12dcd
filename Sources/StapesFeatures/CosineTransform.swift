internal import Glibc
internal import StapesKernels

/// The cosine transform from log-mel energies to the cepstrum, liftered.
enum CosineTransform {
  /// Computes the rows of the transform, in the order of the features: that of C0 at `c0Position`.
  ///
  /// - Returns: a full row of `bandCount` weights for each coefficient.
  static func rows(
    _ options: CepstrumOptions, bandCount: Int, c0Position: FeatureConfiguration.Position
  ) -> [BandedMatrix.Band] {
    let bands = Double(bandCount)
    let order = Array(0..<options.coefficientCount)
    let rotated = c0Position == .first ? order : Array(order.dropFirst() + order.prefix(1))
    return rotated.map { k in
      let isC0Smaller = k == 0 && options.scaling == .orthonormal
      let scale = ((isC0Smaller ? 1 : 2) / bands).squareRoot() * lift(k, lifter: options.lifter)
      let weights = (0..<bandCount).map { band in
        Float(scale * cos(.pi * Double(k) * (Double(band) + 0.5) / bands))
      }
      return BandedMatrix.Band(start: 0, weights: weights)
    }
  }

  private static func lift(_ k: Int, lifter: Double) -> Double {
    lifter == 0 ? 1 : 1 + lifter / 2 * sin(.pi * Double(k) / lifter)
  }
}

internal import Glibc
internal import StapesKernels

/// How log-mel energies become a cepstrum.
///
/// With B bands of log energy M, and L the lifter,
///
///     C[k] = scale · lift[k] · sum over b of M[b] · cos(π · k · (b + 1/2) / B)
///     lift[k] = 1 + L/2 · sin(π · k / L)
public struct CepstrumOptions: Codable, Sendable, Equatable {
  /// The scale of the cosine transform.
  public enum Scaling: String, Codable, Sendable {
    /// √(2/B), but √(1/B) for C0, which makes the transform orthonormal, as in Kaldi.
    case orthonormal
    /// √(2/B) for every coefficient, as in HTK.
    case uniform
  }

  /// The number of coefficients, C0 (or the energy in its place) included; at most the bands.
  public var coefficientCount = 13
  /// The lifter L, which evens out the variances of the coefficients; 0 for none.
  public var lifter = 22.0
  /// The scale of the cosine transform.
  public var scaling = Scaling.orthonormal

  /// Makes the default options.
  public init() {}
}

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

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

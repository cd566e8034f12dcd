internal import Glibc

/// The weights that taper a frame of N samples; n runs from 0 to N - 1.
public enum WindowFunction: String, Codable, Sendable, CaseIterable {
  /// 0.54 - 0.46 · cos(2πn / (N - 1))
  case hamming
  /// 0.5 - 0.5 · cos(2πn / (N - 1))
  case hann
  /// The Hann window to the power of 0.85: like Hamming's, but zero at its ends (Kaldi's default).
  case povey
  /// 1
  case rectangular

  /// The weights for a frame.
  ///
  /// - Parameter length: N, at least 2.
  /// - Returns: N weights.
  public func weights(length: Int) -> [Float] {
    precondition(length >= 2, "a window of \(length)")
    return (0..<length).map { n in
      let cosine = cos(2 * Double.pi * Double(n) / Double(length - 1))
      return switch self {
      case .hamming: Float(0.54 - 0.46 * cosine)
      case .hann: Float(0.5 - 0.5 * cosine)
      case .povey: Float(pow(0.5 - 0.5 * cosine, 0.85))
      case .rectangular: 1
      }
    }
  }
}

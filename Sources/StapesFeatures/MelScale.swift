internal import Glibc

/// The mel scale: m = 1127 · ln(1 + f / 700), f in hertz (O'Shaughnessy, 1987).
enum MelScale {
  /// The mel of a frequency in hertz.
  static func mel(_ frequency: Double) -> Double { 1127 * log1p(frequency / 700) }

  /// The frequency, in hertz, of a mel.
  static func frequency(_ mel: Double) -> Double { 700 * expm1(mel / 1127) }
}

internal import Glibc
internal import StapesKernels

/// A seeded sequence of independent normal numbers, by the polar method (Marsaglia and Bray, 1964).
struct GaussianNoise: Sendable {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  /// The next number, of mean 0 and deviation 1.
  mutating func next() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    while true {
      let x = Double.random(in: -1...1, using: &generator)
      let y = Double.random(in: -1...1, using: &generator)
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let scale = (-2 * log(square) / square).squareRoot()
      spare = y * scale
      return x * scale
    }
  }
}

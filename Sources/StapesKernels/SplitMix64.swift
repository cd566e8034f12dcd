internal import Glibc

/// A small, fast, seeded source of random numbers: the same seed gives the same numbers on every
/// machine.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable, Codable {
  private var state: UInt64

  /// Makes a generator from a seed and, when several independent streams are needed, further
  /// numbers that tell this stream from the others (an epoch, a clip).
  public init(seed: UInt64, stream: UInt64...) {
    state = seed
    for number in stream {
      state = next() ^ (number &* 0xD1B5_4A32_D192_ED03)
    }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension RandomNumberGenerator {
  /// A number drawn from the standard normal distribution, by the polar method
  /// (Marsaglia and Bray 1964).
  public mutating func nextNormal() -> Double {
    while true {
      let x = Double.random(in: -1...1, using: &self)
      let y = Double.random(in: -1...1, using: &self)
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }
}

internal import Glibc

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

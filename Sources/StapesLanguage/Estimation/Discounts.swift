/// What modified Kneser-Ney smoothing takes off the counts 1, 2, and 3 and more of one order
/// (Chen and Goodman 1998, section 4.1.6).
public struct Discounts: Codable, Sendable, Equatable {
  /// What is taken off a count of 1, of 2, and of 3 or more.
  public let amounts: [Double]
  /// Whether the formula had no usable answer, and the amounts are 0.5, 1 and 1.5 instead.
  ///
  /// That is so where no n-gram has one of the counts 1 to 4, as in small texts and for single
  /// characters, or where an amount would be none or more than the count it is taken off.
  public let isFallback: Bool

  /// Computes D(c) = c - (c + 1) · Y · n(c + 1) / n(c) with Y = n(1) / (n(1) + 2 n(2)).
  ///
  /// - Parameter countsOfCounts: how many n-grams have the count 1, 2, 3 and 4.
  init(countsOfCounts: [Int]) {
    let n = [0] + countsOfCounts.map(Double.init)
    let y = n[1] / (n[1] + 2 * n[2])
    let formula = (1...3).map { Double($0) - Double($0 + 1) * y * n[$0 + 1] / n[$0] }
    let isUsable =
      countsOfCounts.allSatisfy { $0 > 0 }
      && zip(formula, 1...3).allSatisfy { $0 > 0 && $0 <= Double($1) }
    amounts = isUsable ? formula : [0.5, 1, 1.5]
    isFallback = !isUsable
  }

  /// What is taken off a count, which is at least 1.
  func amount(of count: UInt64) -> Double { amounts[Int(min(count, 3)) - 1] }
}

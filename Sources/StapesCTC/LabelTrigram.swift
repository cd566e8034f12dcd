internal import Glibc

/// How probable each label is after the two before it, estimated from texts.
///
/// Where few texts tell, it leans on what follows one label, and then on how frequent labels are: Witten and
/// Bell, "The zero-frequency problem", 1991, interpolated.
public struct LabelTrigram: Sendable {
  /// The most classes that a training should ask for: memory and work grow with their third power.
  public static let largestClassCount = 128

  /// The number of classes, blank (0) included.
  public let classCount: Int
  private let probabilities: [Float]

  /// Estimates from some texts.
  ///
  /// - Parameters:
  ///   - texts: sequences of labels, 1 ..< `classCount`.
  ///   - classCount: the number of classes, at least 1.
  public init(texts: some Sequence<[Int]>, classCount: Int) {
    let size = classCount
    var ones = [Double](repeating: 0, count: size)
    var twos = [Double](repeating: 0, count: size * size)
    var threes = [Double](repeating: 0, count: size * size * size)
    for text in texts {
      var (first, second) = (0, 0)
      for label in text + [0] {
        ones[label] += 1
        twos[second * size + label] += 1
        threes[(first * size + second) * size + label] += 1
        (first, second) = (second, label)
      }
    }
    let single = ones.reduce(0, +) + Double(size)
    for label in ones.indices { ones[label] = (ones[label] + 1) / single }
    Self.interpolate(&twos, rowLength: size) { _ in ones[...] }
    Self.interpolate(&threes, rowLength: size) { twos[$0 % size * size..<($0 % size + 1) * size] }
    self.classCount = classCount
    probabilities = threes.map(Float.init)
  }

  /// Turns the counts of each row into probabilities.
  private static func interpolate(
    _ rows: inout [Double], rowLength: Int, shorter: (_ row: Int) -> ArraySlice<Double>
  ) {
    for row in 0..<rows.count / rowLength {
      let range = row * rowLength..<(row + 1) * rowLength
      let (sum, different) = (rows[range].reduce(0, +), Double(rows[range].count { $0 > 0 }))
      for (index, less) in zip(range, shorter(row)) {
        rows[index] = sum > 0 ? (rows[index] + different * less) / (sum + different) : less
      }
    }
  }

  /// ln P of a text, its end included.
  public func logProbability(of text: [Int]) -> Double {
    var (sum, before) = (0.0, (0, 0))
    for label in text + [0] {
      sum += log(Double(probability(of: label, after: before)))
      before = (before.1, label)
    }
    return sum
  }

  /// P(c | a, b).
  ///
  /// - Parameters:
  ///   - label: c; 0 for the end of the text.
  ///   - before: a and b; 0 for what is before the text.
  public func probability(of label: Int, after before: (Int, Int)) -> Float {
    probabilities[(before.0 * classCount + before.1) * classCount + label]
  }
}

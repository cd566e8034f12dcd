public import StapesKernels

/// The largest absolute difference between the elements of two matrices of one shape;
/// infinite when the shapes differ or a difference is not a number.
public func largestDifference(_ a: Matrix, _ b: Matrix) -> Float {
  guard a.rowCount == b.rowCount, a.columnCount == b.columnCount else { return .infinity }
  var largest: Float = 0
  for (x, y) in zip(a.values, b.values) where x != y {
    let difference = abs(x - y)
    guard !difference.isNaN else { return .infinity }
    largest = max(largest, difference)
  }
  return largest
}

/// A matrix of numbers uniform in -1...1.
public func randomMatrix(
  rowCount: Int, columnCount: Int, using generator: inout some RandomNumberGenerator
) -> Matrix {
  let values = (0..<rowCount * columnCount).map { _ in Float.random(in: -1...1, using: &generator) }
  return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
}

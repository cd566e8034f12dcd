import StapesKernels
import TestSupport
import Testing

/// Products in bfloat16 against those in 32-bit floats, on numbers that a bfloat16 holds exactly
/// and whose sums no float rounds: then both are the same.
@Suite(.enabled(if: ProductPrecision.bfloat16.isSupported, "no bfloat16 instructions here"))
struct ProductPrecisionTests {
  private func smallIntegers(_ rows: Int, _ columns: Int, _ random: inout SplitMix64) -> Matrix {
    Matrix(
      rowCount: rows, columnCount: columns,
      values: (0..<rows * columns).map { _ in Float(Int.random(in: -100...100, using: &random)) })
  }

  private func transposed(_ matrix: Matrix) -> Matrix {
    var result = Matrix(rowCount: matrix.columnCount, columnCount: matrix.rowCount)
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount { result[column, row] = matrix[row, column] }
    }
    return result
  }

  @Test(arguments: [(1, 1, 1), (8, 70, 33), (33, 31, 100), (64, 96, 64)])
  func productsOfShortNumbersAreExact(rows: Int, columns: Int, inner: Int) {
    var random = SplitMix64(seed: 1)
    let a = smallIntegers(rows, inner, &random)
    let b = smallIntegers(inner, columns, &random)
    let (aTransposed, bTransposed) = (transposed(a), transposed(b))
    let start = smallIntegers(rows, columns, &random)
    var expected = start
    expected.addProduct(a, b)
    var results = [Matrix](repeating: start, count: 5)
    results[0].addProduct(a, b, precision: .bfloat16)
    results[1].addProduct(a, transposed: bTransposed, precision: .bfloat16)
    results[2].addProduct(TransposedFactor(aTransposed, precision: .bfloat16), b)
    results[3].addProduct(a, PackedMatrix(b, precision: .bfloat16))
    results[4].addProduct(a, PackedMatrix(transposing: bTransposed, precision: .bfloat16))
    for result in results { #expect(result == expected) }
  }
}

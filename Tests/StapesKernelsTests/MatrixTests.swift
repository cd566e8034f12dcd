import StapesKernels
import TestSupport
import Testing

@Suite struct MatrixTests {
  /// A·B by the definition.
  func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    var result = Matrix(rowCount: a.rowCount, columnCount: b.columnCount)
    for row in 0..<a.rowCount {
      for column in 0..<b.columnCount {
        for inner in 0..<a.columnCount { result[row, column] += a[row, inner] * b[inner, column] }
      }
    }
    return result
  }

  func transposed(_ a: Matrix) -> Matrix {
    var result = Matrix(rowCount: a.columnCount, columnCount: a.rowCount)
    for row in 0..<a.rowCount {
      for column in 0..<a.columnCount { result[column, row] = a[row, column] }
    }
    return result
  }

  @Test(arguments: [(1, 1, 1), (2, 3, 4), (7, 1, 5), (13, 17, 9), (0, 3, 2), (3, 0, 2), (3, 2, 0)])
  func productsAgreeWithTheDefinition(m: Int, k: Int, n: Int) {
    var generator = SplitMix64(seed: UInt64(m * 100 + k * 10 + n))
    let a = randomMatrix(rowCount: m, columnCount: k, using: &generator)
    let b = randomMatrix(rowCount: k, columnCount: n, using: &generator)
    let expected = product(a, b)
    #expect(largestDifference(a.times(b), expected) < 1e-5)
    #expect(largestDifference(a.timesTransposed(transposed(b)), expected) < 1e-5)
    var sum = Matrix(rowCount: m, columnCount: n)
    sum.addProduct(transposed: transposed(a), b)
    #expect(largestDifference(sum, expected) < 1e-5)
  }

  @Test func productsAddToWhatIsThere() {
    var sum = Matrix(rows: [[1, 2], [3, 4]])
    sum.addProduct(Matrix(rows: [[1], [2]]), Matrix(rows: [[10, 100]]))
    #expect(sum == Matrix(rows: [[11, 102], [23, 204]]))
  }

  @Test func rowsAreCopiedSummedAndAppended() {
    let source = Matrix(rows: [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    var target = Matrix(rowCount: 3, columnCount: 2)
    target.copyRows(2, of: source, from: 1, column: 1, to: 1)
    #expect(target == Matrix(rows: [[0, 0], [5, 6], [8, 9]]))
    #expect(source.columnSums() == Matrix(rows: [[12, 15, 18]]))
    var grown = source.rows(0..<1)
    grown.appendRow([0, 1, 0])
    grown.appendRows(of: source.rows(2..<3))
    #expect(grown == Matrix(rows: [[1, 2, 3], [0, 1, 0], [7, 8, 9]]))
    #expect(Matrix(repeatingRow: source.rows(0..<1), count: 2).row(1).elementsEqual([1, 2, 3]))
  }

  @Test func elementwiseArithmetic() {
    var matrix = Matrix(rows: [[1, -2, 3]])
    matrix.add(Matrix(rows: [[1, 1, 1]]), times: 2)
    #expect(matrix == Matrix(rows: [[3, 0, 5]]))
    matrix.multiplyElements(by: Matrix(rows: [[0, 7, 2]]))
    matrix.scale(by: 0.5)
    #expect(matrix == Matrix(rows: [[0, 0, 5]]))
    let long = Matrix(rowCount: 1, columnCount: 19, values: (1...19).map(Float.init))
    #expect(long.squaredNorm == 19 * 20 * 39 / 6)
  }
}

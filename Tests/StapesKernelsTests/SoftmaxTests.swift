import CKernels
import Glibc
import StapesKernels
import TestSupport
import Testing

@Suite struct SoftmaxTests {
  /// The log-softmax of a matrix by each implementation, the plain loops last.
  private func results(_ matrix: Matrix) -> [Matrix] {
    (0..<stapes_recurrent_kernel_count()).map { index in
      var result = matrix
      unsafe stapes_ctc_kernels_at(index).pointee
        .log_softmax_rows(&result.values, matrix.rowCount, matrix.columnCount)
      return result
    }
  }

  @Test(arguments: [0, 1, 30, 1e4, 1e30] as [Float])
  func isTheDefinitionForAllWidths(scale: Float) {
    var generator = SplitMix64(seed: 1)
    for columnCount in Array(1...70) + [1000] {
      var matrix = randomMatrix(rowCount: 3, columnCount: columnCount, using: &generator)
      matrix.scale(by: scale)
      for found in results(matrix) {
        for row in 0..<3 {
          let logits = matrix.row(row).map(Double.init)
          let largest = logits.max() ?? 0
          let logOfSum = log(logits.map { exp($0 - largest) }.reduce(0, +))
          for (logit, value) in zip(logits, found.row(row)) {
            let expected = logit - largest - logOfSum
            #expect(abs(Double(value) - expected) <= 2e-7 * max(2, abs(expected)))
          }
        }
      }
    }
  }

  @Test func isTheBestImplementation() {
    var generator = SplitMix64(seed: 2)
    var matrix = randomMatrix(rowCount: 5, columnCount: 29, using: &generator)
    let expected = results(matrix)[0]
    matrix.takeLogSoftmaxOfRows()
    #expect(matrix == expected)
  }

  @Test func keepsWhatHasNoProbability() {
    for columnCount in [2, 15, 16, 17, 40] {
      var matrix = Matrix(rowCount: 2, columnCount: columnCount, repeating: -.infinity)
      matrix[0, 1] = 3
      matrix[1, 0] = 5
      for found in results(matrix) {
        #expect(found[0, 1] == 0)
        #expect(found[1, 0] == 0)
        #expect(found.values.count(where: { $0 == -.infinity }) == 2 * (columnCount - 1))
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func makesNaNOfARowThatIsNoDistribution(value: Float) {
    for columnCount in [1, 5, 16, 21] {
      var matrix = Matrix(rowCount: 3, columnCount: columnCount, repeating: 1)
      let columns = value == -.infinity ? 0..<columnCount : columnCount - 1..<columnCount
      for column in columns { matrix[1, column] = value }
      for found in results(matrix) {
        #expect(found.row(1).count(where: \.isNaN) == columnCount)
        for value in Array(found.row(0)) + found.row(2) {
          #expect(abs(value + log(Float(columnCount))) < 1e-6)
        }
      }
    }
  }

  @Test func leavesNothingAlone() {
    for (rowCount, columnCount) in [(0, 4), (4, 0), (0, 0)] {
      var matrix = Matrix(rowCount: rowCount, columnCount: columnCount)
      matrix.takeLogSoftmaxOfRows()
      #expect(matrix == Matrix(rowCount: rowCount, columnCount: columnCount))
    }
  }
}

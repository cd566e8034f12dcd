import Glibc
import StapesCTC
import StapesKernels
import TestSupport
import Testing

@Suite struct WordTests {
  /// All words of two letters or fewer, planted; class 3 parts words.
  @Test func `finds planted words where they are`() throws {
    let path = [0, 1, 1, 0, 2, 3, 3, 0, 2, 2]
    var matrix = Matrix(rowCount: path.count, columnCount: 4)
    for (frame, label) in path.enumerated() {
      for column in 0..<4 { matrix[frame, column] = column == label ? 8 : 0 }
    }
    matrix.takeLogSoftmaxOfRows()
    let found = try #require(
      CTC.words(logProbabilities: matrix, labels: [1, 2, 3, 2], separator: 3))
    #expect(found.words.map(\.labels) == [0..<2, 3..<4])
    #expect(found.words.map(\.frames) == [1..<5, 8..<10])
    #expect(found.words.allSatisfy { $0.logProbability > -0.02 && $0.logProbability <= 0 })
    #expect(found.logProbability > -0.03)
    #expect(CTC.words(logProbabilities: matrix, labels: [], separator: 3)?.words == [])
    let fits = CTC.words(
      logProbabilities: matrix, labels: [Int](repeating: 1, count: 9), separator: nil)
    #expect(fits == nil)
  }

  @Test func `a word's probability is that of its stretch, all paths counted`() throws {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<20 {
      var matrix = randomMatrix(rowCount: 6, columnCount: 3, using: &generator)
      matrix.takeLogSoftmaxOfRows()
      // Labels 1, 2 and 1, where 2 parts the words.
      let found = try #require(
        CTC.words(logProbabilities: matrix, labels: [1, 2, 1], separator: 2))
      let separator = found.labelFrames[1]
      let stretches = [(0..<separator.upperBound, [1, 2]), (separator.lowerBound..<6, [2, 1])]
      for (word, (frames, labels)) in zip(found.words, stretches) {
        let expected = probability(of: labels, in: matrix.rows(frames))
        #expect(abs(exp(word.logProbability) - expected) < 1e-5)
      }
      let all = probability(of: [1, 2, 1], in: matrix)
      #expect(abs(exp(found.logProbability) - all) < 1e-5)
    }
  }

  private func probability(of labels: [Int], in matrix: Matrix) -> Double {
    allSequences(ofLength: matrix.rowCount, symbolCount: matrix.columnCount).reduce(0) {
      sum, path in
      guard collapsed(path) == labels else { return sum }
      return sum
        + exp(
          path.enumerated().reduce(0) { $0 + Double(matrix[$1.offset, $1.element]) })
    }
  }
}

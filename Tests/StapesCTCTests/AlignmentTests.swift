import Glibc
import StapesCTC
import StapesKernels
import TestSupport
import Testing

@Suite struct AlignmentTests {
  /// Against all paths; whole numbers as log-probabilities, so that sums are exact and many tie.
  @Test(arguments: [(1, 3), (2, 3), (4, 4), (5, 3), (6, 3), (8, 2)])
  func isTheFirstOfTheMostProbable(frameCount: Int, classCount: Int) {
    var generator = SplitMix64(seed: 1, stream: UInt64(frameCount))
    for spread in 0...3 {
      let rows = (0..<frameCount).map { _ in
        (0..<classCount).map { _ in Float(-Int.random(in: 0...spread, using: &generator)) }
      }
      let possible = enumerated(rows.map { $0.map(Double.init) }, classCount: classCount)
      for (labels, expected) in possible {
        let found = CTC.alignment(logProbabilities: Matrix(rows: rows), labels: labels)
        #expect(found?.path == expected.bestPath)
        #expect(found?.logProbability == expected.bestLogProbability)
      }
    }
  }

  @Test func tellsTheFramesOfEachLabel() throws {
    let path = [0, 3, 3, 0, 0, 1, 2, 2, 2, 0, 2]
    var logProbabilities = Matrix(rowCount: path.count, columnCount: 4, repeating: -5)
    for (frame, label) in path.enumerated() { logProbabilities[frame, label] = -0.25 }
    let found = try #require(
      CTC.alignment(logProbabilities: logProbabilities, labels: [3, 1, 2, 2]))
    #expect(found.path == path)
    #expect(found.labelFrames == [1..<3, 5..<6, 6..<9, 10..<11])
    #expect(found.logProbability == -0.25 * 11)
  }

  @Test func findsAPlantedPathOfFiveThousandFrames() throws {
    var generator = SplitMix64(seed: 2)
    let labels = (0..<500).map { _ in Int.random(in: 1...30, using: &generator) }
    let path = labels.flatMap { [0, $0, $0] + [Int](repeating: 0, count: 7) }
    var logits = randomLogits(5000, 31, using: &generator)
    for (frame, label) in path.enumerated() { logits[frame, label] += 3 }
    logits.takeLogSoftmaxOfRows()
    let found = try #require(CTC.alignment(logProbabilities: logits, labels: labels))
    #expect(found.path == path)
    let sum = path.indices.map { Double(logits[$0, path[$0]]) }.reduce(0, +)
    #expect(abs(found.logProbability - sum) < 1e-9 * abs(sum))
  }

  @Test func leavesOutWhatHasNoProbability() throws {
    var logProbabilities = Matrix(rowCount: 4, columnCount: 3, repeating: -1)
    for frame in 0..<3 { logProbabilities[frame, 1] = -.infinity }
    #expect(CTC.alignment(logProbabilities: logProbabilities, labels: [1])?.path == [0, 0, 0, 1])
    #expect(CTC.alignment(logProbabilities: logProbabilities, labels: [1, 2]) == nil)
    logProbabilities[3, 1] = .nan
    #expect(CTC.alignment(logProbabilities: logProbabilities, labels: [1]) == nil)
    #expect(CTC.alignment(logProbabilities: logProbabilities, labels: [2])?.path == [0, 0, 0, 2])
  }
}

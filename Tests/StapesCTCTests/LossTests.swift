import FoundationEssentials
import Glibc
import StapesCTC
import StapesKernels
import TestSupport
import Testing

@Suite struct LossTests {
  @Test(arguments: [(1, 2), (2, 3), (3, 3), (4, 3), (5, 3), (6, 3), (4, 4), (6, 2)])
  func isTheSumOverAllAlignments(frameCount: Int, classCount: Int) {
    var generator = SplitMix64(seed: 1, stream: UInt64(frameCount), UInt64(classCount))
    let logits = randomLogits(frameCount, classCount, scale: 3, using: &generator)
    let logProbabilities = logSoftmax(logits)
    let possible = enumerated(logProbabilities, classCount: classCount)
    for length in 0...frameCount {
      for symbols in allSequences(ofLength: length, symbolCount: classCount - 1) {
        let labels = symbols.map { $0 + 1 }
        let found = CTC.loss(logits: logits, labels: labels)
        guard let expected = possible[labels] else {
          #expect(CTC.requiredFrameCount(labels: labels) > frameCount)
          #expect(found.loss == .infinity)
          #expect(found.gradient == Matrix(rowCount: frameCount, columnCount: classCount))
          continue
        }
        #expect(CTC.requiredFrameCount(labels: labels) <= frameCount)
        #expect(abs(found.loss + log(expected.probability)) < 2e-6, "\(labels)")
        let gradient = expected.gradient(logProbabilities: logProbabilities)
        #expect(largestDifference(found.gradient, gradient) < 1e-6, "\(labels)")
        let inLogarithms = lossInLogarithms(logits, labels)
        #expect(abs(inLogarithms.loss + log(expected.probability)) < 1e-9)
        #expect(largestDifference(inLogarithms.gradient, gradient) < 1e-6)
      }
    }
  }

  /// With equal probabilities everywhere, only the number of alignments counts: of U labels, R of
  /// them equal to the one before, in T frames there are (T + U − R) over 2U.
  @Test(arguments: [(1, 1), (10, 3), (400, 60), (5000, 500)])
  func countsAlignments(frameCount: Int, labelCount: Int) {
    func logChoose(_ n: Int, _ k: Int) -> Double {
      lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
    }
    let logits = Matrix(rowCount: frameCount, columnCount: 4, repeating: -2)
    for repeatPeriod in [labelCount + 1, 3] {
      let labels = (0..<labelCount).map { 1 + ($0 - $0 / repeatPeriod) % 3 }
      let repeatCount = CTC.requiredFrameCount(labels: labels) - labelCount
      let expected =
        Double(frameCount) * log(4)
        - logChoose(frameCount + labelCount - repeatCount, 2 * labelCount)
      let found = CTC.loss(logits: logits, labels: labels).loss
      #expect(abs(found - expected) < 1e-6 * max(1, expected))
    }
  }

  private struct GoldenCase: Decodable {
    let name: String
    let labels: [Int]
    let logits: [[Float]]
    let loss: Double
    let gradient: [[Float]]
  }

  @Test func isPyTorchs() throws {
    let path = fixturePath("golden/ctc/losses.json")
    let data = try #require(FileManager.default.contents(atPath: path))
    for golden in try JSONDecoder().decode([GoldenCase].self, from: data) {
      let found = CTC.loss(logits: Matrix(rows: golden.logits), labels: golden.labels)
      #expect(abs(found.loss - golden.loss) < 1e-6 * max(1, golden.loss), "\(golden.name)")
      #expect(largestDifference(found.gradient, Matrix(rows: golden.gradient)) < 1e-6)
    }
  }

  @Test func isTheSlopeOfTheLoss() {
    var generator = SplitMix64(seed: 2)
    let logits = randomLogits(9, 5, scale: 2, using: &generator)
    let labels = [3, 1, 1, 4]
    let gradient = CTC.loss(logits: logits, labels: labels).gradient
    let step: Float = 0.0625
    for index in logits.values.indices {
      func loss(_ change: Float) -> Double {
        var changed = logits
        changed.values[index] += change
        return CTC.loss(logits: changed, labels: labels).loss
      }
      // Central differences of two widths, combined so that their error of second order cancels.
      let narrow = (loss(step) - loss(-step)) / Double(2 * step)
      let wide = (loss(2 * step) - loss(-2 * step)) / Double(4 * step)
      #expect(abs(Double(gradient.values[index]) - (4 * narrow - wide) / 3) < 2e-5)
    }
  }

  @Test func gradientRowsSumToZero() {
    var generator = SplitMix64(seed: 3)
    for scale: Float in [0, 1, 10, 1000] {
      let logits = randomLogits(150, 37, scale: scale, using: &generator)
      let labels = (0..<40).map { _ in Int.random(in: 1...36, using: &generator) }
      let gradient = CTC.loss(logits: logits, labels: labels).gradient
      for frame in 0..<150 {
        #expect(abs(gradient.row(frame).reduce(0, +)) < 2e-6)
      }
    }
  }

  @Test func aBatchIsItsSequences() {
    var generator = SplitMix64(seed: 4)
    let labels = [[2, 2, 1], [], [5, 4, 3, 2, 1], [3]]
    let logits = [3, 4, 50, 9].map {
      randomLogits($0, 6, using: &generator)
    }
    let losses = CTC.losses(logits: logits, labels: labels)
    #expect(losses == zip(logits, labels).map { CTC.loss(logits: $0, labels: $1) })
    #expect(losses[0].loss == .infinity)
    #expect(CTC.losses(logits: [], labels: []).isEmpty)
  }
}

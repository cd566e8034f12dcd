import Glibc
import StapesCTC
import StapesKernels
import Testing

/// Sequences at the border of what CTC is about.
@Suite struct EdgeTests {
  @Test func labelsThatCannotFit() {
    let cases: [(frameCount: Int, labels: [Int])] = [
      (0, [1]), (1, [1, 2]), (1, [1, 1]), (2, [1, 1]), (4, [1, 1, 1]), (5, [2, 1, 1, 2, 2]),
    ]
    for (frameCount, labels) in cases {
      let logits = Matrix(rowCount: frameCount, columnCount: 3, repeating: 0.5)
      let found = CTC.loss(logits: logits, labels: labels)
      #expect(found.loss == .infinity)
      #expect(found.gradient == Matrix(rowCount: frameCount, columnCount: 3))
      #expect(CTC.alignment(logProbabilities: logits, labels: labels) == nil)
    }
  }

  @Test func labelsThatCannotFitFramesThatAreNoDistribution() {
    let logits = Matrix(rowCount: 1, columnCount: 3, repeating: .nan)
    let found = CTC.loss(logits: logits, labels: [1, 2])
    #expect(found.loss == .infinity)
    #expect(found.gradient == Matrix(rowCount: 1, columnCount: 3))
  }

  @Test func noFramesAndNoLabels() {
    let nothing = Matrix(rowCount: 0, columnCount: 3)
    #expect(CTC.loss(logits: nothing, labels: []).loss == 0)
    #expect(CTC.loss(logits: nothing, labels: []).gradient == nothing)
    let alignment = CTC.alignment(logProbabilities: nothing, labels: [])
    #expect(alignment?.logProbability == 0)
    #expect(alignment?.path == [])
    #expect(CTC.requiredFrameCount(labels: []) == 0)
  }

  @Test func noLabelsAreBlankThroughout() {
    let logits = Matrix(rows: [[1, 2], [3, 3], [-1, 0]])
    let (first, second) = (-log1p(exp(1.0)), -log(2.0))
    let found = CTC.loss(logits: logits, labels: [])
    #expect(abs(found.loss + 2 * first + second) < 1e-6)
    let alignment = CTC.alignment(logProbabilities: logits, labels: [])
    #expect(alignment?.path == [0, 0, 0])
    #expect(alignment?.logProbability == 3)
    #expect(alignment?.labelFrames == [])
  }

  @Test func blankAlone() {
    let logits = Matrix(rowCount: 4, columnCount: 1, repeating: 7)
    let found = CTC.loss(logits: logits, labels: [])
    #expect(found.loss == 0)
    #expect(found.gradient == Matrix(rowCount: 4, columnCount: 1))
  }
}

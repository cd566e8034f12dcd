import Glibc
import StapesCTC
import StapesKernels
import TestSupport
import Testing

/// Every implementation that this processor runs, the plain loops included, against Graves'
/// recursions in logarithms.
@Suite struct KernelTests {
  /// The loss and gradient of each implementation.
  private func results(_ logits: Matrix, _ labels: [Int]) -> [(loss: Double, gradient: Matrix)] {
    (0..<CTCKernel.implementationCount).map { index in
      var kernel = CTCKernel(implementation: index)
      var gradient = logits
      let loss = kernel.takeGradient(of: &gradient, labels: labels)
      return (loss, gradient)
    }
  }

  private func expectAgreement(
    _ logits: Matrix, _ labels: [Int], tolerance: Float = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = lossInLogarithms(logits, labels)
    for (index, found) in results(logits, labels).enumerated() {
      #expect(
        abs(found.loss - expected.loss) <= 2e-7 * max(5, expected.loss),
        "implementation \(index): \(found.loss) for \(expected.loss)",
        sourceLocation: sourceLocation)
      let difference = largestDifference(found.gradient, expected.gradient)
      #expect(
        difference < tolerance, "implementation \(index): \(difference)",
        sourceLocation: sourceLocation)
    }
  }

  /// Around the widths of vectors, with as many frames as needed and with more.
  @Test func agreesForAllLabelAndClassCounts() {
    var generator = SplitMix64(seed: 1)
    for labelCount in [0, 1, 2, 3, 4, 7, 8, 13, 14, 15, 16, 17, 29, 30, 31, 32, 33, 50] {
      for classCount in [2, 3, 5, 8, 15, 16, 17, 29, 32, 33, 100] {
        let labels = (0..<labelCount).map { _ in Int.random(in: 1..<classCount, using: &generator) }
        let least = max(1, CTC.requiredFrameCount(labels: labels))
        for frameCount in [least, least + 1, 2 * least + 9] {
          expectAgreement(
            randomLogits(frameCount, classCount, scale: 4, using: &generator), labels)
        }
      }
    }
  }

  @Test(arguments: [3, 10_000] as [Float])
  func agreesForFiveThousandFramesAndFiveHundredLabels(scale: Float) {
    var generator = SplitMix64(seed: 2)
    let labels = (0..<500).map { _ in Int.random(in: 1...40, using: &generator) }
    let logits = randomLogits(5000, 41, scale: scale, using: &generator)
    expectAgreement(logits, labels, tolerance: 2e-5)
  }

  /// The labels are in the frames, but the network is sure of other classes: every partial sum is
  /// far below that of the paths that lead nowhere.
  @Test func agreesWhereTheBestPathsLeadNowhere() {
    var generator = SplitMix64(seed: 3)
    let labels = (0..<30).map { 1 + $0 % 5 }
    for margin: Float in [50, 300, 10_000, 100_000] {
      var logits = randomLogits(200, 8, using: &generator)
      for frame in 0..<200 { logits[frame, frame < 100 ? 0 : 1 + frame % 7] += margin }
      expectAgreement(logits, labels)
      for frame in 0..<200 { logits[frame, 0] -= 2 * margin }
      expectAgreement(logits, labels)
    }
  }

  /// Beyond the range of 32-bit exponents the vectors hand over to logarithms.
  @Test func agreesForLogitsOfAnySize() {
    var generator = SplitMix64(seed: 4)
    for scale: Float in [1e5, 1e6, 1e7, 1e20, 1e38] {
      let logits = randomLogits(60, 9, scale: scale, using: &generator)
      expectAgreement(logits, [8, 1, 1, 2, 7, 3])
    }
  }

  @Test func takesMinusInfinityForAProbabilityOfZero() {
    var generator = SplitMix64(seed: 5)
    let labels = [1, 2, 2, 3]
    var logits = randomLogits(12, 5, using: &generator)
    for frame in 0..<12 { logits[frame, 4] = -.infinity }
    for frame in 3..<6 { logits[frame, 2] = -.infinity }
    for frame in 8..<10 { logits[frame, 0] = -.infinity }
    expectAgreement(logits, labels)

    // A label that is nowhere, and frames in which nothing is that the labels have.
    var withoutLabel = logits
    for frame in 0..<12 { withoutLabel[frame, 3] = -.infinity }
    var others = Matrix(rowCount: 12, columnCount: 5, repeating: -.infinity)
    for frame in 0..<12 { others[frame, frame < 2 || frame > 9 ? 1 : 4] = 0 }
    for impossible in [withoutLabel, others] {
      for found in results(impossible, labels) {
        #expect(found.loss == .infinity)
        #expect(found.gradient == Matrix(rowCount: 12, columnCount: 5))
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func saysNaNWhereARowIsNoDistribution(value: Float) {
    for classCount in [3, 16, 40] {
      for frame in [0, 4] {
        var logits = Matrix(rowCount: 5, columnCount: classCount, repeating: 1)
        let columns = value == -.infinity ? 0..<classCount : classCount - 1..<classCount
        for column in columns { logits[frame, column] = value }
        for found in results(logits, [1, 2]) {
          #expect(found.loss.isNaN)
          #expect(found.gradient == Matrix(rowCount: 5, columnCount: classCount))
        }
      }
    }
  }

  @Test func worksInTheMemoryOfTheSequenceBefore() {
    var generator = SplitMix64(seed: 6)
    var kernel = CTCKernel()
    for (frameCount, labels) in [(90, [1, 2, 3]), (5, [4]), (40, [9, 9, 8, 1]), (41, [1])] {
      let logits = randomLogits(frameCount, 10, using: &generator)
      var gradient = logits
      let loss = kernel.takeGradient(of: &gradient, labels: labels)
      let alone = CTC.loss(logits: logits, labels: labels)
      #expect(loss == alone.loss)
      #expect(gradient == alone.gradient)
    }
  }
}

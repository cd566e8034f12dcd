import Glibc
import StapesCTC
import StapesKernels
import TestSupport
import Testing

/// The denominator of CTC-CRF, and its trigram.
@Suite struct DenominatorTests {
  @Test(arguments: [(1, 2), (2, 3), (3, 4), (5, 3), (6, 3), (7, 2)])
  func isTheSumOverAllTextsAndAlignments(frameCount: Int, classCount: Int) {
    var random = SplitMix64(seed: 3, stream: UInt64(frameCount), UInt64(classCount))
    let logits = randomLogits(frameCount, classCount, scale: 3, using: &random)
    let trigram = randomTrigram(classCount: classCount, using: &random)
    let logProbabilities = logSoftmax(logits)
    var sum = 0.0
    var shares = Matrix(rowCount: frameCount, columnCount: classCount)
    for (text, paths) in enumerated(logProbabilities, classCount: classCount) {
      let weight = probability(of: text, by: trigram)
      sum += weight * paths.probability
      for frame in 0..<frameCount {
        for label in 0..<classCount {
          shares[frame, label] += Float(weight * paths.classProbabilities[frame][label])
        }
      }
    }
    var gradient = Matrix(rowCount: frameCount, columnCount: classCount)
    var denominator = CTCDenominator(trigram)
    let text = [Int](repeating: 1, count: frameCount)
    let more = denominator.add(
      to: &gradient, probabilities: logits.softmaxOfRows(), labels: text, share: 0.5)
    #expect(abs(more - (log(sum) - log(probability(of: text, by: trigram))) / 2) < 1e-5)
    for frame in 0..<frameCount {
      for label in 0..<classCount {
        let output = Float(exp(logProbabilities[frame][label]))
        let expected = shares[frame, label] / Float(sum) - output
        #expect(abs(gradient[frame, label] - expected / 2) < 1e-5, "\(frame), \(label)")
      }
    }
  }

  @Test func derivativeIsThatOfTheLogarithm() {
    var random = SplitMix64(seed: 4)
    let trigram = randomTrigram(classCount: 20, using: &random)
    let logits = randomLogits(30, 20, scale: 4, using: &random)
    var denominator = CTCDenominator(trigram)
    var gradient = Matrix(rowCount: 30, columnCount: 20)
    _ = denominator.add(to: &gradient, probabilities: logits.softmaxOfRows(), labels: [], share: 1)
    for index in stride(from: 0, to: 600, by: 7) {
      var (above, below) = (logits, logits)
      above.values[index] += 0.0625
      below.values[index] -= 0.0625
      var unused = gradient
      let difference =
        denominator.add(to: &unused, probabilities: above.softmaxOfRows(), labels: [], share: 1)
        - denominator.add(to: &unused, probabilities: below.softmaxOfRows(), labels: [], share: 1)
      #expect(abs(difference / 0.125 - Double(gradient.values[index])) < 2e-3, "\(index)")
    }
    for frame in 0..<30 { #expect(abs(gradient.row(frame).reduce(0, +)) < 1e-5) }
  }

  @Test func aTextThatIsTheOnlyOneLeavesNothingToLearn() {
    // The trigram is all but certain of one text, so Z is nearly its numerator.
    let text = [2, 1, 1, 3]
    let trigram = LabelTrigram(texts: [[Int]](repeating: text, count: 100_000), classCount: 4)
    var random = SplitMix64(seed: 5)
    let logits = randomLogits(12, 4, scale: 2, using: &random)
    let loss = CTC.loss(logits: logits, labels: text)
    var denominator = CTCDenominator(trigram)
    var gradient = loss.gradient
    let more = denominator.add(
      to: &gradient, probabilities: logits.softmaxOfRows(), labels: text, share: 1)
    #expect(abs(more + loss.loss) < 0.1)
    #expect(gradient.squaredNorm < 1e-3 * loss.gradient.squaredNorm)
  }

  @Test func outputsThatAreNoDistributionAddNothing() {
    let trigram = LabelTrigram(texts: [[1]], classCount: 3)
    var denominator = CTCDenominator(trigram)
    var logits = Matrix(rowCount: 4, columnCount: 3)
    logits[2, 1] = .nan
    var gradient = Matrix(rowCount: 4, columnCount: 3)
    #expect(
      denominator.add(to: &gradient, probabilities: logits.softmaxOfRows(), labels: [1], share: 1)
        == 0)
    #expect(gradient == Matrix(rowCount: 4, columnCount: 3))
  }

  @Test func trigramIsWittenAndBells() {
    let trigram = LabelTrigram(texts: [[1, 2], [1, 1]], classCount: 3)
    // Of six events (1, 2, end, 1, 1, end) and one more of each of three.
    let (end, one, two) = (3.0 / 9, 4.0 / 9, 2.0 / 9)
    // After 1 come 2, 1 and the end, once each; after 2 the end; at the beginning 1, twice.
    let afterOne = [(1 + 3 * end) / 6, (1 + 3 * one) / 6, (1 + 3 * two) / 6]
    let atBeginning = [end / 3, (2 + one) / 3, two / 3]
    for (label, expected) in afterOne.enumerated() {
      // After the beginning and 1 come 2 and 1, once each.
      let seen = label > 0 ? 1.0 : 0
      let first = Double(trigram.probability(of: label, after: (0, 1)))
      #expect(abs(first - (seen + 2 * expected) / 4) < 1e-6)
      // Nothing is known of what comes after 2 and 1.
      #expect(abs(Double(trigram.probability(of: label, after: (2, 1))) - expected) < 1e-6)
    }
    for (label, expected) in atBeginning.enumerated() {
      let seen = label == 1 ? 2.0 : 0
      let first = Double(trigram.probability(of: label, after: (0, 0)))
      #expect(abs(first - (seen + expected) / 3) < 1e-6)
    }
    for (a, b) in [(0, 0), (0, 1), (1, 1), (2, 2)] {
      #expect(abs((0..<3).reduce(0) { $0 + trigram.probability(of: $1, after: (a, b)) } - 1) < 1e-6)
    }
  }

  private func randomTrigram(
    classCount: Int, using random: inout some RandomNumberGenerator
  ) -> LabelTrigram {
    let texts = (0..<20).map { _ in
      (0..<Int.random(in: 0...5, using: &random)).map { _ in
        Int.random(in: 1..<classCount, using: &random)
      }
    }
    return LabelTrigram(texts: texts, classCount: classCount)
  }

  private func probability(of text: [Int], by trigram: LabelTrigram) -> Double {
    var (product, before) = (1.0, (0, 0))
    for label in text + [0] {
      product *= Double(trigram.probability(of: label, after: before))
      before = (before.1, label)
    }
    return product
  }
}

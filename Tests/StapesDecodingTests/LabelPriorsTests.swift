import Glibc
import StapesDecoding
import StapesKernels
import StapesLanguage
import TestSupport
import Testing

@Suite struct LabelPriorsTests {
  @Test func `priors are the shares of what is expected, each class counted once more`() throws {
    let frames = [[0.5, 0.25, 0.25], [0.9, 0.1, 0]]
    let outputs = Matrix(
      rowCount: 2, columnCount: 3, values: frames.flatMap { $0 }.map { Float(log($0)) })
    let counts = LabelPriors.counts(in: outputs)
    for (count, expected) in zip(counts, [1.4, 0.35, 0.25]) {
      #expect(abs(count - expected) < 1e-6)
    }
    let priors = try #require(LabelPriors(counts: [counts, [2, 0, 1]]))
    for (prior, expected) in zip(priors.logProbabilities, [4.4 / 8, 1.35 / 8, 2.25 / 8]) {
      #expect(abs(exp(Double(prior)) - expected) < 1e-6)
    }
    #expect(LabelPriors(counts: []) == nil)
  }

  @Test(arguments: [0, 0.3, 1])
  func `a search with them is one of outputs that were divided by them`(weight: Double) throws {
    var generator = SplitMix64(seed: 3)
    var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: .word))
    for sentence in ["a ab", "ab a"] { try trainer.add(line: sentence) }
    let model = try trainer.estimate().0
    let priors = try #require(LabelPriors(counts: [[70, 12, 3, 5]]))
    let shares = [71.0, 13, 4, 6].map { $0 / 94 }
    let weights = LanguageWeights(
      languageWeight: 0.7, wordBonus: 1, labelPriorWeight: weight)
    var fusion = LanguageFusion(
      words: model, lexicon: Lexicon(words: [[1], [1, 2]], separator: 3),
      numbers: ["a", "ab"].map { model.index(of: $0) }, weights: weights)
    let plain = BeamDecoder(options: BeamOptions(beamWidth: 10_000), language: fusion)
    fusion.labelPriors = priors
    let decoder = BeamDecoder(options: BeamOptions(beamWidth: 10_000), language: fusion)
    for frameCount in 0...6 {
      let frames = randomLogProbabilities(frameCount, 4, scale: 1.5, using: &generator)
      var divided = frames
      for frame in 0..<frameCount {
        let parts = (0..<4).map { exp(Double(frames[frame, $0])) / pow(shares[$0], weight) }
        for label in 0..<4 { divided[frame, label] = Float(log(parts[label] / parts.reduce(0, +))) }
      }
      let expected = plain.decode(divided, hypothesisCount: 100)
      let found = decoder.decode(frames, hypothesisCount: 100)
      #expect(found.map(\.labels) == expected.map(\.labels))
      for (a, b) in zip(found, expected) {
        #expect(abs(a.logProbability - b.logProbability) < 1e-5)
        #expect(a.languageScore == b.languageScore)
      }
      let discounted = priors.discounted(frames, weight: weight)
      for (a, b) in zip(discounted.values, divided.values) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func `a frame that leaves no class a probability stays without`() throws {
    let priors = try #require(LabelPriors(counts: [[1, 2]]))
    let impossible = Matrix(rowCount: 1, columnCount: 2, values: [-.infinity, -.infinity])
    #expect(priors.discounted(impossible, weight: 0.5) == impossible)
  }
}

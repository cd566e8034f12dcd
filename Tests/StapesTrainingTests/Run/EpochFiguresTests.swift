import StapesCorpus
import StapesKernels
import StapesModel
import StapesNetwork
import StapesScoring
import StapesText
import StapesTraining
import TestSupport
import Testing

/// What a run tells of its epochs, for reports.
@Suite struct EpochFiguresTests {
  /// Plain gradient descent goes from the same weights along the same gradient g, so two rates a
  /// and b end |a − b| · ‖g‖ apart.
  @Test func theGradientNormIsThatByWhichAStepMovesTheWeights() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 1
      options.batchSeconds = 1e6
      options.optimizer.method = .sgd
      (options.optimizer.momentum, options.averageDecay) = (0, 0)
      (options.learningRate.shape, options.learningRate.warmUpFraction) = (.constant, 0)
      options.gradientNormLimit = 1e6
      func step(rate: Double) async throws -> (figures: EpochFigures, weights: [Float]) {
        options.learningRate.peak = rate
        let trainer = try Trainer(corpus: corpus, options: options, threadCount: 2)
        let report = try await RunReport(of: trainer)
        let network = try #require(report.outcome).model.network.network()
        let weights = network.parameters.tensors.flatMap(\.matrix.values)
        #expect(report.steps.count == 1)
        return (try #require(report.epochs.first?.history.first), weights)
      }
      let (near, far) = (try await step(rate: 0.25), try await step(rate: 0.5))
      let distance = zip(near.weights, far.weights).reduce(0) { sum, pair in
        sum + Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
      }.squareRoot()
      let norm = near.figures.gradientNorm
      #expect(norm > 0.1 && abs(distance / 0.25 - norm) < 1e-4 * norm)
      #expect(near.figures.largestGradientNorm == norm && far.figures.gradientNorm == norm)
      // It is the norm before gradients are shortened.
      options.gradientNormLimit = 0.01
      #expect(try await step(rate: 0.25).figures.gradientNorm == norm)
    }
  }

  @Test func theMedianNormLiesBelowTheLargest() async throws {
    try await withTemporaryFolder { folder in
      var options = ToneCorpus.options
      (options.epochCount, options.batchSeconds) = (2, 2)
      let corpus = try ToneCorpus.write(20, to: folder)
      let report = try await RunReport(of: try Trainer(corpus: corpus, options: options))
      for figures in try #require(report.epochs.last).history {
        #expect(0 < figures.gradientNorm && figures.gradientNorm < figures.largestGradientNorm)
        #expect(figures.hoursPerSecond > 0)
      }
      options.batchSeconds = 1e6
      let single = try await RunReport(of: try Trainer(corpus: corpus, options: options))
      for figures in try #require(single.epochs.last).history {
        #expect(figures.gradientNorm == figures.largestGradientNorm)
      }
    }
  }

  @Test func theWorstClipsAreToldWithTheirWordsInTime() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(60, to: folder)
      let unseen = try ToneCorpus.write(20, to: folder, seed: 2)
      // A text that its clip does not explain, with a space, which the model does not write.
      var clips = unseen.clips
      let wrong = clips[7]
      clips[7] = LabelledClip(
        path: wrong.path, text: "ca bac", duration: wrong.duration, identifier: "wrong")
      let trainer = try Trainer(
        corpus: corpus, validation: Corpus(clips: clips), options: ToneCorpus.options)
      let report = try await RunReport(of: trainer)
      let figures = try #require(report.outcome).validation

      #expect(figures.worst.count == 5 && figures.middle.count == 3)
      #expect(figures.worst[0].name == "wrong" && figures.worst[0].reference == "ca bac")
      #expect(figures.worst[0].loss == nil && figures.worst[0].said.isEmpty)
      let rates = (figures.worst + figures.middle).map {
        EditCounts(reference: $0.reference, hypothesis: $0.hypothesis).rate
      }
      #expect(rates == rates.sorted(by: >))

      for clip in figures.worst.dropFirst() + figures.middle {
        let word = try #require(clip.said.first)
        #expect(word.text == clip.reference && clip.said.count == 1)
        #expect(clip.hypothesis != clip.reference || clip.heard == clip.said)
        // The first tone begins with the clip and lasts up to 0.2 s; the last one ends 0.05 s before
        // the clip does, and lasts as long.
        #expect(word.start < 0.25 && word.start < word.end)
        #expect(word.end > clip.seconds - 0.3 && word.end <= clip.seconds)
      }

      func count(_ isWanted: (Confusion) -> Bool) -> Int {
        figures.confusions.filter(isWanted).reduce(0) { $0 + $1.count }
      }
      let characters = figures.rates.characters
      #expect(count { $0.said == nil } == characters.insertions)
      #expect(count { $0.heard == nil } == characters.deletions)
      #expect(count { $0.said == $0.heard } == characters.matches)
      #expect(count { _ in true } == characters.referenceLength + characters.insertions)
    }
  }
}

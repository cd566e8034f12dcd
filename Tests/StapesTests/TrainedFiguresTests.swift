import Stapes
import TestSupport
import Testing

/// What training says of a model is what the model does when it is used.
@Suite struct TrainedFiguresTests {
  /// Clips that say words with tones, each text one or two of them.
  private func corpus(_ texts: [String], in folder: String, gain: Float) throws -> Corpus {
    try Corpus(
      clips: texts.enumerated().map { number, text in
        let path = "\(folder)/\(gain)-\(number).wav"
        let samples = ToneLanguage.samples(saying: text).map { gain * $0 }
        try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
        return LabelledClip(
          path: path, text: text, duration: Double(samples.count) / 8000, identifier: path)
      })
  }

  @Test(arguments: [TrainingOptions.Vocabulary.closed, .open])
  func `error rates of a training are those of the trained model`(
    vocabulary: TrainingOptions.Vocabulary
  ) async throws {
    try await withTemporaryFolder { folder in
      let words = ["abc", "cab b", "bca", "acb", "b cab", "abc bca"]
      let training = try corpus(words + words, in: folder, gain: 1)
      let validation = try corpus(words.reversed(), in: folder, gain: 0.5)
      var options = TrainingOptions()
      options.features = ToneLanguage.features
      (options.layerCount, options.hiddenSize, options.epochCount) = (1, 16, 4)
      (options.batchSeconds, options.shardSize, options.learningRate.peak) = (4, 4, 0.02)
      options.vocabulary = vocabulary
      let trainer = try Trainer(
        corpus: training, validation: validation, options: options, threadCount: 1)
      var outcome: TrainingOutcome?
      for try await event in trainer.run() {
        if case .finished(let found) = event { outcome = found }
      }
      let found = try #require(outcome)
      #expect((found.model.vocabulary != nil) == (vocabulary == .closed))
      let used = try await Evaluation(
        of: try Recognizer(model: .model(found.model)), on: validation, threadCount: 1)
      let told = found.validation.rates
      #expect(used.failures.isEmpty && told.wer.value > 0)
      #expect(told.wer.value == used.rates.wer.value && told.cer.value == used.rates.cer.value)
      let figures = found.model.provenance.figures
      #expect(figures.first { $0.name == "wer" }?.value == used.rates.wer.value)
    }
  }
}

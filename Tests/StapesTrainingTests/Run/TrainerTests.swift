import FoundationEssentials
import StapesAudio
import StapesAugmentation
import StapesCorpus
import StapesDecoding
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesScoring
import StapesText
import StapesTraining
import TestSupport
import Testing

@Suite struct TrainerTests {
  @Test func learnsALanguageOfTones() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(60, to: folder)
      let unseen = try ToneCorpus.write(30, to: folder, seed: 2)
      let trainer = try Trainer(
        corpus: corpus, validation: unseen, options: ToneCorpus.options, threadCount: 2)
      let report = try await RunReport(of: trainer)
      let outcome = try #require(report.outcome)
      #expect(outcome.validation.rates.characters.errors == 0)
      #expect(outcome.validation.rates.exactCount == 30)
      #expect(outcome.model.alphabet.characters == ["a", "b", "c"])
      #expect(!outcome.wasStopped)
      let priors = try #require(outcome.model.labelPriors).logProbabilities
      let expected = try #require(try Self.labelPriors(of: outcome.model, in: unseen))
      #expect(zip(priors, expected.logProbabilities).allSatisfy { abs($0 - $1) < 1e-3 })

      #expect(report.summary?.clipCount == 60)
      #expect(report.summary?.validationClipCount == 30)
      #expect(report.summary?.unused.isEmpty == true)
      #expect(report.epochs.map(\.progress.epoch) == Array(1...30))
      #expect(report.epochs.allSatisfy { $0.validation.samples.count == 3 })
      let losses = report.epochs.map(\.loss)
      #expect(losses[29] < 0.2 * losses[0])
      #expect(report.steps.last?.progress.secondsLeft == 0)
      let best = report.epochs.last { $0.improvedModel != nil }
      #expect(best?.improvedModel?.serialized() == outcome.model.serialized())
      #expect(best?.progress.epoch == outcome.epoch)
    }
  }

  /// What a model finds probable in clips on the whole, hearing one by one.
  private static func labelPriors(of model: SpeechModel, in corpus: Corpus) throws -> LabelPriors? {
    let network = InferenceNetwork(model.network)
    var extractor = try FeatureExtractor(configuration: model.features)
    return LabelPriors(
      counts: try corpus.clips.map { clip in
        var features = extractor.features(of: try AudioClip(contentsOf: clip.path).samples)
        model.normalization.apply(to: &features)
        var outputs = network.logits(of: [features])[0]
        outputs.takeLogSoftmaxOfRows()
        return LabelPriors.counts(in: outputs)
      })
  }

  @Test(
    .enabled(if: ProductPrecision.bfloat16.isSupported, "no bfloat16 instructions here"))
  func productsInBFloat16TrainAsWellAndAlikeOnAnyNumberOfThreads() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(40, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 12
      func outcome(_ precision: ProductPrecision, threads: Int) async throws -> TrainingOutcome? {
        options.precision = precision
        let trainer = try Trainer(corpus: corpus, options: options, threadCount: threads)
        return try await RunReport(of: trainer).outcome
      }
      let exact = try #require(await outcome(.float32, threads: 2))
      let rounded = try #require(await outcome(.bfloat16, threads: 2))
      #expect(abs(rounded.validation.loss - exact.validation.loss) < 0.1 * exact.validation.loss)
      #expect(rounded.validation.loss != exact.validation.loss)
      let alone = try await outcome(.bfloat16, threads: 1)
      #expect(alone?.model.serialized() == rounded.model.serialized())
    }
  }

  @Test func sameSeedGivesSameBytesOnAnyNumberOfThreads() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(40, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 3
      options.augmentation = .recommended(joinsWords: true)
      options.normalization = .global
      func bytes(
        _ threadCount: Int, seed: UInt64 = 1, memory: Int = 1 << 30, cache: String? = nil
      ) async throws -> [UInt8] {
        options.seed = seed
        let trainer = try Trainer(
          corpus: corpus, options: options, threadCount: threadCount, sampleMemory: memory,
          sampleFolder: cache)
        return try await RunReport(of: trainer).outcome?.model.serialized() ?? []
      }
      let first = try await bytes(1)
      #expect(!first.isEmpty)
      #expect(try await bytes(1) == first)
      #expect(try await bytes(2) == first)
      #expect(try await bytes(2) == first)
      #expect(try await bytes(5) == first)
      // Clips that do not fit the memory are read again, to the same end.
      #expect(try await bytes(2, memory: 100_000) == first)
      let cache = "\(folder)/cache"
      #expect(try await bytes(2, memory: 100_000, cache: cache) == first)
      #expect(try await bytes(2, memory: 0, cache: cache) == first)
      #expect(try await bytes(2, seed: 2) != first)
    }
  }

  @Test func clipsThatCannotBeUsedAreListedBeforeTheFirstStep() async throws {
    try await withTemporaryFolder { folder in
      let good = try ToneCorpus.write(20, to: folder)
      let short = "\(folder)/short.wav"
      try AudioFileWriter.writeWAV(
        samples: [Float](repeating: 0.1, count: 100), sampleRate: 8000, to: short)
      // 2,000 samples make 1 + (2000 - 200) / 80 = 23 frames and so 8 outputs.
      let crowded = "\(folder)/crowded.wav"
      try AudioFileWriter.writeWAV(
        samples: [Float](repeating: 0.1, count: 2000), sampleRate: 8000, to: crowded)
      let cut = "\(folder)/cut.wav"
      let whole = try Data(contentsOf: URL(filePath: good.clips[0].path))
      try whole.prefix(whole.count / 2).write(to: URL(filePath: cut))
      let bad = [
        LabelledClip(path: crowded, text: "abbcacca", duration: 0.25, identifier: "crowded"),
        LabelledClip(path: crowded, text: "?!", duration: 0.25, identifier: "silent"),
        LabelledClip(path: "\(folder)/none.wav", text: "a", duration: 1, identifier: "none"),
        LabelledClip(path: crowded, text: "a", duration: 99, identifier: "long"),
        LabelledClip(path: short, text: "a", duration: 0.0125, identifier: "short"),
        LabelledClip(
          path: cut, text: "a", duration: good.clips[0].duration, identifier: "cut"),
      ]
      var options = ToneCorpus.options
      options.epochCount = 1
      let trainer = try Trainer(
        corpus: Corpus(clips: bad + good.clips), validation: good, options: options)
      let summary = try #require(try await RunReport(of: trainer).summary)
      #expect(summary.clipCount == 20)
      #expect(summary.unused.map(\.clip) == bad)
      let reasons = summary.unused.map(\.reason)
      #expect(reasons[0] == .tooShortForText(outputsNeeded: 10, outputs: 8))
      #expect(reasons[1] == .noText)
      #expect(reasons[2].isUnreadable && summary.unused[2].description.contains("none.wav"))
      #expect(reasons[3] == .tooLong(seconds: 99, allowed: 40))
      #expect(reasons[4] == .shorterThanFrame)
      #expect(reasons[5].isCutShort && summary.unused[5].description.contains("cut.wav"))
    }
  }

  @Test(arguments: [TrainingOptions.Normalization.perClip, .global])
  func clipsWithoutFiniteFeaturesArePassedOver(
    normalization: TrainingOptions.Normalization
  ) async throws {
    try await withTemporaryFolder { folder in
      let good = try ToneCorpus.write(20, to: folder)
      // Samples of 1e25 are numbers, but their squares are not.
      let loud = "\(folder)/loud.wav"
      try floatWAV(samples: [Float](repeating: 0, count: 4000).indices.map { 1e25 * Float($0 % 7) })
        .write(to: URL(filePath: loud))
      let clip = LabelledClip(path: loud, text: "ab", duration: 0.5, identifier: "loud")
      var options = ToneCorpus.options
      options.epochCount = 2
      options.augmentation = Augmentation()
      options.normalization = normalization
      let trainer = try Trainer(
        corpus: Corpus(clips: good.clips + [clip]), validation: good, options: options)
      let report = try await RunReport(of: trainer)
      #expect(report.passedOver == [["loud"], ["loud"]])
      #expect(report.epochs.allSatisfy { $0.loss.isFinite && $0.validation.loss.isFinite })

      let hopeless = try Trainer(
        corpus: Corpus(clips: [clip, clip]), validation: good,
        options: options.applying(json: #"{"epochCount": 20, "batchSeconds": 0.1}"#))
      await #expect(
        throws: TrainingError.diverged(stepCount: 10, clips: ["loud"])
      ) { try await RunReport(of: hopeless) }
    }
  }

  @Test func stoppingLeavesTheBestSoFar() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(40, to: folder)
      var trainer = try Trainer(corpus: corpus, options: ToneCorpus.options)
      var report = try await RunReport(of: trainer) { event in
        if case .epoch(let epoch) = event, epoch.progress.epoch == 2 { trainer.stop() }
      }
      #expect(report.outcome?.wasStopped == true)
      #expect(report.outcome.map { $0.epoch <= 3 } == true)
      #expect(report.epochs.count <= 3)

      // In the middle of the first epoch there is no validated model yet; the current one is it.
      trainer = try Trainer(corpus: corpus, options: ToneCorpus.options)
      report = try await RunReport(of: trainer) { event in
        if case .step = event { trainer.stop() }
      }
      #expect(report.outcome?.wasStopped == true)
      #expect(report.outcome?.epoch == 1)
      #expect(report.epochs.count == 1)

      let idle = try Trainer(corpus: corpus, options: ToneCorpus.options)
      idle.stop()
      await #expect(throws: TrainingError.stoppedBeforeFirstStep) {
        try await RunReport(of: idle)
      }
    }
  }

  @Test func whoStopsListeningEndsTheRun() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 1_000_000
      let trainer = try Trainer(corpus: corpus, options: options)
      for try await event in trainer.run() {
        if case .step = event { break }
      }
    }
  }

  @Test func nothingToLearnFromIsAnError() async throws {
    let clip = LabelledClip(path: "/nowhere.wav", text: "a", duration: 1, identifier: "a")
    #expect(throws: TrainingError.nothingToTrainOn(unused: [])) {
      try Trainer(corpus: Corpus(clips: []), options: TrainingOptions())
    }
    #expect(throws: TrainingError.singleClip(path: "/nowhere.wav")) {
      try Trainer(corpus: Corpus(clips: [clip]), options: TrainingOptions())
    }
    let trainer = try Trainer(
      corpus: Corpus(clips: [clip]), validation: Corpus(clips: [clip]), options: TrainingOptions())
    let error = await #expect(throws: TrainingError.self) { try await RunReport(of: trainer) }
    #expect(error?.description.contains("/nowhere.wav") == true)
  }
}

extension UnusedClip.Reason {
  fileprivate var isUnreadable: Bool {
    if case .unreadable = self { true } else { false }
  }

  fileprivate var isCutShort: Bool {
    if case .cutShort = self { true } else { false }
  }
}

import Foundation
import StapesAudio
import StapesAugmentation
import StapesCorpus
import StapesDecoding
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesText
import StapesTraining
import TestSupport
import Testing

@Suite struct FineTuningTests {
  /// A model of the letters a and b, and clips that say c as well.
  private func start(
    in folder: String
  ) async throws -> (model: SpeechModel, clips: Corpus, options: TrainingOptions) {
    let clips = try ToneCorpus.write(40, to: folder)
    var options = ToneCorpus.options
    options.layerCount = 2
    options.epochCount = 2
    options.augmentation = Augmentation()
    options.normalization = .global
    let known = Corpus(clips: clips.clips.filter { !$0.text.contains("c") })
    let report = try await RunReport(of: Trainer(corpus: known, options: options))
    return (try #require(report.outcome?.model), clips, options)
  }

  /// The weights of a model by their names.
  private func weights(of model: SpeechModel) throws -> [String: Matrix] {
    let tensors = try model.network.network().parameters.tensors
    return Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.matrix) })
  }

  @Test(arguments: [(nil, 0), (WeightPrecision.int8, 0), (nil, 5), (.int8, 1)])
  func aStepOfNoLengthKeepsWhatTheModelKnows(
    precision: WeightPrecision?, furtherUnits: Int
  ) async throws {
    try await withTemporaryFolder { folder in
      var (model, clips, options) = try await start(in: folder)
      let exact = model
      if let precision { model = try model.quantized(to: precision) }
      model.languageWeights = LanguageWeights(languageWeight: 0.7, wordBonus: -0.3)
      options.epochCount = 1
      options.hiddenSize += furtherUnits
      options.learningRate = LearningRateSchedule(peak: 1e-9, shape: .constant)
      options.averageDecay = 0.999
      let trainer = try Trainer(corpus: clips, options: options, origin: model)
      let tuned = try #require(try await RunReport(of: trainer).outcome?.model)
      #expect(
        tuned.network.configuration.equalLSTMLayer?.cell.size == options.hiddenSize)
      #expect(model.alphabet.characters == ["a", "b"])
      #expect(tuned.alphabet.characters == ["a", "b", "c"])
      #expect(tuned.normalization == model.normalization)
      #expect(tuned.languageWeights == model.languageWeights)
      var random = SplitMix64(seed: 4)
      let features = randomMatrix(
        rowCount: 50, columnCount: options.features.columnCount, using: &random)
      let stored = try StoredNetwork(
        configuration: exact.network.configuration, precision: .float32,
        weights: model.network.weights.map { .float32($0.matrix) })
      var before = try stored.network().logits(of: [features])[0]
      let after = try tuned.network.network().logits(of: [features])[0]
      #expect(after.columnCount == 4)
      var shared = Matrix(rows: (0..<after.rowCount).map { Array(after.row($0).prefix(3)) })
      // Among the classes that both have, the chances are the same.
      before.takeLogSoftmaxOfRows()
      shared.takeLogSoftmaxOfRows()
      #expect(largestDifference(before, shared) < 1e-4)
    }
  }

  @Test(arguments: [
    (FineTuning.Frozen.layers(1), ["layers.0"]), (.allLayers, ["layers.0", "layers.1"]),
    (.front, []), (.nothing, []),
  ])
  func frozenWeightsStayAsTheyAre(frozen: FineTuning.Frozen, prefixes: [String]) async throws {
    try await withTemporaryFolder { folder in
      var (model, clips, options) = try await start(in: folder)
      options.epochCount = 1
      options.weightDecay = 0.01
      options.fineTuning.frozen = frozen
      options.fineTuning.layerRateDecay = 0.5
      let trainer = try Trainer(corpus: clips, options: options, origin: model)
      let tuned = try #require(try await RunReport(of: trainer).outcome?.model)
      let (before, after) = (try weights(of: model), try weights(of: tuned))
      #expect(before.count == after.count)
      for (name, matrix) in before {
        let isFrozen = prefixes.contains { name.hasPrefix($0) }
        #expect((after[name] == matrix) == isFrozen, "\(name)")
      }
    }
  }

  @Test func layersFurtherFromTheOutputMoveLess() async throws {
    try await withTemporaryFolder { folder in
      var (model, clips, options) = try await start(in: folder)
      options.epochCount = 1
      options.batchSeconds = 1000
      options.learningRate = LearningRateSchedule(peak: 1e-3, warmUpFraction: 0, shape: .constant)
      options.averageDecay = 0
      options.fineTuning.layerRateDecay = 0.1
      let trainer = try Trainer(corpus: clips, options: options, origin: model)
      let tuned = try #require(try await RunReport(of: trainer).outcome?.model)
      let (before, after) = (try weights(of: model), try weights(of: tuned))
      // The first step of Adam moves each weight by the learning rate.
      for (layer, factor) in [(0, 0.01), (1, 0.1)] {
        let name = "layers.\(layer).forward.recurrent"
        let moved = largestDifference(try #require(before[name]), try #require(after[name]))
        #expect(abs(Double(moved) / (1e-3 * factor) - 1) < 0.1, "\(name): \(moved)")
      }
    }
  }

  @Test func replayedClipsAreAShareOfEachEpoch() async throws {
    try await withTemporaryFolder { folder in
      var (model, clips, options) = try await start(in: folder)
      options.epochCount = 3
      options.batchSeconds = 0.1  // a clip a batch
      options.fineTuning.replayShare = 0.25
      let unseen = try ToneCorpus.write(5, to: folder, seed: 3)
      func report(threads: Int) async throws -> RunReport {
        let trainer = try Trainer(
          corpus: Corpus(clips: Array(clips.clips.prefix(15))), validation: unseen,
          options: options, threadCount: threads, origin: model,
          replayed: Corpus(clips: Array(clips.clips.dropFirst(15))))
        return try await RunReport(of: trainer)
      }
      let one = try await report(threads: 1)
      #expect(one.steps.map(\.stepCount) == Array(repeating: 20, count: 60))
      #expect(try #require(one.steps.last).progress.secondsLeft == 0)
      #expect(
        try await report(threads: 2).outcome?.model.serialized() == one.outcome?.model.serialized())
    }
  }

  @Test func anotherNormalizationIsMeasuredOnTheNewClips() async throws {
    try await withTemporaryFolder { folder in
      var (model, clips, options) = try await start(in: folder)
      options.epochCount = 1
      (options.normalization, options.priorFrameCount) = (.smoothed, 7)
      let trainer = try Trainer(corpus: clips, options: options, origin: model)
      let tuned = try #require(try await RunReport(of: trainer).outcome?.model)
      guard case .smoothed(7, let means, let deviations) = tuned.normalization,
        case .global(let formerMeans, _) = model.normalization
      else {
        Issue.record("normalised by \(tuned.normalization)")
        return
      }
      #expect(zip(means, formerMeans).contains { abs($0 - $1) > 0.03 })
      var extractor = try FeatureExtractor(configuration: options.features)
      let features = try trainer.training.clips.map {
        extractor.features(of: try AudioClip(contentsOf: $0.path).samples)
      }
      let frames = features.flatMap { clip in (0..<clip.rowCount).map { Array(clip.row($0)) } }
      for column in [0, options.features.columnCount - 1] {
        let values = frames.map { Double($0[column]) }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + pow($1 - mean, 2) } / Double(values.count)
        // Samples are kept in 16 bits between epochs, which alters them a little.
        #expect(abs(Double(means[column]) - mean) < 0.01)
        #expect(abs(Double(deviations[column]) - variance.squareRoot()) < 0.01)
      }
    }
  }

  @Test func anotherShapeIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let (model, clips, options) = try await start(in: folder)
      var other = options
      other.hiddenSize -= 1
      #expect(throws: TrainingError.otherShape(part: "network")) {
        try Trainer(corpus: clips, options: other, origin: model)
      }
      other = options
      other.layerCount += 1
      #expect(throws: TrainingError.otherShape(part: "network")) {
        try Trainer(corpus: clips, options: other, origin: model)
      }
      other = options
      other.features.mel.bandCount += 1
      #expect(throws: TrainingError.otherShape(part: "front end")) {
        try Trainer(corpus: clips, options: other, origin: model)
      }
      other = TrainingOptions()
      other.adopt(model)
      #expect(throws: Never.self) { try Trainer(corpus: clips, options: other, origin: model) }
      #expect(throws: TrainingError.replayWithoutModel) {
        try Trainer(corpus: clips, options: options, replayed: clips)
      }
    }
  }
}

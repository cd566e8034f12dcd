import StapesAugmentation
import StapesCorpus
import StapesEvaluation
import StapesModel
import StapesNetwork
import StapesScoring
import StapesText
import StapesTraining
import TestSupport
import Testing

/// Training that tells whole clips apart.
@Suite struct ClassificationTests {
  @Test func aModelLearnsTheClassesOfItsClips() async throws {
    try await withTemporaryFolder { folder in
      let clips = try ToneCorpus.write(60, to: folder).clips
      // The class is the first letter, whatever follows it.
      let corpus = Corpus(
        clips: clips.map {
          LabelledClip(
            path: $0.path, text: "begins: \($0.text.prefix(1).uppercased())",
            duration: $0.duration, identifier: $0.identifier)
        })
      var options = ToneCorpus.options
      options.task = .classify
      options.text.letterCase = .keep
      options.text.punctuation = .keep
      options.network = try NetworkArchitecture("stack 3, 16 gru both, pool last")
      let trainer = try Trainer(corpus: corpus, options: options, threadCount: 2)
      let outcome = try #require(await RunReport(of: trainer).outcome)
      #expect(outcome.model.outputs == .classes(["begins: A", "begins: B", "begins: C"]))
      #expect(outcome.validation.rates.exact.value == 1)
      #expect(outcome.model.calibration == nil)
      #expect(outcome.model.labelPriors == nil)
      #expect(outcome.model.provenance.figures.map(\.name) == ["accuracy"])
      let alone = try Trainer(corpus: corpus, options: options, threadCount: 1)
      let again = try await RunReport(of: alone).outcome
      #expect(again?.model.serialized() == outcome.model.serialized())
      let reach = try await GradientMeasurement().reach(
        of: outcome.model, on: corpus, threadCount: 1)
      #expect(reach.layers.first?.distances.first?.median == 1)
    }
  }

  @Test func theTaskAndTheNetworkMustFit() throws {
    var options = TrainingOptions()
    options.task = .classify
    #expect(throws: TrainingError.self) { try options.validate() }
    options.network = try NetworkArchitecture("8 gru, pool mean")
    try options.validate()
    options.augmentation.joining.clipShare = 0.5
    #expect(throws: TrainingError.self) { try options.validate() }
    options.augmentation.joining.clipShare = 0
    options.task = .transcribe
    #expect(throws: TrainingError.self) { try options.validate() }
  }
}

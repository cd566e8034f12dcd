import StapesCorpus
import StapesDecoding
import StapesEvaluation
import StapesModel
import StapesRecognition
import StapesScoring
import StapesText
import StapesTraining
import TestSupport
import Testing

/// Whether a language model goes with what is trained from its model.
@Suite struct LanguageModelTrialTests {
  private func trial(
    _ model: SpeechModel, texts: [String]? = nil
  ) async throws -> LanguageModelTrial? {
    let read = try Corpus(readingFrom: [fixturePath("clips/english")]).clips
    let corpus = Corpus(
      clips: zip(read, texts ?? read.map(\.text)).map { clip, text in
        LabelledClip(
          path: clip.path, text: text, duration: clip.duration, identifier: clip.identifier)
      })
    var options = TrainingOptions()
    options.text = model.textNormalization
    return try await LanguageModelTrial(
      of: model, trainedTo: options, on: corpus, threadCount: 2)
  }

  @Test func `it is kept where it makes fewer errors`() async throws {
    var model = try ModelSource.bundled("english").load()
    let corpus = try Corpus(readingFrom: [fixturePath("clips/english")])
    let kept = try #require(try await trial(model))
    #expect(kept.helps && kept.wordErrors.with.value < kept.wordErrors.without.value)
    let language = try #require(try kept.language(for: corpus))
    #expect(language.model.bundledName == "english" && language.decoder.language != nil)
    // One that drowns the sound out makes more errors than none.
    model.languageWeights?.languageWeight = 500
    let dropped = try #require(try await trial(model))
    #expect(!dropped.helps && dropped.wordErrors.with.value > dropped.wordErrors.without.value)
    #expect(try dropped.language(for: corpus) == nil)
  }

  @Test func `it is not tried on texts that it cannot suit`() async throws {
    let model = try ModelSource.bundled("english").load()
    #expect(try await trial(model, texts: ["да нет", "qwx vrtk the", "zzyx"]) == nil)
    let changes: [((inout TrainingOptions) -> Void, Bool)] = [
      ({ (_: inout TrainingOptions) in }, true), ({ $0.vocabulary = .closed }, false),
      ({ $0.text.letterCase = .upper }, false), ({ $0.text.digits = .keep }, false),
      ({ $0.text.language = "fr" }, false), ({ $0.task = .spot }, false),
    ]
    for (change, isTried) in changes {
      var options = TrainingOptions()
      options.text = model.textNormalization
      change(&options)
      #expect(options.mayKeepLanguageModel(of: model) == isTried)
    }
    #expect(try await trial(ModelSource.bundled("digits").load()) == nil)
  }
}

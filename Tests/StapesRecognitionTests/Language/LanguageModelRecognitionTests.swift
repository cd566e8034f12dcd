import StapesAudio
import StapesCorpus
import StapesDecoding
import StapesEvaluation
import StapesLanguage
import StapesModel
import StapesRecognition
import StapesScoring
import StapesText
import StapesTranscript
import TestSupport
import Testing

@Suite struct LanguageModelRecognitionTests {
  static func languageModel(_ sentences: [String], unit: LanguageUnit = .word) throws -> NGramModel
  {
    var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: unit))
    for sentence in sentences { try trainer.add(line: sentence) }
    return try trainer.estimate().0
  }

  private func text(
    saying said: String, vocabulary: [String]? = nil, _ languageModel: NGramModel,
    _ options: RecognitionOptions = RecognitionOptions()
  ) throws -> String {
    let model = ModelSource.model(try ToneLanguage.model(vocabulary: vocabulary))
    let recognizer = try Recognizer(
      model: model, options: options, languageModel: .ngrams(languageModel))
    return try recognizer.transcribe(
      samples: ToneLanguage.samples(saying: said), sampleRate: 8000
    ).text
  }

  @Test func `only words of the language model are written, unless others have a price`() throws {
    let languageModel = try Self.languageModel(["ab ca", "ca ab", "ab", "ça xy"])
    let closed = try text(saying: "ab ca cb", languageModel)
    #expect(closed.hasPrefix("ab ca ") && Set(closed.split(separator: " ")) == ["ab", "ca"])
    var options = RecognitionOptions(unknownWordPenalty: 0)
    #expect(try text(saying: "ab ca cb", languageModel, options) == "ab ca cb")
    options.unknownWordPenalty = .infinity
    #expect(try text(saying: "ab ca cb", languageModel, options) == closed)
    options.unknownWordPenalty = 1e6
    #expect(try text(saying: "ab ca cb", languageModel, options) == closed)
  }

  @Test func `the model's vocabulary and the language model both restrict`() throws {
    let languageModel = try Self.languageModel(["ab cb", "ab", "b"])
    let vocabulary = ["ab", "ca"]
    #expect(try text(saying: "ab", vocabulary: vocabulary, languageModel) == "ab")
    let closed = try text(saying: "ab ca", vocabulary: vocabulary, languageModel)
    #expect(Set(closed.split(separator: " ")) == ["ab"])
    let priced = RecognitionOptions(unknownWordPenalty: 0)
    #expect(try text(saying: "ab ca", vocabulary: vocabulary, languageModel, priced) == "ab ca")
    let any = RecognitionOptions(allowsAnyWord: true)
    #expect(try text(saying: "ab cb", vocabulary: vocabulary, languageModel, any) == "ab cb")
  }

  @Test func `a model of characters takes part`() throws {
    let languageModel = try Self.languageModel(["ab ca", "ab", "cab"], unit: .character)
    let little = RecognitionOptions(languageWeight: 0.1, wordBonus: 0)
    #expect(try text(saying: "cab a bb", languageModel, little) == "cab a bb")
    // What counts enough is believed against all that is heard.
    let much = RecognitionOptions(beamWidth: 500, languageWeight: 1000, wordBonus: 0)
    #expect(try text(saying: "cab a bb", languageModel, much) != "cab a bb")
  }

  @Test func `the weights of the model are used where none are given`() throws {
    let languageModel = try Self.languageModel(["ab ca", "ab"])
    var model = try ToneLanguage.model()
    model.languageWeights = LanguageWeights(unknownWordPenalty: 0)
    let samples = ToneLanguage.samples(saying: "cb ab")
    func text(_ options: RecognitionOptions) throws -> String {
      try Recognizer(model: .model(model), options: options, languageModel: .ngrams(languageModel))
        .transcribe(samples: samples, sampleRate: 8000).text
    }
    #expect(try text(RecognitionOptions()) == "cb ab")
    #expect(try text(RecognitionOptions(unknownWordPenalty: .infinity)) != "cb ab")
  }

  @Test
  func `words that a model is known to need are written though the language model lacks them`()
    throws
  {
    let languageModel = try Self.languageModel(["ab ca", "ab"])
    var model = try ToneLanguage.model()
    let samples = ToneLanguage.samples(saying: "cb ab cc")
    for (words, expected) in [([], nil), (["cb"], nil), (["ab", "cb", "cc", "Ça"], "cb ab cc")] {
      model.languageModel = UsualLanguageModel(of: "english", furtherWords: words)
      let text = try Recognizer(model: .model(model), languageModel: .ngrams(languageModel))
        .transcribe(samples: samples, sampleRate: 8000).text
      #expect(Set(text.split(separator: " ").map(String.init)).isSubset(of: words + ["ab", "ca"]))
      if let expected { #expect(text == expected) }
    }
  }

  @Test func `a language model without a word that can be written is refused`() throws {
    for (sentence, unit) in [
      ("AB CA", LanguageUnit.word), ("xyz é", .word), ("XYZ XX", .character),
    ] {
      let languageModel = try Self.languageModel([sentence], unit: unit)
      #expect(throws: RecognitionError.foreignLanguageModel) {
        try text(saying: "ab", languageModel)
      }
    }
    let languageModel = try Self.languageModel(["b"])
    #expect(throws: RecognitionError.foreignLanguageModel) {
      try text(saying: "ab", vocabulary: ["ab"], languageModel)
    }
  }

  @Test func `weights out of range are refused`() throws {
    for options in [
      RecognitionOptions(languageWeight: -1), RecognitionOptions(wordBonus: .infinity),
      RecognitionOptions(unknownWordPenalty: -2), RecognitionOptions(unknownWordPenalty: .nan),
      RecognitionOptions(labelPriorWeight: -0.1), RecognitionOptions(labelPriorWeight: .nan),
    ] {
      #expect(throws: RecognitionError.self) { try options.validate() }
    }
    try RecognitionOptions(unknownWordPenalty: .infinity).validate()
  }

  /// A model that is hardly sure of anything reads what the weights make of it.
  @Test(arguments: [40, 3] as [Float])
  func `tuning finds weights with the fewest errors`(sureness: Float) async throws {
    try await withTemporaryFolder { folder in
      let texts = ["ab ca", "cb ab", "ca", "bb cb ab"]
      let clips = try texts.enumerated().map { index, text in
        let path = "\(folder)/\(index).wav"
        let samples = ToneLanguage.samples(saying: text)
        try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
        return LabelledClip(
          path: path, text: text, duration: Double(samples.count) / 8000, identifier: "\(index)")
      }
      let missing = LabelledClip(
        path: folder + "/missing.wav", text: "a", duration: 1, identifier: "missing")
      let corpus = Corpus(clips: clips + [missing])
      // The words cb and bb are unknown.
      let languageModel = try Self.languageModel(["ab ca", "ca ab", "ab"])
      var model = try ToneLanguage.model(sureness: sureness)
      let recognizer = try Recognizer(model: .model(model), languageModel: .ngrams(languageModel))
      let tuning = try await LanguageTuning(of: recognizer, on: corpus, threadCount: 1)
      let other = try await LanguageTuning(of: recognizer, on: corpus, threadCount: 3)
      #expect(other.trials == tuning.trials && other.best == tuning.best)
      #expect(tuning.failures.map(\.clip) == [missing])
      #expect(tuning.best.words.errors == tuning.trials.map(\.words.errors).min())
      #expect(sureness < 40 || tuning.best.words.errors == 0)
      let heard = recognizer.logProbabilities(
        of: try texts.indices.map { try AudioClip(contentsOf: "\(folder)/\($0).wav") })
      #expect(tuning.labelPriors == LabelPriors(counts: heard.map { LabelPriors.counts(in: $0) }))
      model.labelPriors = tuning.labelPriors
      #expect(Set(tuning.trials.map(\.weights.labelPriorWeight)).count > 1)
      for trial in tuning.trials + [tuning.best] {
        let weights = trial.weights
        let options = RecognitionOptions(
          languageWeight: weights.languageWeight, wordBonus: weights.wordBonus,
          unknownWordPenalty: weights.unknownWordPenalty ?? .infinity,
          labelPriorWeight: weights.labelPriorWeight)
        let recognizer = try Recognizer(
          model: .model(model), options: options, languageModel: .ngrams(languageModel))
        let rates = try await Evaluation(of: recognizer, on: corpus, threadCount: 1).rates
        #expect(rates.words == trial.words && rates.characters == trial.characters)
      }
    }
  }
}

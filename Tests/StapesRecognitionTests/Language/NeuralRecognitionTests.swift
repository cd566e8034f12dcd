import Glibc
import StapesDecoding
import StapesKernels
import StapesLanguage
import StapesModel
import StapesNetwork
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

@Suite struct NeuralRecognitionTests {
  /// A model of random weights.
  private func languageModel(_ characters: [String]) throws -> NeuralLanguageModel {
    var generator = SplitMix64(seed: 5)
    let network = try Network(
      configuration: NeuralLanguageModel.configuration(
        characterCount: characters.count, layerCount: 1, hiddenSize: 6, dropout: 0),
      using: &generator)
    return try NeuralLanguageModel(characters: characters, network: network)
  }

  @Test func `a neural model takes part in the search`() throws {
    let model = LanguageModel.neural(try languageModel([" ", "a", "b", "c"]))
    func text(_ weight: Double) throws -> String {
      let recognizer = try Recognizer(
        model: .model(ToneLanguage.model()),
        options: RecognitionOptions(beamWidth: 50, languageWeight: weight, wordBonus: 0),
        languageModel: model)
      return try recognizer.transcribe(
        samples: ToneLanguage.samples(saying: "cab a bb"), sampleRate: 8000
      ).text
    }
    #expect(try text(0.1) == "cab a bb")
    #expect(try text(1000) != "cab a bb")
    let foreign = LanguageModel.neural(try languageModel([" ", "x"]))
    #expect(throws: RecognitionError.foreignLanguageModel) {
      try Recognizer(model: .model(ToneLanguage.model()), languageModel: foreign)
    }
  }

  @Test func `a perplexity is that of the sum over all characters`() throws {
    let model = try languageModel([" ", "a", "b", "c"])
    var perplexity = Perplexity()
    LanguageModel.neural(model).add([" ab  c", "", "b"], to: &perplexity)
    var sum = 0.0
    for text in ["ab c", "b"] {
      var place = model.begin
      for token in model.tokens(of: text) {
        sum += Double(place.logProbabilities[token])
        place = model.predictions(after: [(before: place, token: token)])[0]
      }
      sum += Double(place.logProbabilities[model.endToken])
    }
    #expect(abs(perplexity.all.logProbability - sum) < 1e-4)
    #expect(perplexity.all.characterCount == 5 && perplexity.all.sentenceCount == 2)
    #expect(abs(perplexity.all.perCharacter - exp(-sum / 7)) < 1e-4)
  }
}

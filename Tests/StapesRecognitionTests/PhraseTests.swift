import Glibc
import StapesDecoding
import StapesLanguage
import StapesModel
import StapesRecognition
import StapesText
import TestSupport
import Testing

@Suite struct PhraseTests {
  private func readings(
    saying said: String, among phrases: [String],
    _ options: RecognitionOptions = RecognitionOptions(), vocabulary: [String]? = nil
  ) throws -> [Transcript.Hypothesis] {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model(vocabulary: vocabulary)), options: options,
      phrases: PhraseList(phrases))
    return try recognizer.transcribe(samples: ToneLanguage.samples(saying: said), sampleRate: 8000)
      .hypotheses
  }

  @Test(arguments: ["ab", "ca b", "c"])
  func `a phrase of the list is found, whatever the vocabulary`(said: String) throws {
    let phrases = ["ab", "ba", "", "ca b", "CA, b!", "c", "cab ca b"]
    #expect(try readings(saying: said, among: phrases, vocabulary: ["bb"]).map(\.text) == [said])
  }

  @Test func `what is no phrase of the list is unknown, unless that is turned off`() throws {
    let phrases = ["ab", "ca b"]
    for said in ["cc", "ca bbca", "", "c c c c c"] {
      let unknown = try readings(saying: said, among: phrases)
      #expect(unknown.map(\.text) == [""], "\(said)")
      #expect(unknown[0].posterior == nil)
      let forced = try readings(
        saying: said, among: phrases, RecognitionOptions(unknownMargin: .infinity))
      #expect(phrases.contains(forced[0].text), "\(said)")
    }
  }

  @Test func `the margin is what separates the phrase from free text, a letter`() throws {
    // The best phrase is less probable than the text that was said.
    let said = "cab c"
    let free = try Recognizer(model: .model(ToneLanguage.model()))
      .transcribe(samples: ToneLanguage.samples(saying: said), sampleRate: 8000).hypotheses[0]
    #expect(free.text == said)
    let phrase = try readings(
      saying: said, among: ["cab b"], RecognitionOptions(unknownMargin: .infinity))[0]
    let margin = (free.logProbability - phrase.logProbability) / 5
    for (factor, text) in [(0.99, ""), (1.01, "cab b")] {
      let options = RecognitionOptions(unknownMargin: factor * margin)
      #expect(try readings(saying: said, among: ["cab b"], options).map(\.text) == [text])
    }
  }

  @Test func `posteriors are shares of the sum over the list`() throws {
    let options = RecognitionOptions(hypothesisCount: 9, unknownMargin: .infinity)
    let found = try readings(saying: "ab", among: ["ab", "aa", "b", "cb", "b"], options)
    #expect(found.count == 4 && found[0].text == "ab")
    let sum = found.reduce(0) { $0 + exp($1.logProbability) }
    for reading in found {
      #expect(abs((reading.posterior ?? .nan) - exp(reading.logProbability) / sum) < 1e-12)
    }
    let unknown = try readings(
      saying: "ccc", among: ["ab", "b"], RecognitionOptions(hypothesisCount: 2))
    #expect(unknown.count == 2 && unknown[0].text.isEmpty && !unknown[1].text.isEmpty)
  }

  @Test func `lists that cannot be used are refused`() throws {
    let model = ModelSource.model(try ToneLanguage.model())
    #expect(
      throws: RecognitionError.unwritablePhrase(phrase: "abba x", character: "x", path: nil)
    ) {
      try Recognizer(model: model, phrases: PhraseList(["ab", "ABBA, X"]))
    }
    for phrases in [[], ["", " ", "?!"]] {
      #expect(throws: RecognitionError.noPhrases(path: nil)) {
        try Recognizer(model: model, phrases: PhraseList(phrases))
      }
    }
    for margin in [-1, Double.nan] {
      #expect(throws: RecognitionError.self) {
        try RecognitionOptions(unknownMargin: margin).validate()
      }
    }
  }
}

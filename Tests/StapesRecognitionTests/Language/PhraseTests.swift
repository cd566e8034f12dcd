import Glibc
import StapesAudio
import StapesDecoding
import StapesKernels
import StapesLanguage
import StapesModel
import StapesRecognition
import StapesText
import StapesTranscript
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

  @Test func `what letters are worth as such is subtracted, unless the words are given`() throws {
    var model = try ToneLanguage.model()
    // The letters of the tones and the space: a and blank are taken for frequent, c for rare.
    model.labelPriors = LabelPriors(counts: [[60, 2, 30, 5, 0]])
    let priors = try #require(model.labelPriors).logProbabilities.map { Double($0) }
    let said = "cab"
    let plain = try Recognizer(model: .model(model))
    let clip = AudioClip(
      samples: ToneLanguage.samples(saying: said), sampleRate: 8000)
    let heard = plain.logProbabilities(of: [clip])[0]
    let phrases = ["cab", "ab", "ca"]
    let options = RecognitionOptions(hypothesisCount: 3, unknownMargin: .infinity)
    func found(_ model: SpeechModel) throws -> [String: Double] {
      let recognizer = try Recognizer(
        model: .model(model), options: options, phrases: PhraseList(phrases))
      let hypotheses = try recognizer.transcribe(
        samples: ToneLanguage.samples(saying: said), sampleRate: 8000
      ).hypotheses
      return Dictionary(uniqueKeysWithValues: hypotheses.map { ($0.text, $0.logProbability) })
    }
    let open = try found(model)
    for phrase in phrases {
      let labels = try model.alphabet.labels(of: phrase)
      #expect(
        abs((open[phrase] ?? .nan) - logLikelihood(of: labels, in: heard, priors: priors)) < 1e-3)
    }
    var closed = try ToneLanguage.model(vocabulary: ["cab"])
    closed.labelPriors = model.labelPriors
    let none = [Double](repeating: 0, count: priors.count)
    for (phrase, logProbability) in try found(closed) {
      let labels = try model.alphabet.labels(of: phrase)
      #expect(abs(logProbability - logLikelihood(of: labels, in: heard, priors: none)) < 1e-3)
    }
  }

  /// The log-probability of labels by the forward algorithm as it is defined, on outputs divided by
  /// the square roots of priors.
  private func logLikelihood(of labels: [Int], in outputs: Matrix, priors: [Double]) -> Double {
    let states = [0] + labels.flatMap { [$0, 0] }
    var (forward, logScale) = ([Double](repeating: 0, count: states.count), 0.0)
    for frame in 0..<outputs.rowCount {
      let divided = priors.indices.map { exp(Double(outputs[frame, $0]) - 0.5 * priors[$0]) }
      let sum = divided.reduce(0, +)
      forward = states.indices.map { state in
        var reached = frame == 0 ? (state < 2 ? 1 : 0) : forward[state]
        if frame > 0, state > 0 { reached += forward[state - 1] }
        if frame > 0, state > 1, states[state] != 0, states[state] != states[state - 2] {
          reached += forward[state - 2]
        }
        return reached * divided[states[state]] / sum
      }
      let scale = forward.reduce(0, +)
      logScale += log(scale)
      forward = forward.map { $0 / scale }
    }
    return logScale + log(forward.suffix(2).reduce(0, +))
  }

  @Test func `lists that cannot be used are refused`() throws {
    let model = ModelSource.model(try ToneLanguage.model())
    let some = try Recognizer(model: model, phrases: PhraseList(["ab", "ABBA, X", "Çäb"]))
    #expect(some.unwritable?.skipped == ["ABBA, X"] && some.unwritable?.count == 2)
    let found = try some.transcribe(
      samples: ToneLanguage.samples(saying: "cab"), sampleRate: 8000)
    #expect(found.text == "cab")
    #expect {
      try Recognizer(model: model, phrases: PhraseList(["x", "y y"]))
    } throws: { error in
      "\(error)".contains("does not write \"x\", \"y\" (2); skipped: \"x\", \"y y\"")
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

import FoundationEssentials
import StapesAudio
import StapesFiles
import StapesModel
import StapesRecognition
import StapesScoring
import StapesText
import StapesTranscript
import TestSupport
import Testing

@Suite struct RecognizerTests {
  let recognizer: Recognizer

  init() throws {
    recognizer = try Recognizer(model: .model(ToneLanguage.model()))
  }

  @Test(arguments: ["", "a", "b", "c", "aa", "abc", "cab a bb", "a b c"])
  func `reads a planted text`(text: String) throws {
    let samples = ToneLanguage.samples(saying: text)
    let transcript = try recognizer.transcribe(samples: samples, sampleRate: 8000)
    #expect(transcript.text == text)
    #expect(transcript.seconds == Double(samples.count) / 8000)
    #expect(transcript.hypotheses.count == 1)
  }

  @Test(arguments: [8000, 11_025, 16_000, 44_100, 48_000])
  func `reads it at any rate`(sampleRate: Int) throws {
    let samples = ToneLanguage.samples(saying: "ab ca", sampleRate: sampleRate)
    #expect(try recognizer.transcribe(samples: samples, sampleRate: sampleRate).text == "ab ca")
  }

  @Test func `reads files, and says what was odd about them`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/clip.wav"
      let samples = ToneLanguage.samples(saying: "ba", sampleRate: 16_000)
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 16_000, to: path)
      let transcript = try await recognizer.transcribe(contentsOf: path)
      #expect(transcript.text == "ba")
      #expect(transcript.warnings == [.resampled(from: 16_000, to: 8000)])
    }
  }

  @Test(arguments: [1, 2, 5])
  func `tasks that share a clip read the same`(threadCount: Int) async throws {
    let recognizer = try Recognizer(
      model: .bundled("digits"), options: RecognitionOptions(hypothesisCount: 5, wantsWords: true))
    for name in ["pi", "euler"] {
      let path = fixturePath("clips/digits/\(name).wav")
      let alone = try await recognizer.transcribe(contentsOf: path)
      #expect(!alone.text.isEmpty)
      #expect(
        try await recognizer.transcribe(contentsOf: path, threadCount: threadCount) == alone)
    }
  }

  @Test func `spaces in the text are single and never at its ends`() throws {
    let samples = ToneLanguage.samples(saying: "  a   b ")
    #expect(try recognizer.transcribe(samples: samples, sampleRate: 8000).text == "a b")
  }

  @Test func `no sound, and less than a frame of it, give an empty transcript`() throws {
    for count in [0, 1, 2, 199] {
      let samples = [Float](repeating: 0.1, count: count)
      let transcript = try recognizer.transcribe(samples: samples, sampleRate: 8000)
      #expect(transcript.text.isEmpty, "\(count) samples")
      #expect(transcript.seconds == Double(count) / 8000)
    }
  }

  @Test func `refuses samples that are no numbers, and impossible rates`() {
    #expect(throws: RecognitionError.nonFiniteSample(index: 2)) {
      try recognizer.transcribe(samples: [0, 0, .nan], sampleRate: 8000)
    }
    #expect(throws: RecognitionError.nonFiniteSample(index: 0)) {
      try recognizer.transcribe(samples: [.infinity], sampleRate: 8000)
    }
    for rate in [-1, 0, 999, 1_000_001] {
      let expected = RecognitionError.settingOutOfRange(
        name: "sample rate", found: rate, allowed: 1000...1_000_000)
      #expect(throws: expected) { try recognizer.transcribe(samples: [0], sampleRate: rate) }
    }
  }

  @Test func `the best class of each frame and a search agree on clear sound`() throws {
    let samples = ToneLanguage.samples(saying: "cab a bb")
    let texts = try [1, 2, 50].map { width in
      let options = RecognitionOptions(beamWidth: width)
      let recognizer = try Recognizer(model: .model(ToneLanguage.model()), options: options)
      return try recognizer.transcribe(samples: samples, sampleRate: 8000).text
    }
    #expect(texts == ["cab a bb", "cab a bb", "cab a bb"])
  }

  @Test func `only words of the model's vocabulary are written, unless any word may be`() throws {
    let source = ModelSource.model(try ToneLanguage.model(vocabulary: ["ab", "ca"]))
    let samples = ToneLanguage.samples(saying: "ab ca cb")
    func text(_ options: RecognitionOptions) throws -> String {
      try Recognizer(model: source, options: options)
        .transcribe(samples: samples, sampleRate: 8000).text
    }
    let found = try text(RecognitionOptions())
    #expect(found.hasPrefix("ab ca ") && Set(found.split(separator: " ")) == ["ab", "ca"])
    for width in [1, 8] {
      let options = RecognitionOptions(beamWidth: width, allowsAnyWord: true)
      #expect(try text(options) == "ab ca cb")
    }
  }

  @Test func `several readings are different, and best first`() throws {
    let options = RecognitionOptions(beamWidth: 4, hypothesisCount: 6)
    let recognizer = try Recognizer(model: .model(ToneLanguage.model()), options: options)
    let samples = ToneLanguage.samples(saying: "ab")
    let found = try recognizer.transcribe(samples: samples, sampleRate: 8000).hypotheses
    #expect(found.count > 1 && found.count <= 6)
    #expect(found[0].text == "ab")
    #expect(Set(found.map(\.text)).count == found.count)
    #expect(found.map(\.logProbability) == found.map(\.logProbability).sorted(by: >))
  }

  @Test func `settings out of range are refused`() throws {
    let model = try ToneLanguage.model()
    #expect(
      throws: RecognitionError.settingOutOfRange(name: "beam width", found: 0, allowed: 1...10_000)
    ) {
      try Recognizer(model: .model(model), options: RecognitionOptions(beamWidth: 0))
    }
    #expect(throws: RecognitionError.self) {
      try Recognizer(model: .model(model), options: RecognitionOptions(hypothesisCount: 1001))
    }
  }

  @Test func `loads a model file, and says what is wrong with another`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/tones.safetensors"
      try ToneLanguage.model().write(to: path)
      let recognizer = try Recognizer(model: .file(path))
      let samples = ToneLanguage.samples(saying: "ca")
      #expect(try recognizer.transcribe(samples: samples, sampleRate: 8000).text == "ca")
      let error = FileError(folder, role: "model", .read, .folder)
      #expect(throws: RecognitionError.model(.file(error))) {
        try Recognizer(model: .file(folder))
      }
    }
  }

  @Test func `a bundled model of an unknown name is refused with those there are`() {
    let error = RecognitionError.noSuchBundledModel(
      name: "opera", available: ModelSource.bundledNames)
    #expect(throws: error) { try Recognizer(model: .bundled("opera")) }
  }

  @Test func `bundled models load`() throws {
    #expect(ModelSource.bundledNames == ["english", "english-streaming", "digits"])
    for name in ModelSource.bundledNames {
      #expect(try !ModelSource.bundled(name).load().provenance.summary.isEmpty)
    }
    #expect(try ModelSource.bundled("english").load().usualLanguageModel() != nil)
    #expect(try ModelSource.bundled("digits").load().usualLanguageModel() == nil)
    // One language model serves both, so that a program that has both holds it once.
    #expect(
      try ModelSource.bundled("english-streaming").load().languageModel
        == UsualLanguageModel(of: "english"))
  }

  @Test func `the English model hears most words of a reading, with its language model`()
    async throws
  {
    let words = try #require(try ModelSource.bundled("english").load().usualLanguageModel())
    let recognizer = try Recognizer(model: .bundled("english"), languageModel: words)
    var (tally, generator) = (ErrorTally(), SystemRandomNumberGenerator())
    for name in ["austen-0870", "austen-0880", "austen-0890"] {
      let path = fixturePath("clips/english/\(name)")
      let text = try String(contentsOfFile: path + ".txt", encoding: .utf8)
      let heard = try await recognizer.transcribe(contentsOf: path + ".wav").text
      tally.add(reference: text, hypothesis: heard)
    }
    #expect(tally.rates(using: &generator).wer.value < 0.5)
  }
}

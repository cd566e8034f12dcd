import FoundationEssentials
import StapesAudio
import StapesCorpus
import StapesEvaluation
import StapesKernels
import StapesModel
import StapesRecognition
import StapesText
import StapesTranscript
import TestSupport
import Testing

/// Known texts in recordings that may hold more than them.
@Suite struct TextAlignmentTests {
  /// Clips one after the other, with pauses and a little noise, and where each sounds.
  private func joined(
    _ names: [String]
  ) throws -> (samples: [Float], places: [(start: Double, end: Double)]) {
    var generator = SplitMix64(seed: 2)
    var samples: [Float] = []
    var places: [(start: Double, end: Double)] = []
    for name in names {
      samples += [Float](repeating: 0, count: 4000)
      let clip = try AudioClip(
        contentsOf: fixturePath("clips/digits/\(name).wav"), options: AudioOptions(sampleRate: 8000)
      )
      let loudest = clip.samples.map(abs).max() ?? 0
      let loud = clip.samples.indices.filter { abs(clip.samples[$0]) > loudest / 30 }
      let begin = samples.count
      samples += clip.samples
      places.append(
        (Double(begin + (loud.first ?? 0)) / 8000, Double(begin + (loud.last ?? 0)) / 8000))
    }
    samples += [Float](repeating: 0, count: 4000)
    for index in samples.indices {
      samples[index] += 0.0003 * Float.random(in: -1.7...1.7, using: &generator)
    }
    return (samples, places)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: fixturePath("clips/digits/\(name).txt"), encoding: .utf8)
      .split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  @Test func `utterances are found among others, and cut out`() throws {
    let said = ["agent", "answer", "countdown", "euler", "golden-ratio", "pi", "root-three"]
    let known = ["answer", "euler", "golden-ratio", "pi"]
    let recognizer = try Recognizer(model: .bundled("digits"))
    let (samples, places) = try joined(said)
    try withTemporaryFolder { folder in
      let path = folder + "/long.wav"
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
      let alignment = try recognizer.align(try known.map(text), toContentsOf: path)
      #expect(alignment.utterances.map(\.text) == (try known.map(text)))
      for (name, found) in zip(known, alignment.utterances) {
        let place = places[said.firstIndex(of: name) ?? 0]
        #expect(abs(found.start - place.start) < 0.1, "\(name): \(found.start), \(place)")
        #expect(abs(found.end - place.end) < 0.1, "\(name): \(found.end), \(place)")
        #expect(found.score > -0.5 && found.score <= 0)
        #expect(found.words.map(\.text).joined(separator: " ") == found.text)
      }
      try alignment.cut(from: path, into: folder + "/cut")
      let corpus = try Corpus(readingFrom: [folder + "/cut"])
      #expect(corpus.clips.map(\.text) == alignment.utterances.map(\.text))
      for (clip, found) in zip(corpus.clips, alignment.utterances) {
        let cut = try AudioClip(contentsOf: clip.path).samples
        let begin = Int(max(found.start - 0.1, 0) * 8000)
        #expect(abs(cut.count - Int((found.end - found.start + 0.2) * 8000)) <= 1)
        #expect(zip(cut, samples[begin...]).allSatisfy { abs($0 - $1) < 1 / 20_000 })
      }
    }
  }

  @Test func `a recording longer than a piece is as good as a short one`() throws {
    let recognizer = try Recognizer(model: .bundled("digits"))
    let names = ["agent", "answer", "countdown", "euler", "golden-ratio", "pi", "root-three"]
    let said = (0..<9).flatMap { _ in names }
    let (samples, places) = try joined(said)
    #expect(samples.count > 130 * 8000)
    try withTemporaryFolder { folder in
      let path = folder + "/long.wav"
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
      let alignment = try recognizer.align(try said.map(text), toContentsOf: path)
      for (found, place) in zip(alignment.utterances, places) {
        #expect(abs(found.start - place.start) < 0.1, "\(found.start), \(place)")
        #expect(abs(found.end - place.end) < 0.1, "\(found.end), \(place)")
        #expect(found.score > -1)
      }
    }
  }

  @Test func `what the recogniser reads itself is aligned as it is in the transcript`() async throws
  {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model()), options: RecognitionOptions(wantsWords: true))
    try await withTemporaryFolder { folder in
      let path = folder + "/tones.wav"
      let samples = ToneLanguage.samples(saying: "ab ca b")
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
      let read = try await recognizer.transcribe(contentsOf: path)
      let aligned = try recognizer.align(["ab ca b"], toContentsOf: path).transcript
      #expect(aligned.text == read.text && aligned.seconds == read.seconds)
      for (word, other) in zip(aligned.hypotheses[0].words, read.hypotheses[0].words) {
        #expect(word.text == other.text && word.start == other.start && word.end == other.end)
        #expect(abs(word.confidence - other.confidence) < 1e-3)
      }
      #expect(abs(aligned.hypotheses[0].confidence - read.hypotheses[0].confidence) < 1e-3)
      let parts = try recognizer.align(["ab", "b"], toContentsOf: path)
      #expect(parts.utterances.map { $0.words.map(\.text) } == [["ab"], ["b"]])
    }
  }

  @Test func `a text that was not said has a poor score and little confidence`() throws {
    let recognizer = try Recognizer(model: .bundled("digits"))
    let path = fixturePath("clips/digits/pi.wav")
    let found = try ["pi", "countdown"].map {
      try recognizer.align([try text($0)], toContentsOf: path).utterances[0]
    }
    #expect(found[0].score > -0.2 && found[1].score < -1, "\(found.map(\.score))")
    #expect(found[0].confidence > 0.1 && found[1].confidence < 0.001)
  }

  @Test func `says which text the model cannot write, and which do not fit`() async throws {
    let recognizer = try Recognizer(model: .bundled("digits"))
    let path = fixturePath("clips/digits/pi.wav")
    let seconds = try await recognizer.transcribe(contentsOf: path).seconds
    let texts = ["three", "öne — 東", "привет", "..."]
    let aligned = try recognizer.align(texts, toContentsOf: path, textPath: "a.txt")
    #expect(aligned.utterances.map(\.text) == ["three", "öne — 東"])
    #expect(aligned.utterances[1].words.map(\.text) == ["one"])
    let told = try #require(aligned.unwritable)
    #expect(told.skipped == ["привет", "..."] && told.count == 2 && told.path == "a.txt")
    #expect(
      told.description.hasPrefix("a.txt: 2 texts are not in the model's characters: \"ö\" as"))
    #expect {
      try recognizer.align(["привет"], toContentsOf: path)
    } throws: { "\($0)".contains("does not write \"п\", \"р\", \"и\"") }
    #expect(throws: RecognitionError.emptyText(text: "...", path: nil)) {
      try recognizer.align(["..."], toContentsOf: path)
    }
    #expect(throws: RecognitionError.textsDoNotFit(path: path, seconds: seconds)) {
      try recognizer.align([String](repeating: "seven", count: 200), toContentsOf: path)
    }
  }

  @Test func `labelled clips are aligned each with its text, with any number of threads`()
    async throws
  {
    let recognizer = try Recognizer(model: .bundled("digits"))
    let corpus = try Corpus(readingFrom: [fixturePath("clips/digits")])
    var alignments: [CorpusAlignment] = []
    for threadCount in [1, 2] {
      alignments.append(
        try await CorpusAlignment(of: corpus, by: recognizer, threadCount: threadCount))
    }
    #expect(alignments[0].entries.map(\.clip) == corpus.clips && alignments[0].failures.isEmpty)
    #expect(alignments[0].entries.map(\.alignment) == alignments[1].entries.map(\.alignment))
    for entry in alignments[0].entries {
      let text = recognizer.model.textNormalization.normalized(entry.clip.text)
      #expect(entry.alignment.transcript.text == text)
    }
  }
}

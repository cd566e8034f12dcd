import StapesAudio
import StapesKernels
import StapesModel
import StapesRecognition
import StapesSpotting
import TestSupport
import Testing

@Suite struct SpottingStreamTests {
  private func spotter(
    _ texts: [String], isBidirectional: Bool = false, options: SpottingOptions = SpottingOptions()
  ) throws -> Spotter {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model(isBidirectional: isBidirectional)))
    let phrases = SpottingPhrases(texts.map { SpottingPhrases.Phrase(text: $0) })
    return try Spotter(recognizer, phrases: phrases, options: options)
  }

  private func events(_ pieces: [[Float]], by spotter: Spotter) throws -> [SpottedPhrase] {
    var stream = try SpottingStream(spotter, sampleRate: 8000)
    var found: [SpottedPhrase] = []
    for piece in pieces { found += try stream.append(piece) }
    return found + stream.finish()
  }

  @Test func `each phrase is found once, where it is said, among other letters`() throws {
    // A letter takes 0.2 s, so the n-th of a text begins 0.08 + 0.2 n behind the text's start.
    let samples = ToneLanguage.samples(saying: "cab bca abcab")
    let found = try events([samples], by: spotter(["ab", "bca"]))
    #expect(found.map(\.phrase.text) == ["ab", "bca", "ab", "ab"])
    for (hit, letters) in zip(found, [1...2, 4...6, 8...9, 11...12]) {
      #expect(abs(hit.start - (0.08 + 0.2 * Double(letters.lowerBound))) < 0.06)
      #expect(abs(hit.end - (0.2 + 0.2 * Double(letters.upperBound))) < 0.06)
      #expect(hit.score > 0.9 && hit.score <= 1)
    }
  }

  @Test func `the pieces of a stream change nothing`() throws {
    var generator = SplitMix64(seed: 9)
    let spotter = try spotter(["ab", "ca", "b b"], options: SpottingOptions(threshold: 0.05))
    let noisy = ToneLanguage.samples(saying: "ab cab b abba").map {
      $0 + Float.random(in: -0.05...0.05, using: &generator)
    }
    let whole = try events([noisy], by: spotter)
    #expect(!whole.isEmpty)
    for largest in [7, 300, 4000] {
      var (pieces, start) = ([[Float]](), 0)
      while start < noisy.count {
        let end = min(start + Int.random(in: 0...largest, using: &generator), noisy.count)
        pieces.append(Array(noisy[start..<end]))
        start = end
      }
      #expect(try events(pieces, by: spotter) == whole)
    }
  }

  @Test func `live sound needs a network of one direction`() throws {
    let live = try SpottingStream(spotter(["ab"]), sampleRate: 8000)
    try live.requireExact()
    #expect(throws: SpottingError.needsOneDirection) {
      let stream = try SpottingStream(spotter(["ab"], isBidirectional: true), sampleRate: 8000)
      try stream.requireExact()
    }
  }

  @Test func `phrases and thresholds of the model are used, and survive its file`() throws {
    try withTemporaryFolder { folder in
      var model = try ToneLanguage.model()
      #expect(throws: SpottingError.noPhrases) { try SpottingPhrases(of: model) }
      model.spotting = SpottingSettings(
        phrases: [.init(text: "ab", threshold: 0.25), .init(text: "c")], falseAlarmsPerHour: 0.5)
      try model.write(to: "\(folder)/model.safetensors")
      let read = try SpeechModel(contentsOf: "\(folder)/model.safetensors")
      #expect(read.spotting == model.spotting)
      #expect(try SpottingPhrases(of: read).phrases.map(\.threshold) == [0.25, nil])
      let listed = SpottingPhrases(PhraseList(["c", "ab"]), of: read)
      #expect(listed.phrases.map(\.threshold) == [nil, 0.25])
    }
  }

  @Test func `settings and phrases that cannot work are refused`() throws {
    #expect(throws: SpottingError.self) { try spotter(["xyz"]) }
    #expect(throws: SpottingError.noPhrases) { try spotter([" "]) }
    #expect(throws: SpottingError.self) {
      try spotter(["ab"], options: SpottingOptions(threshold: 1.5))
    }
    var stream = try SpottingStream(spotter(["ab"]), sampleRate: 8000)
    #expect(throws: SpottingError.recognition(.nonFiniteSample(index: 1))) {
      try stream.append([0, .nan])
    }
  }

  @Test func `lines are quoted in tables and hold the slots in JSON`() {
    let phrase = SpottingPhrases.Phrase(text: "go, \"now\"", slots: ["room": "hall"])
    let found = SpottedPhrase(phrase: phrase, start: 1, end: 2.346, score: 0.5)
    #expect(
      SpottingFormat.csv.line(found, path: "a,b.wav")
        == "\"a,b.wav\",1.00,2.35,0.500,\"go, \"\"now\"\"\"\r\n")
    #expect(SpottingFormat.txt.line(found) == "1.00\t2.35\t0.500\tgo, \"now\"\n")
    #expect(
      SpottingFormat.json.line(found)
        == "{\"end\":2.35,\"phrase\":\"go, \\\"now\\\"\",\"score\":0.5,"
        + "\"slots\":{\"room\":\"hall\"},\"start\":1}\n")
  }
}

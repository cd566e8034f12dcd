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

  /// When a letter of a text is said, give or take an output: for 120 ms, with 80 ms before it.
  private func letterTime(_ index: Int, after start: Double = 0) -> ClosedRange<Double> {
    let begin = start + 0.08 + 0.2 * Double(index)
    return begin - 0.03...begin + 0.15
  }

  @Test func `each phrase is found once, where it is said, among other letters`() throws {
    let samples = ToneLanguage.samples(saying: "cab bca acab")
    let found = try events([samples], by: spotter(["ab", "bca"]))
    #expect(found.map(\.phrase.text) == ["ab", "bca", "ab"])
    for (hit, letters) in zip(found, [1...2, 4...6, 10...11]) {
      #expect(letterTime(letters.lowerBound).contains(hit.start))
      #expect(letterTime(letters.upperBound).contains(hit.end))
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

  @Test func `in silence and steady noise the network rests, and a phrase behind them is found`()
    throws
  {
    var generator = SplitMix64(seed: 2)
    for level: Float in [0, 0.001] {
      let quiet = [Float](repeating: 0, count: 160_000)
      let sound = (quiet + ToneLanguage.samples(saying: "cab") + quiet).map {
        $0 + level * Float.random(in: -1...1, using: &generator)
      }
      var stream = try SpottingStream(spotter(["ab"]), sampleRate: 8000)
      var found: [SpottedPhrase] = []
      for start in stride(from: 0, to: sound.count, by: 997) {
        found += try stream.append(Array(sound[start..<min(start + 997, sound.count)]))
      }
      found += stream.finish()
      #expect(found.map(\.phrase.text) == ["ab"])
      let hit = try #require(found.first)
      #expect(letterTime(1, after: 20).contains(hit.start))
      #expect(letterTime(2, after: 20).contains(hit.end))
      // Two seconds at the start, and the phrase with what surrounds it.
      #expect(stream.processedSeconds > 2 && stream.processedSeconds < 5)
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

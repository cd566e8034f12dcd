import StapesAudio
import StapesFeatures
import StapesKernels
import StapesLanguage
import StapesModel
import StapesRecognition
import StapesText
import StapesTranscript
import TestSupport
import Testing

/// What is committed of an utterance is kept, whatever comes: an utterance of which a word was
/// committed ends in a final, which begins with all that was committed.
@Suite struct CommitmentTests {
  /// The results of a stream: its texts, and how often words were committed.
  struct Outcome {
    var texts: [String] = []
    var commitments = 0
  }

  /// One way to listen.
  struct Case: CustomStringConvertible {
    var sound: String
    var pieceLength: Int
    var beamWidth: Int?
    var longest: Double
    var description: String {
      "\(sound), pieces of \(pieceLength), \(longest) s, \(beamWidth ?? 0)"
    }
  }

  private static let pieceLengths = [160, 1600, 100_000]
  private static let cuts = [2.0, 3, 5, 30]

  /// Listens to samples and checks every event.
  private func outcome(
    of samples: [Float], by recognizer: Recognizer, _ way: Case
  ) throws -> Outcome {
    var stream = try RecognitionStream(
      recognizer, sampleRate: recognizer.sampleRate,
      options: StreamOptions(longestSeconds: way.longest))
    var events: [RecognitionStream.Event] = []
    for start in stride(from: 0, to: samples.count, by: way.pieceLength) {
      events += try stream.append(
        Array(samples[start..<min(start + way.pieceLength, samples.count)]))
    }
    events += stream.finish()
    var (outcome, committed, end) = (Outcome(), "", 0.0)
    for event in events {
      switch event {
      case .partial(let partial):
        #expect(
          begins(partial.committed, with: committed, recognizer),
          "\(way): \(committed) in \(partial)")
        #expect(begins(partial.text, with: partial.committed, recognizer), "\(way): \(partial)")
        #expect(partial.start < partial.end && partial.start >= end - 1e-9, "\(way): \(partial)")
        committed = partial.committed
        outcome.commitments += committed.isEmpty ? 0 : 1
      case .utterance(let utterance):
        for hypothesis in utterance.hypotheses {
          #expect(
            begins(hypothesis.text, with: committed, recognizer),
            "\(way): \(committed) in \(hypothesis.text)")
        }
        #expect(utterance.start < utterance.end, "\(way): \(utterance)")
        end = checkTimes(of: utterance, after: end, way)
        outcome.texts.append(utterance.text)
        committed = ""
      }
    }
    #expect(committed.isEmpty, "\(way): \(committed) without a final")
    return outcome
  }

  /// The words of a final follow each other, and those of the final before.
  private func checkTimes(
    of utterance: RecognitionStream.Utterance, after end: Double, _ way: Case
  ) -> Double {
    var end = end
    for word in utterance.hypotheses[0].words {
      #expect(word.start >= end - 1e-9 && word.end > word.start, "\(way): \(word) after \(end)")
      end = word.end
    }
    return end
  }

  /// Whether a text begins with some whole words, or with characters where none are written apart.
  private func begins(_ text: String, with words: String, _ recognizer: Recognizer) -> Bool {
    let separator = recognizer.model.alphabet.characters.contains(" ") ? " " : ""
    return words.isEmpty || text == words || text.hasPrefix(words + separator)
  }

  /// Listens to each sound in every kind of pieces, with cuts in turn.
  private func commitments(
    of recognizer: Recognizer, beamWidth: Int?, to sounds: [(name: String, samples: [Float])]
  ) throws -> Int {
    var count = 0
    for (index, sound) in sounds.enumerated() {
      let longest = Self.cuts[(index + (beamWidth ?? 0)) % Self.cuts.count]
      var found: [[String]] = []
      for pieceLength in Self.pieceLengths {
        let way = Case(
          sound: sound.name, pieceLength: pieceLength, beamWidth: beamWidth, longest: longest)
        let outcome = try outcome(of: sound.samples, by: recognizer, way)
        count += outcome.commitments
        found.append(outcome.texts)
      }
      #expect(found.allSatisfy { $0 == found[0] }, "\(sound.name): texts depend on the pieces")
    }
    return count
  }

  @Test(arguments: [1, 4, 16, 64], [false, true])
  func `networks that read anything into everything keep what they commit`(
    beamWidth: Int, isBidirectional: Bool
  ) throws {
    var sounds = StreamSounds(sampleRate: ToneLanguage.features.sampleRate)
    let all = try sounds.all()
    #expect(all.count == 20)
    let words = try LanguageModelRecognitionTests.languageModel(["ab ca b", "ca ab", "b c a"])
    let options = RecognitionOptions(beamWidth: beamWidth, hypothesisCount: 2, wantsWords: true)
    let open = RecognitionOptions(
      beamWidth: beamWidth, unknownWordPenalty: 2, labelPriorWeight: 0.3, wantsWords: true)
    var count = 0
    for seed: UInt64 in [17, 23] {
      let model = ModelSource.model(
        try RecognitionStreamTests.randomModel(isBidirectional: isBidirectional, seed: seed))
      for recognizer in [
        try Recognizer(model: model, options: options),
        try Recognizer(model: model, options: open, languageModel: .ngrams(words)),
        try Recognizer(
          model: model, options: options, languageModel: .ngrams(words),
          hotwords: HotwordList([.init("ca b", boost: 3), .init("ab", boost: -1)])),
        try Recognizer(model: model, options: options, hotwords: HotwordList([.init("b c")])),
      ] {
        count += try commitments(of: recognizer, beamWidth: beamWidth, to: all)
      }
    }
    let wordless = ModelSource.model(
      try RecognitionStreamTests.randomModel(
        of: "abcd", isBidirectional: isBidirectional, seed: 29))
    count += try commitments(
      of: Recognizer(model: wordless, options: options), beamWidth: beamWidth, to: all)
    #expect(count > 100)
  }

  @Test(arguments: [1, 8, 64, nil] as [Int?])
  func `the bundled models keep what they commit`(beamWidth: Int?) throws {
    var sounds = StreamSounds(sampleRate: 16_000)
    let all = try sounds.all()
    let options = RecognitionOptions(beamWidth: beamWidth, wantsWords: true)
    let streaming = ModelSource.bundled("english-streaming")
    let withLanguage = try Recognizer(
      model: streaming, options: options, languageModel: streaming.load().usualLanguageModel(),
      hotwords: HotwordList([.init("dashwood")]))
    let without = try Recognizer(model: streaming, options: options)
    let digits = try Recognizer(model: .bundled("digits"), options: options)
    var count = 0
    for (index, sound) in all.enumerated() {
      let recognizer = [withLanguage, without, digits][(index + (beamWidth ?? 2)) % 3]
      let way = Case(
        sound: sound.name, pieceLength: Self.pieceLengths[index % 3], beamWidth: beamWidth,
        longest: Self.cuts[(index + (beamWidth ?? 0)) % 3])
      count += try outcome(of: sound.samples, by: recognizer, way).commitments
    }
    #expect(count > 0)
  }

  @Test(arguments: [0.03, 0.001] as [Float])
  func `words of faint sound, which is brought up, are kept`(gain: Float) throws {
    var sounds = StreamSounds(sampleRate: 16_000)
    let faint = try sounds.all().map { ($0.name, $0.samples.map { $0 * gain }) }
    let digits = try Recognizer(
      model: .bundled("digits"), options: RecognitionOptions(wantsWords: true))
    #expect(try commitments(of: digits, beamWidth: nil, to: faint) > 0)
  }

  @Test func `phrases are told when an utterance ends, and nothing is committed before`() throws {
    var sounds = StreamSounds(sampleRate: ToneLanguage.features.sampleRate)
    let phrases = PhraseList(["ab ca", "b", "abc cab a"])
    for isBidirectional in [false, true] {
      let recognizer = try Recognizer(
        model: .model(
          RecognitionStreamTests.randomModel(isBidirectional: isBidirectional, seed: 17)),
        options: RecognitionOptions(wantsWords: true), phrases: phrases)
      #expect(try commitments(of: recognizer, beamWidth: 3, to: sounds.all()) == 0)
    }
  }

  @Test(arguments: [1, 8], [false, true])
  func `an utterance that is too long is cut between words, and nothing is read anew`(
    beamWidth: Int, isBidirectional: Bool
  ) throws {
    let words = ["abc", "cab", "b", "ccab", "a", "bb"]
    let text = (0..<60).map { words[$0 * $0 % words.count] }.joined(separator: " ")
    let samples = ToneLanguage.samples(saying: text)
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model(isBidirectional: isBidirectional)),
      options: RecognitionOptions(beamWidth: beamWidth, wantsWords: true),
      languageModel: beamWidth == 1
        ? nil : .ngrams(LanguageModelRecognitionTests.languageModel([text])))
    for longest in [2.0, 3.3, 7] {
      let way = Case(sound: text, pieceLength: 800, beamWidth: beamWidth, longest: longest)
      let found = try outcome(of: samples, by: recognizer, way).texts
      #expect(found.joined(separator: " ") == text)
      #expect(Double(found.count) >= 0.2 * Double(text.count) / longest)
    }
  }
}

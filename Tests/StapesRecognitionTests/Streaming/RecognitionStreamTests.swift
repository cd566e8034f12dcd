import StapesAudio
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesRecognition
import StapesText
import TestSupport
import Testing

/// Sound that comes in pieces.
@Suite struct RecognitionStreamTests {
  /// Utterances of tones, with pauses between them that end one.
  static func samples(saying texts: [String]) -> [Float] {
    let pause = [Float](repeating: 0, count: 8000)
    return texts.reduce(into: pause) { $0 += ToneLanguage.samples(saying: $1) + pause }
  }

  /// A model whose network has random weights.
  static func randomModel(
    of characters: String = "abc ", isBidirectional: Bool, seed: UInt64
  ) throws -> SpeechModel {
    var generator = SplitMix64(seed: seed)
    let alphabet = Alphabet(transcripts: [characters])
    let configuration = NetworkConfiguration(
      featureCount: ToneLanguage.features.columnCount, layerCount: 2, hiddenSize: 12,
      isBidirectional: isBidirectional, classCount: alphabet.classCount)
    var network = try Network(configuration: configuration, using: &generator)
    network.parameters.scale(by: 3)
    let width = configuration.featureCount
    return SpeechModel(
      features: ToneLanguage.features,
      normalization: .sliding(
        frameCount: 50, means: [Float](repeating: -8, count: width),
        deviations: [Float](repeating: 4, count: width)),
      alphabet: alphabet, textNormalization: TextNormalization(), network: network)
  }

  /// Cuts samples into pieces of random sizes, some of them empty.
  func pieces(of samples: [Float], using generator: inout SplitMix64) -> [[Float]] {
    var (pieces, start) = ([[Float]](), 0)
    let largest = [1, 50, 700, 5000, 100_000].randomElement(using: &generator) ?? 1
    while start < samples.count {
      let count = min(Int.random(in: 0...largest, using: &generator), samples.count - start)
      pieces.append(Array(samples[start..<start + count]))
      start += count
    }
    return pieces
  }

  func events(
    of pieces: [[Float]], by recognizer: Recognizer, sampleRate: Int = 8000,
    options: StreamOptions = StreamOptions()
  ) throws -> [RecognitionStream.Event] {
    var stream = try RecognitionStream(recognizer, sampleRate: sampleRate, options: options)
    var events: [RecognitionStream.Event] = []
    for piece in pieces { events += try stream.append(piece) }
    return events + stream.finish()
  }

  func utterances(_ events: [RecognitionStream.Event]) -> [RecognitionStream.Utterance] {
    events.compactMap { if case .utterance(let utterance) = $0 { utterance } else { nil } }
  }

  @Test func `one direction: pieces give the posteriors of the whole, to the last bit`() throws {
    var generator = SplitMix64(seed: 3)
    let recognizer = try Recognizer(
      model: .model(Self.randomModel(isBidirectional: false, seed: 5)))
    for length in [0, 1, 199, 200, 279, 1000, 8000, 20_000] {
      let samples = (0..<length).map { _ in Float.random(in: -0.3...0.3, using: &generator) }
      let whole = recognizer.logProbabilities(of: [AudioClip(samples: samples, sampleRate: 8000)])
      for _ in 0..<5 {
        var stream = PosteriorStream(recognizer)
        let isExact = stream.isExact
        #expect(isExact)
        var found = Matrix(rowCount: 0, columnCount: recognizer.model.alphabet.classCount)
        for piece in pieces(of: samples, using: &generator) {
          found.appendRows(of: stream.append(piece))
        }
        found.appendRows(of: stream.finish())
        #expect(found == whole[0])
      }
    }
  }

  @Test func `windows of a network without memory give the posteriors of the whole`() throws {
    var generator = SplitMix64(seed: 7)
    let model = try ToneLanguage.model(isBidirectional: true)
    let recognizer = try Recognizer(model: .model(model))
    for texts in [["a"], ["ab c", "", "ca"], Array(repeating: "abc cab acb", count: 30)] {
      let samples = Self.samples(saying: texts)
      let whole = recognizer.logProbabilities(of: [AudioClip(samples: samples, sampleRate: 8000)])
      for _ in 0..<3 {
        var stream = PosteriorStream(recognizer)
        let isExact = stream.isExact
        #expect(!isExact)
        var found = Matrix(rowCount: 0, columnCount: model.alphabet.classCount)
        for piece in pieces(of: samples, using: &generator) {
          found.appendRows(of: stream.append(piece))
        }
        found.appendRows(of: stream.finish())
        #expect(largestDifference(found, whole[0]) < 1e-4)
      }
    }
  }

  @Test(arguments: [false, true])
  func `utterances end at pauses, with their texts and times`(isBidirectional: Bool) throws {
    var generator = SplitMix64(seed: 11)
    let model = try ToneLanguage.model(isBidirectional: isBidirectional)
    let recognizer = try Recognizer(model: .model(model))
    let texts = ["ab c", "b", "cab a bb a", "a"]
    let samples = Self.samples(saying: texts)
    for _ in 0..<4 {
      let found = utterances(
        try events(of: pieces(of: samples, using: &generator), by: recognizer))
      #expect(found.map(\.text) == texts)
      var start = 1.08  // a pause, and the first 80 ms of an utterance
      for (utterance, text) in zip(found, texts) {
        let end = start + 0.2 * Double(text.count) - 0.08
        #expect(abs(utterance.start - start) < 0.07, "\(utterance)")
        #expect(abs(utterance.end - end) < 0.07, "\(utterance)")
        start = end + 0.08 + 1.08
      }
    }
  }

  @Test func `sound of another rate is heard as well`() throws {
    let recognizer = try Recognizer(model: .model(ToneLanguage.model()))
    let samples = ToneLanguage.samples(saying: "ab ca", sampleRate: 44_100)
    let found = utterances(try events(of: [samples], by: recognizer, sampleRate: 44_100))
    #expect(found.map(\.text) == ["ab ca"])
  }

  @Test(arguments: [1, 8], [false, true])
  func `what is committed never changes`(beamWidth: Int, isBidirectional: Bool) throws {
    var generator = SplitMix64(seed: 13)
    let recognizers = [
      try Recognizer(
        model: .model(ToneLanguage.model(isBidirectional: isBidirectional)),
        options: RecognitionOptions(beamWidth: beamWidth)),
      try Recognizer(
        model: .model(
          ToneLanguage.model(vocabulary: ["ab", "ca", "b"], isBidirectional: isBidirectional)),
        options: RecognitionOptions(beamWidth: beamWidth)),
      try Recognizer(
        model: .model(Self.randomModel(isBidirectional: isBidirectional, seed: 17)),
        options: RecognitionOptions(beamWidth: beamWidth)),
    ]
    var committedCount = 0
    for recognizer in recognizers {
      let samples = Self.samples(saying: ["ab ca b ab", "ca", "b ab c ab"]).map {
        $0 + Float.random(in: -0.01...0.01, using: &generator)
      }
      var committed = ""
      for event in try events(of: pieces(of: samples, using: &generator), by: recognizer) {
        switch event {
        case .partial(let partial):
          #expect(partial.committed.hasPrefix(committed))
          #expect(partial.text.hasPrefix(partial.committed))
          committed = partial.committed
          committedCount += committed.isEmpty ? 0 : 1
        case .utterance(let utterance):
          #expect(utterance.text.hasPrefix(committed), "\(utterance.text), \(committed)")
          committed = ""
        }
      }
    }
    #expect(committedCount > 0 || isBidirectional)
  }

  @Test(arguments: [false, true])
  func `a stream without a pause is cut at its widest gaps`(isBidirectional: Bool) throws {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model(isBidirectional: isBidirectional)))
    let text = Array(repeating: "abc cab", count: 40).joined(separator: " ")
    let samples = ToneLanguage.samples(saying: text)
    let options = StreamOptions(wantsPartials: false, longestSeconds: 5)
    let found = utterances(try events(of: [samples], by: recognizer, options: options))
    #expect(found.count >= 12)
    #expect(found.allSatisfy { $0.end - $0.start <= 5 })
    #expect(found.map(\.text).joined().replacing(" ", with: "") == text.replacing(" ", with: ""))
  }

  @Test func `silence and nothing are no utterance`() throws {
    for isBidirectional in [false, true] {
      let recognizer = try Recognizer(
        model: .model(ToneLanguage.model(isBidirectional: isBidirectional)))
      for count in [0, 1, 100, 8000, 800_000] {
        let silence = [Float](repeating: 0, count: count)
        #expect(try events(of: [silence], by: recognizer).isEmpty)
      }
    }
  }

  @Test func `refuses samples that are no numbers, and settings out of range`() throws {
    let recognizer = try Recognizer(model: .model(ToneLanguage.model()))
    var stream = try RecognitionStream(recognizer, sampleRate: 8000)
    _ = try stream.append([0, 0, 0])
    do {
      _ = try stream.append([0, .nan])
      Issue.record("a sample that is no number was heard")
    } catch {
      #expect(error == .nonFiniteSample(index: 4))
    }
    for options in [StreamOptions(pauseSeconds: 0), StreamOptions(longestSeconds: .nan)] {
      #expect(throws: RecognitionError.self) { try options.validate() }
    }
  }
}

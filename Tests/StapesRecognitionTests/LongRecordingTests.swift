import FoundationEssentials
import StapesAudio
import StapesBatch
import StapesKernels
import StapesModel
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

/// Recordings too long to be held in memory as one clip.
@Suite struct LongRecordingTests {
  @Test(arguments: [false, true])
  func `a long recording has the text of its parts`(isBidirectional: Bool) async throws {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model(isBidirectional: isBidirectional)))
    var generator = SplitMix64(seed: 19)
    var (samples, texts) = ([Float](), [String]())
    while samples.count < 200 * 8000 {
      let text = (0..<Int.random(in: 1...40, using: &generator)).map { index in
        index % 5 == 4 ? " " : ["a", "b", "c"].randomElement(using: &generator) ?? "a"
      }.joined()
      texts.append(String(text.split(separator: " ").joined(separator: " ")))
      samples += ToneLanguage.samples(saying: text + " ")
      let pause = Int.random(in: 8000...16_000, using: &generator)
      samples += [Float](repeating: 0, count: pause)
    }
    let transcript = try recognizer.transcribe(samples: samples, sampleRate: 8000)
    #expect(transcript.text == texts.joined(separator: " "))
    #expect(transcript.seconds == Double(samples.count) / 8000)
    try await withTemporaryFolder { folder in
      let path = folder + "/long.wav"
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
      let file = try await recognizer.transcribe(contentsOf: path)
      #expect(file.text == transcript.text)
      #expect(file.seconds == transcript.seconds)
      #expect(file.warnings.isEmpty)
    }
  }

  @Test func `joined clips of speech have the text of the whole in memory`() throws {
    let recognizer = try Recognizer(model: .bundled("digits"))
    let names = ["agent", "answer", "countdown", "euler", "golden-ratio", "pi", "seventh"]
    var samples: [Float] = []
    for round in 0..<9 {
      for name in names {
        let clip = try AudioClip(
          contentsOf: fixturePath("clips/digits/\(name).wav"),
          options: AudioOptions(sampleRate: recognizer.sampleRate))
        samples += clip.samples
        // Some clips follow each other at once, others after a pause.
        samples += [Float](repeating: 0, count: round % 3 * recognizer.sampleRate / 2)
      }
    }
    let clip = AudioClip(samples: samples, sampleRate: recognizer.sampleRate)
    #expect(clip.duration > Recognizer.longestClip)
    let streamed = try recognizer.transcribe(samples: samples, sampleRate: recognizer.sampleRate)
    #expect(streamed.text == recognizer.transcribe([clip])[0].text)
  }

  @Test func `many files, long ones among them, each get their own text`() async throws {
    let recognizer = try Recognizer(model: .model(ToneLanguage.model()))
    try await withTemporaryFolder { folder in
      let texts = ["a", String(repeating: "ab c ", count: 130) + "b", "c"]
      for (index, text) in texts.enumerated() {
        try FileManager.default.createDirectory(
          atPath: folder + "/in", withIntermediateDirectories: true)
        try AudioFileWriter.writeWAV(
          samples: ToneLanguage.samples(saying: text), sampleRate: 8000,
          to: "\(folder)/in/\(index).wav")
      }
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      #expect(batch.items[1].seconds > Recognizer.longestClip)
      #expect(try await batch.run(with: recognizer, threadCount: 2).isEmpty)
      for (index, text) in texts.enumerated() {
        let path = "\(folder)/out/\(index).txt"
        let found = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(found.replacing(" ", with: "") == text.replacing(" ", with: "") + "\n")
      }
    }
  }

  @Test func `joined hypotheses are the best of all ways to join them`() {
    var generator = SplitMix64(seed: 23)
    for count in 1...5 {
      let parts = (0..<4).map { part in
        (0..<Int.random(in: 1...count, using: &generator)).map { index in
          (text: "\(part)\(index)", score: -Double(Int.random(in: 0...9, using: &generator)))
        }.sorted { $0.score > $1.score }
      }
      var joined = JoinedHypotheses(count: count, separator: " ")
      for part in parts {
        joined.append(
          part.map { Transcript.Hypothesis(text: $0.text, logProbability: $0.score) })
      }
      let all = parts.reduce([(text: "", score: 0.0)]) { beginnings, part in
        beginnings.flatMap { begin in
          part.map {
            (begin.text + (begin.text.isEmpty ? "" : " ") + $0.text, begin.score + $0.score)
          }
        }
      }
      let scores = all.map(\.score).sorted(by: >).prefix(count)
      #expect(joined.hypotheses.map(\.logProbability) == Array(scores))
      for found in joined.hypotheses {
        #expect(all.contains { $0.text == found.text && $0.score == found.logProbability })
      }
      #expect(Set(joined.hypotheses.map(\.text)).count == joined.hypotheses.count)
    }
  }
}

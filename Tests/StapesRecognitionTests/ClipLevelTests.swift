import StapesAudio
import StapesRecognition
import StapesScoring
import StapesText
import StapesTranscript
import TestSupport
import Testing

/// Sound that is much fainter than what a model was trained on.
@Suite struct ClipLevelTests {
  /// A clip as a file of 16-bit integers holds it after a loss of level.
  private func faint(_ samples: [Float], decibels: Int) -> [Float] {
    let scale = (0..<decibels).reduce(Float(1)) { value, _ in value * 0.891_250_9 }
    return samples.map { ($0 * scale * 32_768).rounded() / 32_768 }
  }

  @Test(arguments: [30, 35, 40]) func faintDigitsAreRecognised(decibels: Int) throws {
    let digits = try Recognizer(model: .bundled("digits"))
    var (words, wrong) = (0, 0)
    for name in ["agent", "answer", "countdown", "euler", "pi", "seventh"] {
      let path = fixturePath("clips/digits/\(name).wav")
      let clip = try AudioClip(contentsOf: path, options: AudioOptions(sampleRate: 8_000))
      let loud = try digits.transcribe(samples: clip.samples, sampleRate: 8_000).text
      let text = try digits.transcribe(
        samples: faint(clip.samples, decibels: decibels), sampleRate: 8_000
      ).text
      let expected = loud.split(separator: " ")
      words += expected.count
      wrong += EditCounts(reference: expected, hypothesis: text.split(separator: " ")).errors
    }
    #expect(words > 20)
    #expect(wrong <= 2)
  }

  /// A stream is brought up by what was heard before, however it is cut into pieces.
  @Test(arguments: [30, 40, 45]) func faintStreamsAreRecognised(decibels: Int) throws {
    let digits = try Recognizer(model: .bundled("digits"))
    var (words, wrong) = (0, 0)
    for name in ["agent", "answer", "countdown", "euler", "pi", "seventh"] {
      let path = fixturePath("clips/digits/\(name).wav")
      let clip = try AudioClip(contentsOf: path, options: AudioOptions(sampleRate: 8_000))
      let loud = try text(of: clip.samples, by: digits, pieceLength: 800)
      let samples = faint(clip.samples, decibels: decibels)
      let text = try text(of: samples, by: digits, pieceLength: 800)
      for pieceLength in [37, 100_000] {
        #expect(try self.text(of: samples, by: digits, pieceLength: pieceLength) == text)
      }
      let expected = loud.split(separator: " ")
      words += expected.count
      wrong += EditCounts(reference: expected, hypothesis: text.split(separator: " ")).errors
    }
    #expect(words > 20)
    #expect(wrong <= 3)
  }

  private func text(
    of samples: [Float], by recognizer: Recognizer, pieceLength: Int
  ) throws -> String {
    var stream = try RecognitionStream(recognizer, sampleRate: 8_000)
    var events: [RecognitionStream.Event] = []
    for start in stride(from: 0, to: samples.count, by: pieceLength) {
      let piece = samples[start..<min(start + pieceLength, samples.count)]
      events += try stream.append(Array(piece))
    }
    events += stream.finish()
    return events.compactMap { event in
      if case .utterance(let utterance) = event { utterance.text } else { nil }
    }.joined(separator: " ")
  }

  @Test func faintLongRecordingIsRecognised() throws {
    let digits = try Recognizer(model: .bundled("digits"))
    let clip = try AudioClip(
      contentsOf: fixturePath("clips/digits/pi.wav"), options: AudioOptions(sampleRate: 8_000))
    let pause = [Float](repeating: 0, count: 8_000)
    let count = 130 * 8_000 / (clip.samples.count + pause.count) + 1
    let samples = (0..<count).flatMap { _ in faint(clip.samples, decibels: 35) + pause }
    let loud = try digits.transcribe(samples: clip.samples, sampleRate: 8_000).text
    let text = try digits.transcribe(samples: samples, sampleRate: 8_000).text
    let expected = loud.split(separator: " ").count * count
    #expect(abs(text.split(separator: " ").count - expected) <= expected / 10)
  }
}

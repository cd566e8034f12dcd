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

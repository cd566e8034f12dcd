import FoundationEssentials
import StapesAudio
import StapesKernels
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

/// Where the words of a transcript are said to be, against sound whose words lie at known places.
@Suite struct WordTimesTests {
  @Test func `planted tones are found where they sound`() throws {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model()), options: RecognitionOptions(wantsWords: true))
    let samples = ToneLanguage.samples(saying: "ab ca b")
    let reading = try recognizer.transcribe(samples: samples, sampleRate: 8000).hypotheses[0]
    #expect(reading.text == "ab ca b")
    #expect(reading.words.map(\.text) == ["ab", "ca", "b"])
    // Letter i, spaces among them, sounds from 0.08 + 0.2 i on for 0.12 s, fading in and out.
    for (word, places) in zip(reading.words, [[0, 1], [3, 4], [6]]) {
      #expect(abs(word.start - (0.08 + 0.2 * Double(places[0]))) < 0.03)
      #expect(abs(word.end - (0.2 + 0.2 * Double(places[places.count - 1]))) < 0.03)
      #expect(word.characters.map(\.text).joined() == word.text)
      #expect(word.characters.first?.start == word.start)
      #expect(word.characters.last?.end == word.end)
      for (character, place) in zip(word.characters, places) {
        let middle = 0.14 + 0.2 * Double(place)
        #expect(character.start < middle && middle < character.end)
      }
    }
  }

  @Test func `no words unless they are wanted, and none in silence`() throws {
    let model = try ToneLanguage.model()
    let samples = ToneLanguage.samples(saying: "ab")
    let plain = try Recognizer(model: .model(model)).transcribe(samples: samples, sampleRate: 8000)
    #expect(plain.hypotheses[0].words.isEmpty)
    let options = RecognitionOptions(wantsWords: true)
    let recognizer = try Recognizer(model: .model(model), options: options)
    for count in [0, 1, 199, 4000] {
      let silence = [Float](repeating: 0, count: count)
      let reading = try recognizer.transcribe(samples: silence, sampleRate: 8000).hypotheses[0]
      #expect(reading.words.isEmpty && reading.text.isEmpty)
    }
  }

  @Test(arguments: [Float(0), 0.0003])
  func `joined clips begin and end within 50 ms of their sound`(noise: Float) throws {
    let recognizer = try Recognizer(
      model: .bundled("digits"), options: RecognitionOptions(wantsWords: true))
    let names = ["agent", "answer", "countdown", "euler", "golden-ratio", "pi", "root-three"]
    var (samples, truths) = ([Float](), [(text: String, start: Double, end: Double)]())
    for name in names {
      samples += [Float](repeating: 0, count: 3600 + 400 * truths.count)
      let clip = try AudioClip(
        contentsOf: fixturePath("clips/digits/\(name).wav"), options: AudioOptions(sampleRate: 8000)
      )
      let text = try String(
        contentsOfFile: fixturePath("clips/digits/\(name).txt"), encoding: .utf8)
      let loud = loudPart(of: clip.samples)
      truths.append(
        (
          text.split(whereSeparator: \.isWhitespace).joined(separator: " "),
          Double(samples.count + loud.lowerBound) / 8000,
          Double(samples.count + loud.upperBound) / 8000
        ))
      samples += clip.samples
    }
    samples += [Float](repeating: 0, count: 4000)
    var generator = SplitMix64(seed: 1)
    for index in samples.indices {
      samples[index] += noise * Float.random(in: -1.7...1.7, using: &generator)
    }
    let reading = try recognizer.transcribe(samples: samples, sampleRate: 8000).hypotheses[0]
    #expect(reading.text == truths.map(\.text).joined(separator: " "))
    var words = reading.words[...]
    for truth in truths {
      let own = words.prefix(truth.text.split(separator: " ").count)
      words = words.dropFirst(own.count)
      let (start, end) = (own.first?.start ?? -1, own.last?.end ?? -1)
      #expect(abs(start - truth.start) <= 0.05, "\(truth) begins at \(start)")
      #expect(abs(end - truth.end) <= 0.05, "\(truth) ends at \(end)")
    }
    for (word, next) in zip(reading.words, reading.words.dropFirst()) {
      #expect(word.start < word.end && word.end <= next.start)
    }
  }

  /// The samples of a clip from the first to the last stretch of 5 ms that is above a thousandth of
  /// the power of the loudest.
  private func loudPart(of samples: [Float]) -> Range<Int> {
    let powers = stride(from: 0, to: samples.count - 40, by: 40).map { start in
      samples[start..<start + 40].reduce(0) { $0 + $1 * $1 }
    }
    let threshold = (powers.max() ?? 0) / 1000
    let first = powers.firstIndex { $0 > threshold } ?? 0
    let last = powers.lastIndex { $0 > threshold } ?? 0
    return first * 40..<(last + 1) * 40
  }
}

import Glibc
import StapesAudio
import StapesKernels
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

/// Sound without speech gives no letters, and speech loses none, however quiet it is.
@Suite struct EmptyReasonTests {
  let digits: Recognizer

  init() throws {
    digits = try Recognizer(model: .bundled("digits"))
  }

  /// Gaussian noise of a level in decibels of full scale.
  static func whiteNoise(_ decibels: Double, seconds: Double, seed: UInt64 = 1) -> [Float] {
    var random = SplitMix64(seed: seed)
    let scale = pow(10, decibels / 20)
    return (0..<Int(seconds * 8000)).map { _ in
      // The sum of twelve uniform numbers has a variance of 1.
      let sum = (0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: -0.5...0.5, using: &random)
      }
      return Float(scale * sum)
    }
  }

  /// Noise that falls by 3 (pink) or 6 (brown) dB an octave: white noise through one-pole filters.
  static func colouredNoise(_ decibels: Double, seconds: Double, poles: [Float]) -> [Float] {
    var sum = [Float](repeating: 0, count: Int(seconds * 8000))
    for (index, pole) in poles.enumerated() {
      var state: Float = 0
      let white = whiteNoise(decibels, seconds: seconds, seed: UInt64(index + 2))
      for position in sum.indices {
        state = pole * state + (1 - pole) * white[position]
        sum[position] += state / (1 - pole).squareRoot()
      }
    }
    return sum
  }

  func reason(_ samples: [Float], _ recognizer: Recognizer? = nil) throws
    -> Transcript.EmptyReason?
  {
    let transcript = try (recognizer ?? digits).transcribe(samples: samples, sampleRate: 8000)
    #expect((transcript.emptyReason == nil) == !transcript.text.isEmpty)
    return transcript.emptyReason
  }

  @Test func `too little sound, and none, say so`() throws {
    #expect(try reason([]) == .short)
    #expect(try reason([Float](repeating: 0.5, count: 199)) == .short)
    for level: Float in [0, 0.2, 1e-5] {
      #expect(try reason([Float](repeating: level, count: 8000)) == .silence, "offset \(level)")
    }
    #expect(try reason(Self.whiteNoise(-90, seconds: 3)) == .silence)
  }

  @Test(arguments: [-60.0, -40, -30, -20, -12], [0.5, 1, 3, 10])
  func `noise gives no letters`(level: Double, seconds: Double) throws {
    let white = Self.whiteNoise(level, seconds: seconds)
    #expect([.noise, .blank].contains(try reason(white)), "white")
    for (name, poles) in [("pink", [0.1, 0.5, 0.8, 0.95] as [Float]), ("brown", [0.98])] {
      let noise = Self.colouredNoise(level, seconds: seconds, poles: poles)
      #expect([.noise, .blank].contains(try reason(noise)), "\(name)")
    }
  }

  @Test(arguments: [-50.0, -30, -20, -12])
  func `hum, tones, bursts of noise and clicks give no letters`(level: Double) throws {
    let amplitude = pow(10, level / 20)
    func tones(_ frequencies: [Double]) -> [Float] {
      (0..<24_000).map { index in
        let time = Double(index) / 8000
        return Float(frequencies.reduce(0) { $0 + amplitude * sin(2 * .pi * $1 * time) })
      }
    }
    #expect([.noise, .blank].contains(try reason(tones([50, 100, 150]))))
    #expect([.noise, .blank].contains(try reason(tones([440]))))
    var bursts = Self.whiteNoise(level, seconds: 4)
    for index in bursts.indices where index / 3200 % 2 == 1 { bursts[index] = 0 }
    #expect([.noise, .blank].contains(try reason(bursts)))
    var click = [Float](repeating: 0, count: 16_000)
    (click[8000], click[8001]) = (Float(amplitude), -Float(amplitude))
    #expect([.noise, .blank, .silence].contains(try reason(click)))
  }

  @Test func `speech keeps its letters when it is quiet, as far as they are heard`() throws {
    for name in ["agent", "answer", "countdown", "euler", "pi", "seventh"] {
      let path = fixturePath("clips/digits/\(name).wav")
      let clip = try AudioClip(contentsOf: path, options: AudioOptions(sampleRate: 8000))
      for decibels in [0.0, 30, 40] {
        let scale = Float(pow(10, -decibels / 20))
        // As a file of 16-bit integers would hold it.
        let quiet = clip.samples.map { ($0 * scale * 32_768).rounded() / 32_768 }
        let words = try digits.transcribe(samples: quiet, sampleRate: 8000).text.split(
          separator: " ")
        #expect(words.count >= 2, "\(name) at -\(decibels) dB")
      }
    }
  }

  @Test func `steady sound that the model knows for sure counts`() throws {
    let tones = try Recognizer(model: .model(ToneLanguage.model()))
    let text = String(repeating: "a", count: 12)
    let samples = ToneLanguage.samples(saying: text)
    #expect(try tones.transcribe(samples: samples, sampleRate: 8000).text == text)
  }

  @Test func `a word in long noise is heard`() throws {
    let clip = try AudioClip(
      contentsOf: fixturePath("clips/digits/answer.wav"), options: AudioOptions(sampleRate: 8000))
    var samples = Self.whiteNoise(-50, seconds: 6)
    for (index, sample) in clip.samples.enumerated() { samples[20_000 + index] += sample }
    #expect(try reason(samples) == nil)
  }

  @Test func `a list of phrases says when none was heard`() throws {
    let phrases = PhraseList(["seven"])
    let recognizer = try Recognizer(model: .bundled("digits"), phrases: phrases)
    let clip = try AudioClip(
      contentsOf: fixturePath("clips/digits/answer.wav"), options: AudioOptions(sampleRate: 8000))
    #expect(try reason(clip.samples, recognizer) == .unlisted)
    let certain = try Recognizer(
      model: .bundled("digits"), options: RecognitionOptions(unknownMargin: .infinity),
      phrases: phrases)
    #expect(try reason(Self.whiteNoise(-30, seconds: 1), certain) == nil)
  }

  @Test func `long recordings of noise and silence give no letters`() throws {
    #expect(try reason([Float](repeating: 0, count: 130 * 8000)) == .silence)
    #expect([.noise, .blank].contains(try reason(Self.whiteNoise(-20, seconds: 130))))
  }

  @Test func `JSON tells the reason, plain text does not`() throws {
    let silence = [Float](repeating: 0, count: 8000)
    let transcript = try digits.transcribe(samples: silence, sampleRate: 8000)
    #expect(TranscriptFormat.txt.string(transcript, path: "a.wav") == "\n")
    for format in [TranscriptFormat.json, .jsonl] {
      let text = format.string(transcript, path: "a.wav").filter { $0 != " " }
      #expect(text.contains("\"emptyReason\":\"silence\""))
    }
  }
}

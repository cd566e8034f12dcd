import Glibc
import StapesAudio
import StapesKernels
import TestSupport

/// Twenty sounds of noise and speech: of both, of either, and of neither.
struct StreamSounds {
  let sampleRate: Int
  private var generator = SplitMix64(seed: 41)

  /// - Parameter sampleRate: in hertz.
  init(sampleRate: Int) {
    self.sampleRate = sampleRate
  }

  /// All of them, each with its name.
  mutating func all() throws -> [(name: String, samples: [Float])] {
    let noises = noises()
    let speech = try speech(noise: noises[0].samples)
    return noises + speech
  }

  private mutating func noises() -> [(name: String, samples: [Float])] {
    let white = noise(seconds: 6)
    let low = smooth(white, over: 8)
    let swells = swell(hertz: 4)
    let cubes = swell(hertz: 3.1).map { $0 * $0 * $0 }
    return [
      ("white noise swelling four times a second", product(white, swells, gain: 0.2)),
      ("low noise swelling four times a second", product(low, swells, gain: 0.4)),
      ("low noise in bursts", product(low, cubes, gain: 0.5)),
      ("steady white noise", white.map { 0.1 * $0 }),
      ("a swelling tone", product(tone { _ in 440 }, swell(hertz: 3), gain: 0.3)),
      ("a siren", tone { 500 + 300 * sin(2 * .pi * 0.7 * $0) }.map { 0.3 * $0 }),
      ("tones that change", tone { [350, 700, 1400, 2800][Int($0 * 5) % 4] }.map { 0.3 * $0 }),
      ("hum", tone { _ in 50 }.map { 0.2 * $0 + 0.1 }),
      ("clicks", white.indices.map { $0 % (sampleRate / 3) == 0 ? 0.9 : 0.001 * white[$0] }),
      ("silence", [Float](repeating: 0, count: 5 * sampleRate)),
    ]
  }

  private mutating func speech(
    noise: [Float]
  ) throws -> [(name: String, samples: [Float])] {
    let clips = try ["english/austen-0870", "english/austen-0880", "english/austen-0890"].map(clip)
    let digits = try ["digits/pi", "digits/seventh", "digits/answer"].map(clip)
    let gap = [Float](repeating: 0, count: sampleRate * 4 / 10)
    let quiet = noise.map { 0.3 * $0 }
    return [
      ("speech", clips[0]),
      ("speech in swelling noise", sum(clips[1], quiet)),
      ("speech between noises", noise[..<(2 * sampleRate)] + clips[1] + noise.suffix(sampleRate)),
      ("speech with gaps", clips[2].prefix(2 * sampleRate) + gap + clips[2].suffix(2 * sampleRate)),
      ("speech clipped", clips[2].map { min(max(20 * $0, -1), 1) }),
      ("speech backwards", clips[1].reversed()),
      ("two voices", sum(digits[0], clips[1])),
      ("digits", digits[1]),
      ("digits in loud noise", sum(digits[2], noise.map { 2 * $0 })),
      (
        "tones of letters",
        ToneLanguage.samples(saying: "ab ca b abc cab a", sampleRate: sampleRate)
      ),
    ]
  }

  private func clip(_ name: String) throws -> [Float] {
    try AudioClip(
      contentsOf: fixturePath("clips/\(name).wav"), options: AudioOptions(sampleRate: sampleRate)
    ).samples
  }

  private mutating func noise(seconds: Int) -> [Float] {
    (0..<seconds * sampleRate).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  private func smooth(_ samples: [Float], over count: Int) -> [Float] {
    samples.indices.map { index in
      samples[max(index - count + 1, 0)...index].reduce(0, +) / Float(count).squareRoot()
    }
  }

  private func swell(hertz: Double) -> [Float] {
    (0..<6 * sampleRate).map {
      Float(0.5 - 0.5 * cos(2 * .pi * hertz * Double($0) / Double(sampleRate)))
    }
  }

  /// Five seconds of a tone whose pitch depends on the time.
  private func tone(_ hertz: (_ seconds: Double) -> Double) -> [Float] {
    var phase = 0.0
    return (0..<5 * sampleRate).map {
      phase += 2 * .pi * hertz(Double($0) / Double(sampleRate)) / Double(sampleRate)
      return Float(sin(phase))
    }
  }

  private func product(_ a: [Float], _ b: [Float], gain: Float) -> [Float] {
    zip(a, b).map { gain * $0 * $1 }
  }

  private func sum(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 + $1 } }
}

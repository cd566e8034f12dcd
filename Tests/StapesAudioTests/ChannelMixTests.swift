import StapesAudio
import TestSupport
import Testing

/// Channels that cancel when they are mixed.
@Suite struct ChannelMixTests {
  /// A later part whose number of channels differs from that of the first is mixed as a file is.
  @Test(arguments: [16_000, 44_100]) func laterPartWithAnInvertedChannel(rate: Int) throws {
    let first = wave(pcm16([Int16](repeating: 0, count: 16_000)))
    let tone = sine(440, sampleRate: rate, count: 2 * rate).map { Int16($0 * 32_767) }
    let second = wave(
      pcm16(tone.flatMap { [$0, -$0] }), rate: UInt32(rate), channels: 2)
    try withFile(first + second) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.warnings == [.cancellingChannels(path: path, taken: 1)])
      let expected = sine(440, sampleRate: 16_000, count: 32_000)
      #expect(abs(clip.samples.count - 48_000) <= 1)
      let middle = Array(clip.samples[20_000..<44_000])
      #expect(largestDifference(middle, Array(expected[4_000..<28_000])) < 1e-2)
    }
  }

  private let rate = 16_000

  private func file(_ channels: [[Float]]) -> [UInt8] {
    wave(
      pcm16(interleaved(channels).map { Int16($0 * 32_767) }), rate: UInt32(rate),
      channels: UInt16(channels.count))
  }

  @Test(arguments: [1.0, 0.9, 0.7] as [Float]) func invertedChannel(gain: Float) throws {
    let silence = [Float](repeating: 0, count: 5_000)
    let first = silence + sine(440, sampleRate: rate, count: 40_000)
    try withFile(file([first, first.map { -gain * $0 }])) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, first) < 1e-3)
      #expect(clip.warnings == [.cancellingChannels(path: path, taken: 1)])
      #expect(clip.warnings[0].description.contains("cancel"))
      var sound = try SoundFile(contentsOf: path)
      var pieces: [Float] = []
      while true {
        let piece = try sound.read(frameCount: 123)
        if piece.isEmpty { break }
        pieces += piece
      }
      #expect(pieces == clip.samples)
    }
  }

  @Test func louderChannelIsTaken() throws {
    let second = sine(440, sampleRate: rate, count: 20_000)
    try withFile(file([second.map { -0.8 * $0 }, second])) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, second) < 1e-3)
      #expect(clip.warnings == [.cancellingChannels(path: path, taken: 2)])
    }
  }

  @Test func fourChannelsThatCancel() throws {
    let tone = sine(440, sampleRate: rate, count: 20_000)
    let inverted = tone.map { -$0 }
    try withFile(file([tone, inverted, inverted, tone])) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, tone) < 1e-3)
    }
  }

  @Test func otherChannelsAreMixed() throws {
    let (low, high) = (
      sine(440, sampleRate: rate, count: 20_001), sine(1_000, sampleRate: rate, count: 20_001)
    )
    let silence = [Float](repeating: 0, count: 20_001)
    for channels in [[low, high], [low, silence], [low, low]] {
      let mean = zip(channels[0], channels[1]).map { ($0 + $1) / 2 }
      try withFile(file(channels)) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(largestDifference(clip.samples, mean) < 1e-3)
        #expect(clip.warnings == [])
      }
    }
  }

  private let silence = [Float](repeating: 0, count: 40_000)
  private func tone(_ frequency: Double, amplitude: Double = 0.5) -> [Float] {
    sine(frequency, sampleRate: rate, count: 40_000, amplitude: amplitude)
  }

  /// The share of the energy of what was planted that is found in a stretch of the samples.
  private func share(of planted: [Float], in samples: [Float], from start: Int) -> Float {
    let product = planted.indices.reduce(Float(0)) { $0 + planted[$1] * samples[start + $1] }
    return abs(product) / planted.reduce(0) { $0 + $1 * $1 }
  }

  /// Channels that cancel after others did not, or with others: the last tone is not lost.
  @Test func laterPartThatCancels() throws {
    let quiet = tone(700, amplitude: 0.05)
    let (loud, other) = (tone(440), tone(1_000))
    let cases: [[[Float]]] = [
      [loud + quiet, loud + quiet.map { -$0 }],
      [loud + silence, loud.map { -$0 } + quiet],
      [loud + silence, loud.map { -$0 } + silence, silence + quiet, silence + quiet.map { -$0 }],
      [loud + quiet, loud + quiet.map { -$0 }, other + other],
      [loud + quiet, loud + quiet, loud + quiet.map { -2 * $0 }],
    ]
    for channels in cases {
      try withFile(file(channels)) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(share(of: quiet, in: clip.samples, from: loud.count) > 0.3)
        #expect(share(of: loud, in: clip.samples, from: 0) > 0.3)
        #expect(clip.warnings.count == 1)
      }
    }
  }

  @Test(arguments: [[0.1, 0], [0, 0.1]]) func offsetAndHumHideNothing(noise: [Double]) throws {
    let sound = tone(700, amplitude: 0.1)
    let hum = sine(50, sampleRate: rate, count: sound.count, amplitude: noise[0]).map {
      $0 + Float(noise[1])
    }
    let channels = [zip(sound, hum).map { $0 + $1 }, zip(sound, hum).map { $1 - $0 }]
    try withFile(file(channels)) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(share(of: sound, in: clip.samples, from: 0) > 0.9)
    }
  }
}

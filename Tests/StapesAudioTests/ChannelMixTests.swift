import StapesAudio
import TestSupport
import Testing

/// Channels that cancel when they are mixed.
@Suite struct ChannelMixTests {
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
}

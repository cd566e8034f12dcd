import StapesAudio
import Testing

@Suite struct ChannelTests {
  private let three = wave(
    pcm16([8_192, 16_384, 0, -8_192, -32_768, 8_192, 100, 200, 300]), channels: 3)

  @Test func mixIsTheMean() throws {
    try withFile(three) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == [0.25, -0.333_333_33, Float(200) / 32_768])
      #expect(clip.sourceChannelCount == 3)
    }
  }

  @Test func oneChannelIsLeftAsItIs() throws {
    try withFile(three) { path in
      let wanted: [[Float]] = [
        [0.25, -0.25, 100.0 / 32_768], [0.5, -1, 200.0 / 32_768], [0, 0.25, 300.0 / 32_768],
      ]
      for (index, samples) in wanted.enumerated() {
        let options = AudioOptions(channel: .index(index))
        let clip = try AudioClip(contentsOf: path, options: options)
        #expect(clip.samples == samples)
      }
    }
  }

  @Test(arguments: [-1, 3, Int.max])
  func missingChannelIsRefused(index: Int) throws {
    try withFile(three) { path in
      let error = AudioError.channelOutOfRange(path: path, index: index, channelCount: 3)
      #expect(throws: error) {
        _ = try AudioClip(contentsOf: path, options: AudioOptions(channel: .index(index)))
      }
      #expect(error.description.contains("channels 0 to 2"))
    }
  }

  @Test func manyChannelsFitIntoOneBlock() throws {
    let frame = (0..<256).map { Int16($0 * 100) }
    let file = wave(pcm16((0..<100).flatMap { _ in frame }), channels: 256)
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path, options: AudioOptions(channel: .index(255)))
      #expect(clip.samples == [Float](repeating: 25_500.0 / 32_768, count: 100))
      let mix = try AudioClip(contentsOf: path)
      #expect(mix.samples.allSatisfy { $0 == 12_750.0 / 32_768 })
    }
  }
}

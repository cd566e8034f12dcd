import CSndFile
import StapesAudio
import TestSupport
import Testing

/// Files that were joined byte by byte, as `cat` does: all of them are read.
@Suite struct JoinedFileTests {
  static let formats = [
    SoundFormat(name: "MP3", code: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III),
    SoundFormat(name: "Ogg Vorbis", code: SF_FORMAT_OGG | SF_FORMAT_VORBIS),
    SoundFormat(name: "Ogg Opus", code: SF_FORMAT_OGG | SF_FORMAT_OPUS),
    SoundFormat(name: "FLAC", code: SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
    SoundFormat(name: "WAV", code: SF_FORMAT_WAV | SF_FORMAT_PCM_16),
    SoundFormat(name: "WAV, IMA ADPCM", code: SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM),
    SoundFormat(name: "RF64", code: SF_FORMAT_RF64 | SF_FORMAT_PCM_16),
    SoundFormat(name: "AIFF", code: SF_FORMAT_AIFF | SF_FORMAT_PCM_16),
    SoundFormat(name: "AU", code: SF_FORMAT_AU | SF_FORMAT_PCM_16),
    SoundFormat(name: "Wave64", code: SF_FORMAT_W64 | SF_FORMAT_PCM_16),
    SoundFormat(name: "CAF", code: SF_FORMAT_CAF | SF_FORMAT_PCM_16),
  ]

  /// A file of its own and what is read from it alone.
  private func part(
    _ frequency: Double, _ format: Int, sampleRate: Int = 16_000, channelCount: Int = 1,
    count: Int = 20_001
  ) throws -> (file: [UInt8], samples: [Float]) {
    try withTemporaryFolder { folder in
      let path = "\(folder)/part"
      let mono = sine(frequency, sampleRate: sampleRate, count: count)
      let samples = interleaved([[Float]](repeating: mono, count: channelCount))
      try encode(
        samples, sampleRate: sampleRate, channelCount: channelCount, as: format, to: path)
      return (try contents(of: path), try AudioClip(contentsOf: path).samples)
    }
  }

  @Test(arguments: formats) func threeOfOneKind(format: SoundFormat) throws {
    let parts = try [440.0, 700, 1_000].map { try part($0, format.code) }
    try withFile(parts.flatMap(\.file)) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, parts.flatMap(\.samples)) < 1e-4)
      #expect(clip.warnings == [])
      #expect(try AudioProperties(ofFileAt: path).frameCount == clip.samples.count)
      let offset = Double(parts[0].samples.count) / 16_000
      let second = try AudioClip(contentsOf: path, offset: offset, duration: 1)
      #expect(largestDifference(second.samples, Array(parts[1].samples[..<16_000])) < 1e-4)
    }
  }

  @Test(arguments: formats) func otherRateAndChannels(format: SoundFormat) throws {
    let first = try part(440, format.code)
    let second = try part(
      1_000, format.code, sampleRate: 48_000, channelCount: 2, count: 96_000)
    try withFile(first.file + second.file) { path in
      let clip = try AudioClip(contentsOf: path)
      let expected =
        first.samples
        + (try Resampler.resample(second.samples, from: 48_000, to: 16_000))
      #expect(abs(clip.samples.count - expected.count) <= 1)
      let count = min(clip.samples.count, expected.count)
      #expect(
        largestDifference(Array(clip.samples[..<count]), Array(expected[..<count])) < 1e-3)
      #expect(clip.sourceRate == 16_000 && clip.sourceChannelCount == 1)
    }
  }

  @Test func otherKinds() throws {
    let parts = try [Self.formats[4], Self.formats[0], Self.formats[2], Self.formats[7]].map {
      try part(440, $0.code)
    }
    try withFile(parts.flatMap(\.file)) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, parts.flatMap(\.samples)) < 1e-4)
    }
  }

  @Test func filesInAPipe() throws {
    let parts = try [440.0, 700].map { try part($0, SF_FORMAT_WAV | SF_FORMAT_PCM_16) }
    let clip = try withPipe(parts.flatMap(\.file)) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(clip.samples == parts.flatMap(\.samples))
  }

  @Test func streamsOfUnknownLength() throws {
    let files = [8_000, 16_000].map { rate -> [UInt8] in
      let samples = sine(440, sampleRate: rate, count: rate).map { Int16($0 * 32_767) }
      return wave(pcm16(samples), rate: UInt32(rate), statedByteCount: .max)
    }
    try withFile(files.flatMap { $0 }) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(abs(clip.duration - 2) < 0.001)
    }
  }

  @Test func tagBetweenFrames() throws {
    let parts = try [440.0, 700].map { try part($0, Self.formats[0].code) }
    let front =
      Array("ID3".utf8) + [4, 0, 0, 0, 0, 0x20, 0] + [UInt8](repeating: 0xFF, count: 4_096)
    let back = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    try withFile(parts.flatMap { front + $0.file + back }) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, parts.flatMap(\.samples)) < 1e-4)
      #expect(clip.warnings == [])
    }
  }

  @Test func tagInFrontOfOtherKinds() throws {
    let front =
      Array("ID3".utf8) + [4, 0, 0, 0, 0, 9, 0, 0] + [UInt8](repeating: 1, count: 9 << 14)
    let flac = try part(440, SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
    try withFile(front.dropLast() + flac.file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == flac.samples)
    }
  }

  @Test func bytesThatNothingReads() throws {
    let (file, samples) = try part(440, SF_FORMAT_WAV | SF_FORMAT_PCM_16)
    let junk = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3 &+ 201) }
    try withFile(file + junk) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(Array(clip.samples.prefix(samples.count)) == samples)
      guard case .unread(path, let byteCount)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
      #expect(abs(byteCount - junk.count) <= 2)
    }
  }

  @Test func junkInFront() throws {
    for format in [Self.formats[0], Self.formats[2], Self.formats[3]] {
      let (file, samples) = try part(440, format.code)
      let junk = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3 &+ 201) }
      try withFile(junk + file) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(largestDifference(clip.samples, samples) < 1e-4, "\(format.name)")
        #expect(clip.warnings == [.unread(path: path, byteCount: junk.count)])
      }
    }
  }
}

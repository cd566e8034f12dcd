import CSndFile
import StapesAudio
import TestSupport
import Testing

/// Files that were cut: what is there is used, and a warning says so.
@Suite struct TruncationTests {
  private let rate = 16_000
  private let planted = sine(440, sampleRate: 16_000, count: 48_000)

  /// Cuts an encoded file to a share of its bytes and reads the rest.
  private func cut(
    _ code: Int, to share: Double, _ check: (AudioClip, AudioClip, String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/whole"
      try encode(planted, sampleRate: rate, as: code, to: path)
      let whole = try AudioClip(contentsOf: path)
      #expect(whole.warnings == [])
      let file = try contents(of: path)
      try withFile(Array(file.prefix(Int(Double(file.count) * share)))) { path in
        try check(AudioClip(contentsOf: path), whole, path)
      }
    }
  }

  /// Expects the start of the whole clip and one warning with the length of both.
  private func expectStart(
    _ clip: AudioClip, of whole: AudioClip, path: String, promised: Double?, tolerance: Float = 0
  ) {
    let count = clip.samples.count
    #expect(count > 0 && count < whole.samples.count)
    #expect(largestDifference(clip.samples, Array(whole.samples.prefix(count))) <= tolerance)
    #expect(
      clip.warnings == [.truncated(path: path, read: clip.duration, promised: promised)])
  }

  @Test(arguments: [
    SoundFormat(name: "WAV", code: SF_FORMAT_WAV | SF_FORMAT_PCM_16),
    SoundFormat(name: "extensible WAV", code: SF_FORMAT_WAVEX | SF_FORMAT_PCM_24),
    SoundFormat(name: "RF64", code: SF_FORMAT_RF64 | SF_FORMAT_PCM_16),
    SoundFormat(name: "AIFF", code: SF_FORMAT_AIFF | SF_FORMAT_PCM_16),
    SoundFormat(name: "AU", code: SF_FORMAT_AU | SF_FORMAT_PCM_16),
    SoundFormat(name: "FLAC", code: SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
  ])
  func formatsThatTellTheirLength(format: SoundFormat) throws {
    try cut(format.code, to: 0.6) { clip, whole, path in
      expectStart(clip, of: whole, path: path, promised: 3)
      #expect(clip.warnings.first?.description.contains("3.00 s") == true)
    }
  }

  @Test func mp3() throws {
    try cut(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, to: 0.6) { clip, whole, path in
      expectStart(clip, of: whole, path: path, promised: 3, tolerance: 1e-6)
    }
  }

  @Test func opus() throws {
    try cut(SF_FORMAT_OGG | SF_FORMAT_OPUS, to: 0.6) { clip, whole, path in
      expectStart(clip, of: whole, path: path, promised: nil)
    }
  }

  @Test func oggCutBetweenPages() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/whole"
      try encode(planted, sampleRate: rate, as: SF_FORMAT_OGG | SF_FORMAT_OPUS, to: path)
      let whole = try AudioClip(contentsOf: path)
      let file = try contents(of: path)
      let lastPage = try #require(
        file.indices.last { file[$0...].starts(with: Array("OggS".utf8)) })
      try withFile(Array(file[..<lastPage])) { path in
        expectStart(try AudioClip(contentsOf: path), of: whole, path: path, promised: nil)
        let properties = try AudioProperties(ofFileAt: path)
        #expect(properties.frameCount < planted.count)
      }
    }
  }

  @Test func lengthOfACutOggFileIsCounted() throws {
    try cut(SF_FORMAT_OGG | SF_FORMAT_OPUS, to: 0.7) { clip, _, path in
      let properties = try AudioProperties(ofFileAt: path)
      #expect(properties.frameCount == clip.samples.count)
    }
  }

  @Test func damageWithinFlac() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/damaged.flac"
      try encode(planted, sampleRate: rate, as: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, to: path)
      var file = try contents(of: path)
      for index in file.count / 2..<file.count / 2 + 50 { file[index] = 0xAA }
      try withFile(file) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.samples.count == planted.count)
        guard case .damaged(path, 1, let offset, let seconds)? = clip.warnings.first else {
          Issue.record("\(clip.warnings)")
          return
        }
        #expect((1...2).contains(offset) && seconds < 0.5)
      }
    }
  }

  @Test func flacOfUnknownLengthIsWhole() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/piped.flac"
      try encode(planted, sampleRate: rate, as: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, to: path)
      var file = try contents(of: path)
      // The number of samples is the last 36 of the first 144 bits of STREAMINFO, at byte 8.
      file[21] &= 0xF0
      for index in 22..<26 { file[index] = 0 }
      try withFile(file) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.samples.count == planted.count)
        #expect(clip.warnings == [])
        #expect(try AudioProperties(ofFileAt: path).frameCount == planted.count)
      }
    }
  }

  @Test func waveThatClaimsMore() throws {
    let file = wave(pcm16([1, 2, 3, 4]), statedByteCount: 16_000)
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples.count == 4)
      #expect(clip.warnings == [.truncated(path: path, read: 0.000_25, promised: 0.5)])
      #expect(try AudioProperties(ofFileAt: path).frameCount == 4)
    }
    let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(piped.samples.count == 4)
    #expect(piped.warnings == [.truncated(path: "-", read: 0.000_25, promised: 0.5)])
  }

  @Test(arguments: [0xFFFF_FFFF, 0x7FFF_F000, 0x8000_0000] as [UInt32])
  func waveOfUnknownLengthIsWhole(stated: UInt32) throws {
    let file = wave(pcm16([1, 2, 3, 4]), statedByteCount: stated)
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples.count == 4)
      #expect(clip.warnings == [])
    }
    let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(piped.samples.count == 4)
    #expect(piped.warnings == [])
  }

  /// Four frames, and the 64-bit length of RF64 in front of them.
  private func longWave(stated: UInt64) -> [UInt8] {
    let sizes = bytes(stated &+ 72) + bytes(stated) + bytes(stated / 2) + bytes(UInt32(0))
    let chunk = Array("ds64".utf8) + bytes(UInt32(sizes.count)) + sizes
    var file = wave(pcm16([1, 2, 3, 4]), statedByteCount: .max, chunksBefore: chunk)
    file.replaceSubrange(0..<8, with: Array("RF64".utf8) + bytes(UInt32.max))
    return file
  }

  @Test(arguments: [(8, nil), (16_000, 0.5), (1 << 40, 34_359_738.368)] as [(UInt64, Double?)])
  func longLengthOfRF64(stated: UInt64, promised: Double?) throws {
    let file = longWave(stated: stated)
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
      for (clip, path) in [(clip, path), (piped, "-")] {
        #expect(clip.samples.count == 4)
        let warning = promised.map {
          AudioWarning.truncated(path: path, read: 0.000_25, promised: $0)
        }
        #expect(clip.warnings == (warning.map { [$0] } ?? []))
      }
    }
  }

  @Test func impossibleLengthOfRF64() throws {
    let file = longWave(stated: .max)
    let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(piped.samples.count == 4)
    try withFile(file) { path in
      _ = #expect(throws: AudioError.damaged(path: path, format: "WAV")) {
        _ = try AudioClip(contentsOf: path)
      }
    }
  }

  /// A recorder that was killed leaves a length of 0 behind.
  @Test func waveThatWasNeverFinished() throws {
    let samples = (0..<20_000).map { Int16($0) }
    let file = wave(pcm16(samples), channels: 2, statedByteCount: 0)
    try withFile(file) { path in
      let options = AudioOptions(channel: .index(1))
      let clip = try AudioClip(contentsOf: path, options: options)
      let wanted = stride(from: 1, to: 20_000, by: 2).map { Float($0) / 32_768 }
      #expect(largestDifference(clip.samples, wanted) == 0)
      #expect(
        clip.warnings == [.truncated(path: path, read: clip.duration, promised: nil)])
      let segment = try AudioClip(contentsOf: path, options: options, offset: 0.25, duration: 0.1)
      #expect(largestDifference(segment.samples, Array(wanted[4_000..<5_600])) == 0)
    }
    let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(piped.samples.count == 10_000)
  }

  @Test func chunksAroundTheSoundAreNotSound() throws {
    let list = Array("LIST".utf8) + bytes(UInt32(5)) + Array("abcde\0".utf8)
    let file = wave(pcm16([1, 2, 3, 4]), chunksBefore: list, chunksAfter: list)
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples.count == 4)
      #expect(clip.warnings == [])
    }
    let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(piped.samples.count == 4)
  }
}

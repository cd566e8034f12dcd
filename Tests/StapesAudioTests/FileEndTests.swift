import CSndFile
import StapesAudio
import TestSupport
import Testing

/// Where the sound of a file begins and ends, whatever bytes lie around and in it.
@Suite struct FileEndTests {
  private static let formats = JoinedFileTests.formats
  private static let wave64 = SF_FORMAT_W64 | SF_FORMAT_PCM_16
  private static let caf = SF_FORMAT_CAF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE

  private func file(
    _ code: Int, _ samples: [Float] = sine(440, sampleRate: 16_000, count: 20_001)
  ) throws -> (file: [UInt8], samples: [Float]) {
    try withTemporaryFolder { folder in
      let path = "\(folder)/part"
      try encode(samples, sampleRate: 16_000, as: code, to: path)
      return (try contents(of: path), try AudioClip(contentsOf: path).samples)
    }
  }

  @Test(arguments: formats, [511, 512, 3_001, 300_000])
  func zerosInFront(format: SoundFormat, count: Int) throws {
    let (file, samples) = try file(format.code)
    try withFile([UInt8](repeating: 0, count: count) + file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, samples) < 1e-4)
      #expect(clip.warnings == [])
    }
  }

  @Test(arguments: formats) func zerosBetween(format: SoundFormat) throws {
    let (first, second) = (try file(format.code), try file(Self.formats[4].code))
    try withFile(first.file + [UInt8](repeating: 0, count: 3_000) + second.file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, first.samples + second.samples) < 1e-4)
      #expect(clip.warnings == [])
    }
  }

  @Test func zerosInFrontOfNothing() throws {
    for (rest, words) in [([], "nothing but zero bytes"), (Array("door".utf8), "nothing that is")] {
      try withFile([UInt8](repeating: 0, count: 4_000) + rest) { path in
        do throws(AudioError) {
          _ = try AudioClip(contentsOf: path)
          Issue.record("it is no sound")
        } catch {
          #expect(error.description.contains(words))
        }
      }
    }
  }

  /// A file of another kind between two of Ogg, each behind a whole page.
  @Test(arguments: [0, 3, 4, 7]) func othersBetweenOgg(other: Int) throws {
    let (ogg, between) = (try file(Self.formats[1].code), try file(Self.formats[other].code))
    try withFile(ogg.file + between.file + ogg.file) { path in
      let clip = try AudioClip(contentsOf: path)
      let expected = ogg.samples + between.samples + ogg.samples
      #expect(largestDifference(clip.samples, expected) < 1e-4)
      #expect(clip.warnings == [])
    }
  }

  /// Sound whose samples have the bytes of a file.
  @Test(arguments: [wave64, caf, SF_FORMAT_WAV | SF_FORMAT_PCM_16])
  func soundThatLooksLikeAFile(code: Int) throws {
    let inner = wave(pcm16((0..<500).map { Int16($0) }))
    let numbers = stride(from: 0, to: inner.count, by: 2).map {
      Int16(truncatingIfNeeded: Int(inner[$0]) | Int(inner[$0 + 1]) << 8)
    }
    let planted = [Int16](repeating: 9, count: 5_000) + numbers
    let (file, samples) = try file(code, planted.map { Float($0) / 32_768 })
    #expect(file.contains(inner.prefix(100)))
    #expect(samples == planted.map { Float($0) / 32_768 })
  }

  @Test(arguments: [wave64, caf]) func bytesBehindTheSoundAreNone(code: Int) throws {
    let (file, samples) = try file(code)
    let tag = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    let junk = Array(repeating: Array("junkjunk".utf8), count: 300).joined()
    for (rest, count) in [(tag, 0), (Array(junk), junk.count)] {
      try withFile(file + rest) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.samples == samples)
        #expect(clip.warnings == (count == 0 ? [] : [.unread(path: path, byteCount: count)]))
      }
    }
  }

  @Test(arguments: [wave64, caf]) func cutSoundIsToldOf(code: Int) throws {
    let (file, samples) = try file(code)
    try withFile(Array(file.dropLast(10_000))) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect((14_900...15_002).contains(clip.samples.count))
      #expect(clip.samples == Array(samples.prefix(clip.samples.count)))
      guard case .truncated(path, _, _)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
    }
  }

  @Test func soundThatIsStillWritten() throws {
    let whole = try file(Self.caf)
    var file = whole.file
    let data = try #require(file.indices.first { file[$0...].starts(with: "data".utf8) })
    file.replaceSubrange(data + 4..<data + 12, with: repeatElement(0xFF, count: 8))
    let other = try self.file(SF_FORMAT_WAV | SF_FORMAT_PCM_16)
    for (rest, more) in [([], []), (other.file, other.samples)] {
      try withFile(file + rest) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.samples == whole.samples + more)
        #expect(clip.warnings == [])
      }
    }
  }

  /// Lengths that nothing could have.
  @Test(arguments: [wave64, caf], [UInt8(0), 1, 0x3F, 0x7F, 0x80, 0xFF])
  func absurdLengths(code: Int, byte: UInt8) throws {
    let (file, _) = try file(code)
    for name in ["fmt ", "desc", "chan", "fact", "free", "data"] {
      guard let chunk = file.indices.first(where: { file[$0...].starts(with: name.utf8) }) else {
        continue
      }
      var damaged = file
      let length = chunk + (code == Self.caf ? 4 : 16)
      damaged[length + (code == Self.caf ? 0 : 7)] = byte
      try withFile(damaged) { path in
        if let clip = try? AudioClip(contentsOf: path) { #expect(clip.samples.count <= 20_001) }
      }
    }
  }

  @Test func cutLayerTwoIsToldOf() throws {
    let frame = [0xFF, 0xFD, 0x84, 0xC0] + [UInt8](repeating: 0, count: 380)
    let file = Array((0..<20).map { _ in frame }.joined())
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.warnings == [])
    }
    try withFile(Array(file.dropLast(100))) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.warnings == [.truncated(path: path, read: clip.duration, promised: nil)])
    }
  }
}

extension [UInt8] {
  /// Whether some bytes stand anywhere among these.
  fileprivate func contains(_ pattern: ArraySlice<UInt8>) -> Bool {
    indices.contains { self[$0...].starts(with: pattern) }
  }
}

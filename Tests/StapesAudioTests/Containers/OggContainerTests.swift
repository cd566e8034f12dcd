import CSndFile
import StapesAudio
import TestSupport
import Testing

/// FLAC in Ogg, and Ogg with several streams.
@Suite struct OggContainerTests {
  private let planted = sine(440, sampleRate: 16_000, count: 60_000)

  private func file(_ code: Int) throws -> (bytes: [UInt8], samples: [Float]) {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      try encode(planted, sampleRate: 16_000, as: code, to: path)
      return (try contents(of: path), try AudioClip(contentsOf: path).samples)
    }
  }

  /// A page of Ogg (RFC 3533) around content of less than 64 KiB.
  private func page(
    _ content: ArraySlice<UInt8>, number: Int, serial: UInt32 = 7, flags: UInt8 = 0
  ) -> [UInt8] {
    let lengths =
      [UInt8](repeating: 255, count: content.count / 255) + [UInt8(content.count % 255)]
    var page = Array("OggS".utf8) + [0, flags] + bytes(UInt64(0)) + bytes(serial)
    page += bytes(UInt32(number)) + bytes(UInt32(0)) + [UInt8(lengths.count)] + lengths + content
    var sum: UInt32 = 0
    for byte in page {
      sum ^= UInt32(byte) << 24
      for _ in 0..<8 { sum = sum & 0x8000_0000 == 0 ? sum << 1 : sum << 1 ^ 0x04C1_1DB7 }
    }
    page.replaceSubrange(22..<26, with: bytes(sum))
    return page
  }

  /// Native FLAC in pages, by the mapping of xiph.org.
  private func packed(_ flac: [UInt8], serial: UInt32 = 7) -> [UInt8] {
    let head = [0x7F] + Array("FLAC".utf8) + [1, 0, 0, 1] + flac[..<42]
    var file = page(head[...], number: 0, serial: serial, flags: 2)
    let starts = Array(stride(from: 42, to: flac.count, by: 4_000))
    for (index, start) in starts.enumerated() {
      file += page(
        flac[start..<min(start + 4_000, flac.count)], number: index + 1, serial: serial,
        flags: index == starts.count - 1 ? 4 : 0)
    }
    return file
  }

  @Test func flacInOgg() throws {
    let flac = try file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
    let ogg = packed(flac.bytes)
    try withFile(ogg) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == flac.samples)
      #expect(clip.warnings == [])
    }
    try withFile(ogg + packed(flac.bytes, serial: 9)) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == flac.samples + flac.samples)
    }
  }

  @Test func damagedFlacInOgg() throws {
    let flac = try file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
    let ogg = packed(flac.bytes)
    var overwritten = ogg
    for index in ogg.count / 2..<ogg.count / 2 + 50 { overwritten[index] = 0xAA }
    var shortened = ogg
    shortened.removeSubrange(ogg.count / 2..<ogg.count / 2 + 3_000)
    // Where the lengths in a header are damaged, the page ends elsewhere.
    var stretched = ogg
    let header = ogg.indices.last {
      $0 < ogg.count / 2 && ogg[$0...].starts(with: Array("OggS".utf8))
    }
    let lengths = try #require(header) + 27
    for index in lengths..<lengths + 13 { stretched[index] = 0xAA }
    for damaged in [overwritten, shortened, stretched] {
      try withFile(damaged) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.samples.count == flac.samples.count)
        #expect(clip.samples.suffix(16_000) == flac.samples.suffix(16_000))
        #expect(clip.warnings.count == 1)
        let wrong = zip(clip.samples, flac.samples).count { $0 != $1 }
        #expect((1...30_000).contains(wrong))
      }
    }
  }

  @Test func streamBesideAnother() throws {
    let opus = try file(SF_FORMAT_OGG | SF_FORMAT_OPUS)
    let (first, rest) = (page([], number: 0).count, opus.bytes)
    // The page that begins the sound has one segment; pages of a video go before and behind it.
    let end = 28 + Int(rest[27])
    #expect(first > 0 && rest[26] == 1)
    let video = Array([0x80] + Array("theora".utf8) + [3, 2, 1])
    let mixed =
      page(video[...], number: 0, serial: 99, flags: 2) + rest[..<end]
      + page([1, 2, 3], number: 1, serial: 99) + rest[end...]
      + page([4, 5, 6], number: 2, serial: 99, flags: 4)
    try withFile(mixed) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == opus.samples)
    }
  }
}

import CSndFile
import StapesAudio
import TestSupport
import Testing

/// MP3 files without the header frame in which encoders count the frames.
@Suite struct MPEGTests {
  private let rate = 16_000
  /// Silence, then sound: the bit rate of the first frame tells nothing about the others.
  private let planted =
    [Float](repeating: 0, count: 16_000)
    + sine(440, sampleRate: 16_000, count: 48_000)

  private func withHeaderless(_ body: ([UInt8], AudioClip) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound.mp3"
      let code = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
      try encode(planted, sampleRate: rate, as: code, to: path)
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples.count == planted.count)
      let file = try contents(of: path)
      #expect(file[13..<17].elementsEqual("Xing".utf8))
      let second = try #require(
        file.indices.dropFirst(4).first { file[$0] == 0xFF && file[$0 + 1] == file[1] })
      try body(Array(file[second...]), clip)
    }
  }

  /// Without the header, nothing tells the encoder's delay and padding, so both are sound.
  private func expectWhole(_ path: String, _ clip: AudioClip) throws {
    let headerless = try AudioClip(contentsOf: path)
    let extra = headerless.samples.count - clip.samples.count
    try #require((0...3 * 576).contains(extra))
    let delays = 0...extra
    let best = delays.map { delay in
      rootMeanSquareDifference(
        Array(headerless.samples[delay..<delay + clip.samples.count]), clip.samples)
    }.min()
    #expect(try #require(best) < 1e-3)
    #expect(headerless.warnings == [])
    #expect(try AudioProperties(ofFileAt: path).frameCount == headerless.samples.count)
  }

  @Test func framesAreCounted() throws {
    try withHeaderless { file, clip in
      try withFile(file, named: "sound.mp3") { try expectWhole($0, clip) }
    }
  }

  @Test func tagsAreNotSound() throws {
    try withHeaderless { file, clip in
      let size: UInt32 = 300
      let front =
        Array("ID3".utf8) + [3, 0, 0, 0, 0, UInt8(size >> 7), UInt8(size & 0x7F)]
        + [UInt8](repeating: 0xFF, count: Int(size))
      let back = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
      try withFile(front + file + back, named: "sound.mp3") { try expectWhole($0, clip) }
    }
  }

  @Test func cutFrameIsReported() throws {
    try withHeaderless { file, clip in
      try withFile(Array(file.dropLast(20)), named: "sound.mp3") { path in
        let cut = try AudioClip(contentsOf: path)
        #expect(cut.samples.count > clip.samples.count * 9 / 10)
        #expect(cut.warnings == [.truncated(path: path, read: cut.duration, promised: nil)])
      }
    }
  }
}

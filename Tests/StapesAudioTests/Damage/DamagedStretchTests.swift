import CSndFile
import StapesAudio
import TestSupport
import Testing

/// Damage in the middle of a file: what lies behind it is read, at its time.
@Suite struct DamagedStretchTests {
  private let rate = 16_000
  /// A tone that becomes another one, so that a shift in time shows.
  private let planted =
    sine(440, sampleRate: 16_000, count: 48_000) + sine(1_000, sampleRate: 16_000, count: 48_000)

  /// Encodes the tones, alters the bytes, and reads both.
  private func altered(
    _ code: Int, _ alter: (inout [UInt8]) -> Void,
    _ check: (_ clip: AudioClip, _ whole: AudioClip, _ path: String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/whole"
      try encode(planted, sampleRate: rate, as: code, to: path)
      let whole = try AudioClip(contentsOf: path)
      var file = try contents(of: path)
      alter(&file)
      try withFile(file) { try check(AudioClip(contentsOf: $0), whole, $0) }
    }
  }

  private func expectRest(_ clip: AudioClip, _ whole: AudioClip, _ path: String) {
    guard case .damaged(path, 1, let offset, let seconds)? = clip.warnings.first else {
      Issue.record("\(clip.warnings)")
      return
    }
    #expect((0.5...3).contains(offset) && (0.01...0.6).contains(seconds))
    // One tone becomes the other when it did, to some hundredths of a second.
    let change = Array(whole.samples[47_000..<49_500])
    let best = (-1_200...1_200).map { shift in
      rootMeanSquareDifference(change, Array(clip.samples[47_000 + shift..<49_500 + shift]))
    }.min()
    #expect(best.map { $0 < 1e-2 } == true)
  }

  /// Bytes that are not zero and follow no pattern of a header.
  private let noise = (0..<700).map {
    UInt8(truncatingIfNeeded: $0 &* $0 &* 13 &+ $0 >> 2 &+ 7) & 0x7F
  }

  @Test func overwrittenMP3() throws {
    let code = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    try altered(code) { file in
      let start = file.count * 2 / 5
      file.replaceSubrange(start..<start + noise.count, with: noise)
    } _: { clip, whole, path in
      guard case .damaged(path, 1, _, _)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
      // How long it was is known from the rate of the bytes before it only.
      #expect(abs(clip.duration - whole.duration) < 1)
      let end = clip.samples.suffix(16_000)
      #expect(end.contains { $0 > 0.4 } && end.contains { $0 < -0.4 })
    }
  }

  @Test func insertedAndMissingMP3() throws {
    let code = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    try altered(code) { file in
      file.insert(contentsOf: noise, at: file.count * 2 / 5)
    } _: { clip, _, path in
      #expect(clip.duration > 5.8)
    }
    try altered(code) { file in
      file.removeSubrange(file.count * 2 / 5..<file.count * 2 / 5 + 333)
    } _: { clip, _, path in
      #expect(clip.duration > 5.5)
      #expect(!clip.warnings.isEmpty)
    }
  }

  @Test func overwrittenFLAC() throws {
    try altered(SF_FORMAT_FLAC | SF_FORMAT_PCM_16) { file in
      for index in file.count * 2 / 5..<file.count * 2 / 5 + 50 { file[index] = 0xAA }
    } _: { clip, whole, path in
      #expect(clip.samples.count == whole.samples.count)
      let wrong = zip(clip.samples, whole.samples).enumerated().filter { $1.0 != $1.1 }.map(
        \.offset)
      let (first, last) = (wrong.first ?? 0, wrong.last ?? 0)
      #expect(first > 16_000 && last < 64_000 && last - first < 9_000)
      expectRest(clip, whole, path)
    }
  }

  /// What is told to be lost is what is lost, wherever it lies; all else is as it was, at its time.
  @Test(arguments: [0.2, 0.45, 0.7, 0.9], [-3_000, -7, 0, 3_000])
  func damageOfFLACIsToldWhereItIs(share: Double, added: Int) throws {
    try altered(SF_FORMAT_FLAC | SF_FORMAT_PCM_16) { file in
      let place = Int(Double(file.count) * share)
      switch added {
      case 0: file[place] ^= 0x10
      case 1...: file.insert(contentsOf: (0..<added).map { noise[$0 % noise.count] }, at: place)
      default: file.removeSubrange(place..<place - added)
      }
    } _: { clip, whole, path in
      try #require(clip.samples.count == whole.samples.count)
      guard case .damaged(path, 1, let offset, let seconds)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
      #expect(clip.warnings.count == 1)
      let lost = Int((offset * 16_000).rounded())..<Int(((offset + seconds) * 16_000).rounded())
      #expect(lost.count >= 4_000 && lost.count < 20_000)
      for index in whole.samples.indices where !lost.contains(index) {
        try #require(clip.samples[index] == whole.samples[index], "sample \(index), \(lost)")
      }
      #expect(clip.samples[lost].allSatisfy { $0 == 0 })
    }
  }

  /// A later part that is damaged, of another rate.
  @Test func damagedSecondOfTwo() throws {
    let first = wave(pcm16([Int16](repeating: 0, count: 8_000)), rate: 8_000)
    try altered(SF_FORMAT_FLAC | SF_FORMAT_PCM_16) { file in
      file[file.count / 2] ^= 0x10
      file = first + file
    } _: { clip, whole, path in
      #expect(abs(clip.samples.count - 8_000 - whole.samples.count / 2) <= 1)
      #expect(clip.samples.suffix(8_000).contains { $0 > 0.4 })
      guard case .damaged(path, 1, let offset, _)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
      #expect((2...6).contains(offset))
    }
  }

  /// What the decoder of MP3 writes to the stream for errors is told as damage.
  @Test func damagedFramesOfMP3() throws {
    DecoderMessages.keep()
    try altered(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III) { file in
      // The lengths in the side information of some frames, behind their headers.
      let middle = file.count / 2
      if let start = file[middle...].firstIndex(of: 0xFF) {
        for index in start + 5..<start + 12 { file[index] = 0xFF }
      }
    } _: { clip, whole, path in
      #expect(clip.samples.count == whole.samples.count)
      guard case .damaged(path, _, let offset, let seconds)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
      #expect((1.5...4).contains(offset) && seconds < 0.5)
    }
  }

  @Test func missingBytesOfFLAC() throws {
    try altered(SF_FORMAT_FLAC | SF_FORMAT_PCM_16) { file in
      file.removeSubrange(file.count * 2 / 5..<file.count * 2 / 5 + 3_000)
    } _: { clip, whole, path in
      #expect(clip.samples.count == whole.samples.count)
      #expect(clip.samples.suffix(16_000) == whole.samples.suffix(16_000))
    }
  }

  @Test func damagedFirstOfTwo() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/whole"
      try encode(
        planted, sampleRate: rate, as: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, to: path)
      let whole = try AudioClip(contentsOf: path).samples
      let file = try contents(of: path)
      var damaged = file
      for index in file.count / 2..<file.count / 2 + 50 { damaged[index] = 0xAA }
      try withFile(damaged + file) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.samples.count == 2 * whole.count)
        #expect(Array(clip.samples.suffix(whole.count)) == whole)
      }
    }
  }
}

import CSndFile
import StapesAudio
import TestSupport
import Testing

@Suite struct SegmentTests {
  private let planted = sine(441, sampleRate: 16_000, count: 48_000)

  @Test(
    arguments: [
      (SoundFormat(name: "WAV", code: SF_FORMAT_WAV | SF_FORMAT_PCM_16), 0),
      (SoundFormat(name: "FLAC", code: SF_FORMAT_FLAC | SF_FORMAT_PCM_16), 0),
      (SoundFormat(name: "Ogg Vorbis", code: SF_FORMAT_OGG | SF_FORMAT_VORBIS), 1e-6),
      // The decoder has some memory beyond what it decodes ahead of the goal.
      (SoundFormat(name: "Ogg Opus", code: SF_FORMAT_OGG | SF_FORMAT_OPUS), 0.005),
      (SoundFormat(name: "MP3", code: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III), 1e-6),
    ] as [(SoundFormat, Float)])
  func segmentIsAPartOfTheWhole(format: SoundFormat, tolerance: Float) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      try encode(planted, sampleRate: 16_000, as: format.code, to: path)
      let whole = try AudioClip(contentsOf: path).samples
      try #require(whole.count == planted.count)
      for (offset, duration) in [(0, 0.5), (0.25, 1), (1.000_03, 0.01), (2.5, 0.5)] {
        let clip = try AudioClip(contentsOf: path, offset: offset, duration: duration)
        let first = Int((offset * 16_000).rounded())
        let wanted = Array(whole[first..<first + Int((duration * 16_000).rounded())])
        #expect(largestDifference(clip.samples, wanted) <= tolerance)
        #expect(clip.warnings == [])
      }
      let rest = try AudioClip(contentsOf: path, offset: 2.75)
      #expect(largestDifference(rest.samples, Array(whole[44_000...])) <= tolerance)
      let piped = try withPipe(contents(of: path)) {
        try AudioClip(SoundFile(fileDescriptor: $0, offset: 1, duration: 0.25))
      }
      #expect(largestDifference(piped.samples, Array(whole[16_000..<20_000])) <= tolerance)
    }
  }

  @Test func segmentIsResampledByItself() throws {
    try withFile(wave(pcm16((0..<16_000).map { Int16($0 % 200) }))) { path in
      let options = AudioOptions(sampleRate: 8_000)
      let clip = try AudioClip(contentsOf: path, options: options, offset: 0.25, duration: 0.5)
      let source = try AudioClip(contentsOf: path, offset: 0.25, duration: 0.5)
      let wanted = try Resampler.resample(source.samples, from: 16_000, to: 8_000)
      #expect(largestDifference(clip.samples, wanted) == 0)
      #expect(clip.duration == 0.5)
    }
  }

  @Test func endsOfFilesAreRespected() throws {
    try withFile(wave(pcm16([Int16](repeating: 1, count: 16_000)))) { path in
      let rounded = try AudioClip(contentsOf: path, offset: 0.5, duration: 0.55)
      #expect(rounded.samples.count == 8_000)
      #expect(rounded.warnings == [])
      let short = try AudioClip(contentsOf: path, offset: 0.5, duration: 2)
      #expect(short.samples.count == 8_000)
      #expect(short.warnings == [.segmentCutShort(path: path, read: 0.5, asked: 2)])
      #expect(short.warnings.first?.description.contains("0.50 s of 2.00 s") == true)
      let exact = try AudioClip(contentsOf: path, offset: 0, duration: 1)
      #expect(exact.samples.count == 16_000)
    }
  }

  @Test func segmentsOutsideAreRefused() throws {
    let file = wave(pcm16([Int16](repeating: 1, count: 16_000)))
    try withFile(file) { path in
      for offset in [1, 1.5, 1e12, 1e300] {
        let error = #expect(throws: AudioError.self) {
          _ = try AudioClip(contentsOf: path, offset: offset)
        }
        guard case .segmentOutsideFile(path, _, 1) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
    let raw = AudioOptions(rawFormat: try RawFormat(parsing: "u8:8000"))
    for offset in [1, 1.5] {
      #expect(throws: AudioError.segmentOutsideFile(path: "-", offset: offset, fileDuration: 1)) {
        try withPipe([UInt8](repeating: 128, count: 8_000)) {
          _ = try AudioClip(SoundFile(fileDescriptor: $0, options: raw, offset: offset))
        }
      }
    }
  }

  @Test(
    arguments: [
      (-1, nil), (.nan, nil), (.infinity, nil), (0, 0), (0, -1), (0, .nan), (0, 1e-9),
    ] as [(Double, Double?)])
  func impossibleSegmentsAreRefused(offset: Double, duration: Double?) throws {
    try withFile(wave(pcm16([1, 2, 3]))) { path in
      let error = #expect(throws: AudioError.self) {
        _ = try AudioClip(contentsOf: path, offset: offset, duration: duration)
      }
      guard case .invalidSegment(path, _, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}

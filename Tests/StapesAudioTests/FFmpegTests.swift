import Foundation
import StapesAudio
import TestSupport
import Testing

/// Sound that another program decodes; a script stands for it.
@Suite struct FFmpegTests {
  private let phone = [0, 0, 0, 32] + Array("ftypM4A isom".utf8) + [UInt8](repeating: 7, count: 99)
  private let planted = sine(440, sampleRate: 16_000, count: 30_000)

  /// Runs the body with a file of a telephone and with a program that is a script, in whose folder
  /// `out.wav` is what it may write.
  private func withProgram(
    _ lines: String,
    _ body: (_ path: String, _ options: AudioOptions, _ folder: String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let samples = pcm16(planted.map { Int16($0 * 32_767) })
      try Data(wave(samples, statedByteCount: .max))
        .write(to: URL(filePath: "\(folder)/out.wav"))
      try Data(phone).write(to: URL(filePath: "\(folder)/clip.m4a"))
      let program = "\(folder)/decoder"
      let text = "#!/bin/sh\ncd '\(folder)'\n\(lines)\n"
      try installProgram(text, at: program)
      try body("\(folder)/clip.m4a", AudioOptions(ffmpeg: program), folder)
    }
  }

  @Test func whatItWritesIsTheSound() throws {
    try withProgram("cat > in; cat out.wav") { path, options, folder in
      let clip = try AudioClip(contentsOf: path, options: options)
      #expect(largestDifference(clip.samples, planted) < 1e-3)
      #expect(clip.warnings == [])
      #expect(try contents(of: "\(folder)/in") == phone)
      #expect(try AudioProperties(ofFileAt: path, options: options).frameCount == planted.count)
      let segment = try AudioClip(contentsOf: path, options: options, offset: 1, duration: 0.5)
      #expect(largestDifference(segment.samples, Array(planted[16_000..<24_000])) < 1e-3)
    }
  }

  @Test func itsErrorIsOneSentence() throws {
    try withProgram("echo noise >&2; echo moov atom not found >&2; exit 1") { path, options, _ in
      let error = AudioError.notDecodedByFFmpeg(
        path: path, kind: "MPEG-4 (M4A, MP4)", reason: "moov atom not found")
      #expect(throws: error) { _ = try AudioClip(contentsOf: path, options: options) }
      #expect(error.description.contains("moov atom not found"))
    }
  }

  @Test(arguments: [0, 3]) func whatItWroteDespiteAnErrorIsUsed(status: Int) throws {
    try withProgram("cat out.wav; echo broken frame >&2; exit \(status)") { path, options, _ in
      let clip = try AudioClip(contentsOf: path, options: options)
      #expect(clip.samples.count == planted.count)
      #expect(clip.warnings == [.decoderFailed(path: path, reason: "broken frame")])
    }
  }

  /// Where a script writes its number, and that of a child that it has.
  private let hanging = "sleep 1000 & echo $! > child; echo $$ > pid"

  /// Expects that nothing runs any more of what wrote its number into a folder.
  private func expectKilled(in folder: String) throws {
    for name in ["pid", "child"] {
      let text = String(decoding: try contents(of: "\(folder)/\(name)"), as: UTF8.self)
      let identifier = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      // What is killed takes a moment, and may then wait for its parent to ask.
      let isGone = (0..<1_000_000).contains { _ in
        let status = (try? contents(of: "/proc/\(identifier)/stat")) ?? []
        return status.isEmpty || status.contains(UInt8(ascii: "Z"))
      }
      #expect(isGone, "\(name)")
    }
  }

  @Test func itIsKilledWithItsJob() throws {
    try withProgram("\(hanging); cat out.wav; wait") { path, options, folder in
      do {
        var sound = try SoundFile(contentsOf: path, options: options)
        #expect(try sound.read(frameCount: 100).count == 100)
      }
      try expectKilled(in: folder)
    }
  }

  /// However much it has written: nothing, a part of the header or of a sample, or all but its end.
  @Test(arguments: ["", "head -c 21 out.wav", "head -c 1001 out.wav", "cat out.wav"])
  func itIsWaitedForAsLongAsIsAllowed(_ written: String) throws {
    try withProgram("\(hanging)\n\(written)\nwait") { path, options, folder in
      var options = options
      options.timeout = 0.3
      let error = AudioError.timedOut(path: path, seconds: 0.3)
      #expect(throws: error) { _ = try AudioClip(contentsOf: path, options: options) }
      #expect(throws: error) { _ = try AudioProperties(ofFileAt: path, options: options) }
      try expectKilled(in: folder)
    }
  }

  @Test(arguments: ["", "head -c 1001 out.wav"])
  func itIsNotWaitedForOnceTheTaskIsCancelled(_ written: String) async throws {
    try await withTemporaryFolder { folder in
      let program = "\(folder)/decoder"
      try Data(wave(pcm16([1, 2, 3]), statedByteCount: .max))
        .write(to: URL(filePath: "\(folder)/out.wav"))
      try installProgram(
        "#!/bin/sh\ncd '\(folder)'\n\(written)\nexec sleep 1000\n", at: program)
      try Data(phone).write(to: URL(filePath: "\(folder)/clip.m4a"))
      let path = "\(folder)/clip.m4a"
      let reading = Task {
        while !Task.isCancelled { await Task.yield() }
        return Result { try AudioClip(contentsOf: path, options: AudioOptions(ffmpeg: program)) }
      }
      reading.cancel()
      let result = await reading.value
      #expect(throws: AudioError.cancelled(path: path)) { _ = try result.get() }
    }
  }

  @Test func whatStaysAfterItsOutputIsKilled() throws {
    let hanging = "sleep 1000 >&- & echo $! > child; echo $$ > pid"
    try withProgram("\(hanging); cat out.wav; exec >&-; wait") { path, options, folder in
      let clip = try AudioClip(contentsOf: path, options: options)
      #expect(clip.samples.count == planted.count)
      #expect(clip.warnings == [])
      try expectKilled(in: folder)
    }
  }

  @Test func withoutItTheSentenceNamesTheCommand() throws {
    try withFile(phone, named: "clip.m4a") { path in
      for program in [nil, "/nowhere/ffmpeg", "no-such-ffmpeg"] {
        let error = AudioError.unsupportedAudio(path: path, kind: "MPEG-4 (M4A, MP4)")
        #expect(throws: error) {
          _ = try AudioClip(contentsOf: path, options: AudioOptions(ffmpeg: program))
        }
        #expect(error.description.contains("ffmpeg -i"))
      }
    }
  }

  @Test(
    arguments: [
      (0x45, "G.726"), (0x64, "G.726"), (0x50, "MPEG audio (MP2)"), (0x55, "MPEG audio (MP3)"),
      (0x83, "G.729A"), (0x22, "DSP Group TrueSpeech"), (0xFF, "AAC"),
      (0x161, "Windows Media Audio"),
      (0x1234, "an unknown codec (format tag 0x1234)"), (0x65, "G.722"), (0x2000, "Dolby AC-3"),
    ] as [(UInt16, String)])
  func codecsInWAVAreNamed(tag: UInt16, name: String) throws {
    try withFile(wave(pcm16([1, 2, 3, 4]), bits: 4, tag: tag)) { path in
      _ = #expect(throws: AudioError.unsupportedAudio(path: path, kind: "WAV with \(name)")) {
        _ = try AudioClip(contentsOf: path, options: AudioOptions(ffmpeg: nil))
      }
    }
  }

  @Test func codecsInOtherContainersAreNamed() throws {
    let caf =
      Array("caff".utf8) + [0, 1, 0, 0] + Array("desc".utf8) + [0, 0, 0, 0, 0, 0, 0, 32]
      + [UInt8](repeating: 0, count: 8) + Array("aac ".utf8) + [UInt8](repeating: 0, count: 60)
    let aiff =
      Array("FORM".utf8) + [0, 0, 0, 80] + Array("AIFCCOMM".utf8) + [0, 0, 0, 24]
      + [UInt8](repeating: 1, count: 18) + Array("MAC6".utf8) + [UInt8](repeating: 0, count: 40)
    for (file, kind) in [(caf, "CAF with AAC"), (aiff, "AIFF-C with MACE 6:1")] {
      _ = try withFile(file) { path in
        #expect(throws: AudioError.unsupportedAudio(path: path, kind: kind)) {
          _ = try AudioClip(contentsOf: path, options: AudioOptions(ffmpeg: nil))
        }
      }
    }
  }

  @Test func broadcastWave64() throws {
    let samples = (0..<2_000).map { Int16($0) }
    let sizes = bytes(UInt64(0)) + bytes(UInt64(4_000)) + bytes(UInt64(2_000)) + bytes(UInt32(0))
    let chunk = Array("ds64".utf8) + bytes(UInt32(sizes.count)) + sizes
    var file = wave(pcm16(samples), statedByteCount: .max, chunksBefore: chunk)
    file.replaceSubrange(0..<8, with: Array("BW64".utf8) + bytes(UInt32.max))
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == samples.map { Float($0) / 32_768 })
      #expect(clip.warnings == [])
    }
  }
}

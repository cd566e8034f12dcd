import FoundationEssentials
import StapesAudio
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

/// Calls with a speaker on each channel.
@Suite struct ChannelTranscriptTests {
  /// A WAV file of some channels, 16 bits; short ones are followed by silence.
  static func wave(_ channels: [[Float]], sampleRate: Int = 8000) -> Data {
    let count = channels.map(\.count).max() ?? 0
    func bytes(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let size = 2 * channels.count
    var file = Array("RIFF".utf8) + bytes(36 + count * size, 4) + Array("WAVEfmt ".utf8)
    file += bytes(16, 4) + bytes(1, 2) + bytes(channels.count, 2) + bytes(sampleRate, 4)
    file += bytes(sampleRate * size, 4) + bytes(size, 2) + bytes(16, 2)
    file += Array("data".utf8) + bytes(count * size, 4)
    for frame in 0..<count {
      for channel in channels {
        file += bytes(frame < channel.count ? Int(channel[frame] * 32_767) : 0, 2)
      }
    }
    return Data(file)
  }

  /// The sound of a text after some seconds of silence.
  static func late(_ text: String, by seconds: Double, sampleRate: Int = 8000) -> [Float] {
    [Float](repeating: 0, count: Int(seconds * Double(sampleRate)))
      + ToneLanguage.samples(saying: text, sampleRate: sampleRate)
  }

  func transcript(_ channels: [[Float]], options: RecognitionOptions? = nil) async throws
    -> Transcript
  {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model()),
      options: options ?? RecognitionOptions(splitsChannels: true))
    return try await withTemporaryFolder { folder in
      let path = folder + "/call.wav"
      try Self.wave(channels).write(to: URL(filePath: path))
      return try await recognizer.transcribe(contentsOf: path)
    }
  }

  @Test func `what is said in two channels is joined by time`() async throws {
    let first = Self.late("ab ", by: 0) + Self.late("c", by: 3)
    let call = try await transcript([first, Self.late("ba c", by: 1.5)])
    #expect(call.channels == [1, 2])
    #expect(call.turns.map(\.text) == ["[1] ab", "[2] ba c", "[1] c"])
    #expect(call.text == "[1] ab [2] ba c [1] c")
    let words = call.hypotheses[0].words
    #expect(words.map(\.text) == ["ab", "ba", "c", "c"])
    #expect(words.map(\.channel) == [1, 2, 2, 1])
    #expect(abs(words[1].start - 1.58) < 0.1 && call.warnings.isEmpty)
    // Mixed, they are one sound.
    let mixed = try await transcript(
      [first, Self.late("ba c", by: 1.5)], options: RecognitionOptions(wantsWords: true))
    #expect(mixed.channels.isEmpty && mixed.turns.isEmpty)
  }

  @Test func `each format tells the channels apart`() async throws {
    let call = try await transcript([Self.late("ab", by: 0), Self.late("ba", by: 1.5)])
    func text(_ format: TranscriptFormat) -> String { format.file(of: call, path: "call.wav") }
    #expect(text(.txt) == "[1] ab\n[2] ba\n")
    let vtt = try #require(FormatReaders.webVTT(text(.vtt).replacing(#/<v \d>/#, with: "")))
    #expect(vtt.map(\.lines) == [["ab"], ["ba"]])
    #expect(text(.vtt).contains("\n<v 1>ab\n") && text(.vtt).contains("\n<v 2>ba\n"))
    #expect(text(.srt).contains("\n[1] ab\n") && text(.srt).contains("\n[2] ba\n"))
    let ctm = text(.ctm).split(separator: "\n").map { $0.split(separator: " ") }
    #expect(ctm.map { "\($0[0]) \($0[1]) \($0[4])" } == ["call A ab", "call B ba"])
    let names = text(.textgrid).split(separator: "\n").filter { $0.contains("name = ") }
    #expect(
      names.map { $0.split(separator: "\"")[1] } == [
        "words 1", "characters 1", "words 2", "characters 2",
      ])
    #expect(text(.audacity).contains("\t[1] ab\n") && text(.audacity).contains("\t[2] ba\n"))
    for format in [TranscriptFormat.json, .jsonl] {
      let json = text(format)
      #expect(json.contains(#""channel":1"#) && json.contains(#""channel":2"#))
    }
    #expect(text(.tsv).contains("\t[1] ab [2] ba\n"))
  }

  @Test func `channels that are the same are transcribed once, and that is said`() async throws {
    let sound = Self.late("ab", by: 0)
    let twice = try await transcript([sound, sound])
    #expect(twice.turns.map(\.text) == ["[1] ab"])
    guard case .sameChannels(_, 1, 2)? = twice.warnings.first else {
      Issue.record("\(twice.warnings)")
      return
    }
    #expect(twice.warnings.count == 1)
    // A quieter one is another.
    #expect(try await transcript([sound, sound.map { $0 * 0.9 }]).turns.count == 2)
  }

  @Test func `silence in all channels says so, and in one is no matter`() async throws {
    let silence = [Float](repeating: 0, count: 8000)
    let empty = try await transcript([silence, silence])
    #expect(empty.text.isEmpty && empty.emptyReason == .silence)
    #expect(TranscriptFormat.txt.string(empty, path: "a") == "\n")
    let half = try await transcript([silence, Self.late("c", by: 0)])
    #expect(half.text == "[2] c" && half.emptyReason == nil)
  }

  @Test func `tasks that share the channels read the same, and mono is one channel`() async throws {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model()), options: RecognitionOptions(splitsChannels: true))
    try await withTemporaryFolder { folder in
      let path = folder + "/call.wav"
      for channels in [[Self.late("ab", by: 0)], [Self.late("ab", by: 0), Self.late("c", by: 1)]] {
        try Self.wave(channels).write(to: URL(filePath: path))
        let alone = try await recognizer.transcribe(contentsOf: path)
        #expect(alone.channels.count == channels.count)
        #expect(try await recognizer.transcribe(contentsOf: path, threadCount: 2) == alone)
      }
    }
  }

  // The program that decodes notes each run, and what it writes is resampled. One file is a clip, the
  // other is longer than memory holds.
  @Test(arguments: [0.5, 121.0])
  func `the file is decoded once, and each channel reads as it does alone`(
    pause: Double
  ) async throws {
    func said(_ text: String, by seconds: Double) -> [Float] {
      Self.late(text, by: seconds, sampleRate: 16_000)
    }
    let first = said("ab ", by: 0) + said("c", by: pause)
    let channels = [first, said("ba c", by: pause), first.map { $0 * 0.5 }, first]
    func recognizer(_ options: RecognitionOptions) throws -> Recognizer {
      try Recognizer(model: .model(ToneLanguage.model()), options: options)
    }
    try await withTemporaryFolder { folder in
      let (path, program) = (folder + "/call.m4a", folder + "/decoder")
      try Self.wave(channels, sampleRate: 16_000).write(to: URL(filePath: folder + "/out.wav"))
      let phone = [0, 0, 0, 32] + Array("ftypM4A isom".utf8) + [UInt8](repeating: 7, count: 99)
      try Data(phone).write(to: URL(filePath: path))
      try installProgram(
        "#!/bin/sh\ncd '\(folder)'\necho run >> runs\ncat > in\ncat out.wav\n", at: program)
      let split = try await recognizer(RecognitionOptions(splitsChannels: true))
        .transcribe(contentsOf: path, audio: AudioOptions(ffmpeg: program))
      #expect(try String(contentsOfFile: folder + "/runs", encoding: .utf8) == "run\n")

      var alone: [(channel: Int, transcript: Transcript)] = []
      for channel in 0..<3 {
        let audio = AudioOptions(channel: .index(channel), ffmpeg: program)
        let transcript = try await recognizer(RecognitionOptions(wantsWords: true))
          .transcribe(contentsOf: path, audio: audio)
        alone.append((channel + 1, transcript))
      }
      let same = AudioWarning.sameChannels(path: path, first: 1, second: 4)
      #expect(split == Transcript(joining: alone, warnings: [same]))
      #expect(split.turns.map(\.text).contains("[2] ba c"))
    }
  }

  @Test func `more channels than calls have are refused`() async throws {
    let channels = (0..<17).map { [Float](repeating: Float($0) / 20, count: 8) }
    await #expect(throws: RecognitionError.self) { try await transcript(channels) }
  }
}

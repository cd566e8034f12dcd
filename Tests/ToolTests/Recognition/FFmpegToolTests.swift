import Foundation
import TestSupport
import Testing

/// Files that phones and browsers record, in the tool; a script stands for ffmpeg.
@Suite struct FFmpegToolTests {
  private func withPhoneFiles(_ body: (_ folder: String, _ path: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
      try files.createDirectory(atPath: "\(folder)/clips", withIntermediateDirectories: true)
      let program = "\(folder)/bin/ffmpeg"
      let sound = fixturePath("clips/digits/pi.wav")
      try installProgram("#!/bin/sh\ncat '\(sound)'\n", at: program)
      let phone = [0, 0, 0, 32] + Array("ftypM4A isom".utf8) + [UInt8](repeating: 7, count: 99)
      for name in ["door.m4a", "gate.webm", "bell.amr"] {
        try Data(phone).write(to: URL(filePath: "\(folder)/clips/\(name)"))
      }
      try body(folder, "PATH='\(folder)/bin':\"$PATH\"")
    }
  }

  @Test func transcribeAndBatchDecodeThem() throws {
    try withPhoneFiles { folder, path in
      let wanted = try Tool.run(
        "transcribe", fixturePath("clips/digits/pi.wav"), "--model", "digits")
      let run = try Tool.shell(
        "\(path) stapes transcribe '\(folder)/clips/door.m4a' --model digits")
      #expect(run.status == 0 && run.output == wanted.output)
      let batch = try Tool.shell(
        "\(path) stapes batch '\(folder)/clips' --output '\(folder)/out' --model digits")
      #expect(batch.status == 0, "\(batch.errors)")
      for name in ["door", "gate", "bell"] {
        let text = try String(contentsOfFile: "\(folder)/out/\(name).txt", encoding: .utf8)
        #expect(text == wanted.output)
      }
    }
  }

  @Test func theyCanBeRefused() throws {
    try withPhoneFiles { folder, path in
      let run = try Tool.shell(
        "\(path) stapes transcribe '\(folder)/clips/door.m4a' --model digits --no-ffmpeg")
      #expect(run.status == 1)
      #expect(run.errors.contains("MPEG-4") && run.errors.contains("ffmpeg -i"))
    }
  }

  @Test func checkTakesThem() throws {
    try withPhoneFiles { folder, path in
      for name in ["door", "gate", "bell"] {
        try Data("three".utf8).write(to: URL(filePath: "\(folder)/clips/\(name).txt"))
      }
      let run = try Tool.shell("\(path) stapes check '\(folder)/clips' --format json")
      #expect(!run.output.contains("unreadable"), "\(run.output)")
      let refused = try Tool.shell(
        "\(path) stapes check '\(folder)/clips' --format json --no-ffmpeg")
      #expect((refused.output + refused.errors).contains("MPEG-4"), "\(refused.errors)")
    }
  }
}

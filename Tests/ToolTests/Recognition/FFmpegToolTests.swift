import Foundation
import TestSupport
import Testing

/// Files that phones and browsers record, in the tool; a script stands for ffmpeg.
@Suite struct FFmpegToolTests {
  private func withPhoneFiles(
    _ script: String = "cat '\(fixturePath("clips/digits/pi.wav"))'",
    _ body: (_ folder: String, _ path: String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
      try files.createDirectory(atPath: "\(folder)/clips", withIntermediateDirectories: true)
      let program = "\(folder)/bin/ffmpeg"
      try installProgram("#!/bin/sh\necho run >> '\(folder)/runs'\n\(script)\n", at: program)
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
      // Each is decoded once, when its turn comes.
      let runs = try String(contentsOfFile: "\(folder)/runs", encoding: .utf8)
      #expect(runs.split(separator: "\n").count == 1 + 3)
      #expect(batch.errors.contains("3 files whose length is not known yet"))
      #expect(batch.errors.contains("0:08 of sound in"), "\(batch.errors)")
    }
  }

  @Test func otherCommandsDecodeThemOrDoNot() throws {
    try withPhoneFiles { folder, path in
      let augment =
        "augment '\(folder)/clips/door.m4a' --count 1 --output '\(folder)/varied' --overwrite"
      let run = try Tool.shell("\(path) stapes \(augment)")
      #expect(run.status == 0, "\(run.errors)")
      let refused = try Tool.shell("\(path) stapes \(augment) --no-ffmpeg")
      #expect(refused.status == 1 && refused.errors.contains("MPEG-4"), "\(refused.errors)")
      let help = try Tool.run("export", "--help")
      #expect(help.output.contains("--no-ffmpeg"))
    }
  }

  @Test func aHangingOneIsKilledWithItsFile() throws {
    let script = "sleep 1000 & echo $! >> \"$HANGING\"; wait"
    try withPhoneFiles(script) { folder, path in
      try FileManager.default.copyItem(
        atPath: fixturePath("clips/digits/pi.wav"), toPath: "\(folder)/clips/pi.wav")
      let start = "export HANGING='\(folder)/children' \(path)\nrm -f \"$HANGING\"\n"
      let batch = "'\(folder)/clips' --output '\(folder)/out' --model digits --jobs 2"
      let timed = try Tool.shell("\(start) stapes batch \(batch) --timeout 0.5")
      #expect(timed.status == 2 && timed.errors.contains("3 took too long"), "\(timed.errors)")
      // Stopped, it lists nothing as failed, so that the next run goes on with the files.
      try FileManager.default.removeItem(atPath: "\(folder)/out")
      let stopped = try Tool.shell(
        """
        \(start) '\(Tool.path)' batch \(batch) & tool=$!
        until [ -s "$HANGING" ]; do sleep 0.05; done 2>&-
        kill -INT $tool; wait $tool
        """)
      #expect(stopped.status == 130, "\(stopped.errors)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/errors.tsv"))
      // A command that a signal ends at once takes the child with it.
      let ended = try Tool.shell(
        """
        \(start) '\(Tool.path)' transcribe '\(folder)/clips/door.m4a' --model digits & tool=$!
        until [ "$(wc -l < "$HANGING")" = 1 ]; do sleep 0.05; done 2>&-
        kill -KILL $tool; wait $tool
        child=$(cat "$HANGING")
        while [ -d /proc/$child ] && ! grep -q ') Z' /proc/$child/stat; do sleep 0.05; done 2>&-
        """)
      #expect(ended.status == 0, "\(ended.errors)")
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

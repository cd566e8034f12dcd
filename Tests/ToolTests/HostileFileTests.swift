import Foundation
import TestSupport
import Testing

/// Files with names and contents that nobody plans for.
@Suite struct HostileFileTests {
  @Test(arguments: ["-dash.wav", "--help.wav", "-h.wav", "-x y.wav"])
  func `a file whose name begins with a dash is a file`(name: String) throws {
    try Tones.run { tones in
      try tones.say("ab", in: name)
      let line = "cd '\(tones.folder)' && stapes transcribe"
      let run = try Tool.shell("\(line) '\(name)' -m tones.safetensors")
      #expect(run.output == "ab\n" && run.status == 0, "\(run.errors)")
      let several = try Tool.shell("\(line) -q -m tones.safetensors -- *.wav")
      #expect(several.output == "ab\n", "\(several.errors)")
      let info = try Tool.shell(
        "cd '\(tones.folder)' && cp tones.safetensors -- -m.safetensors && stapes info -m.safetensors"
      )
      #expect(info.status == 0 && info.output.contains("Letters as tones"), "\(info.errors)")
    }
  }

  @Test func `what is no file stays a flag or a number`() throws {
    try Tones.run { tones in
      let line = "cd '\(tones.folder)' && stapes"
      let missing = try Tool.shell("\(line) transcribe -dash.wav -m tones.safetensors")
      #expect(missing.status == 1 && missing.output.isEmpty)
      #expect(missing.errors.contains("-dash.wav") && missing.errorLines.count == 1)
      let help = try Tool.shell("\(line) transcribe -h")
      #expect(help.status == 0 && help.output.contains("USAGE: stapes transcribe"))
      let unknown = try Tool.shell("\(line) transcribe --nonsense a.wav")
      #expect(unknown.status == 1 && unknown.errors.contains("--nonsense"))
      try tones.say("ab", in: "a.wav")
      try tones.write([], to: "-q")
      let flag = try Tool.shell("\(line) transcribe -q a.wav -m tones.safetensors")
      #expect(flag.output == "ab\n" && flag.status == 0)
    }
  }

  @Test func `a sound that is missing or broken counts as failed`() throws {
    try Tones.run { tones in
      try tones.say("ab", in: "data/good.wav")
      try tones.write("no sound".utf8, to: "data/broken.wav")
      for name in ["good", "broken", "missing"] {
        try tones.write("ab".utf8, to: "data/\(name).txt")
      }
      let data = tones.folder + "/data"
      let run = try Tool.run("evaluate", data, "-m", tones.model, "--format", "json", "-q")
      #expect(run.status == 2)
      struct Failure: Decodable { let path, message: String }
      struct Report: Decodable {
        let utteranceCount, failureCount: Int
        let failures: [Failure]
      }
      let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
      #expect(report.utteranceCount == 1 && report.failureCount == 2)
      #expect(report.failures.map(\.path) == ["\(data)/broken.wav", "\(data)/missing.txt"])
      #expect(report.failures.allSatisfy { !$0.message.isEmpty })
      #expect(run.errorLines.count == 2, "\(run.errors)")
      for command in [["audit"], ["align"], ["tune"]] {
        let run = try Tool.run(command + [data, "-m", tones.model, "-q"])
        #expect(run.status == 2 && run.errorLines.count == 2, "\(command) \(run.errors)")
      }
      // The others are measured as before.
      try FileManager.default.removeItem(atPath: data + "/broken.wav")
      for name in ["broken", "missing"] {
        try FileManager.default.removeItem(atPath: "\(data)/\(name).txt")
      }
      #expect(try Tool.run("evaluate", data, "-m", tones.model, "-q").status == 0)
    }
  }

  @Test func `clips of one name have names of their own in CTM`() throws {
    try Tones.run { tones in
      let clips = try ["x/1.wav", "y/1.wav", "y/2.wav"].map { try tones.say("ab", in: $0) }
      let run = try Tool.run(["transcribe", "-m", tones.model, "--format", "ctm"] + clips)
      let names = run.output.split(separator: "\n").map { $0.split(separator: " ")[0] }
      #expect(names == ["x/1", "y/1", "2"], "\(run.output)\(run.errors)")
    }
  }

  @Test func `clips of names that only Unicode calls equal are all measured`() throws {
    try Tones.run { tones in
      for (name, text) in [("caf\u{E9}", "ab"), ("cafe\u{301}", "ca")] {
        try tones.say(text, in: "data/\(name).wav")
        try tones.write(text.utf8, to: "data/\(name).txt")
      }
      let run = try Tool.run(
        "evaluate", tones.folder + "/data", "-m", tones.model, "-q", "--against", tones.model)
      #expect(run.output.contains("2 of 2 clips"), "\(run.output)\(run.errors)")
    }
  }

  @Test func `language models by others and texts without line ends are used or named`() throws {
    try withTemporaryFolder { folder in
      let run = try Tool.shell(
        """
        cd '\(folder)'
        printf 'mmap lm http://kheafield.com/code format version 5\\n\\0' > kenlm.bin
        stapes lm info kenlm.bin
        head -c 1000000 /dev/zero | tr '\\0' a | gzip -9 > member
        for i in {1..400}; do cat member; done > bomb.gz
        stapes lm train bomb.gz -q --as-is -o bomb.bin
        for i in {1..20000}; do echo -n "go on and stop "; done > line.txt
        stapes lm train line.txt -o line.bin
        """)
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.errorLines
      #expect(lines[0].contains("kenlm.bin: it is a binary model of KenLM; "))
      #expect(lines[1].contains("bomb.gz: ") && lines[1].contains("500 times its size"))
      #expect(lines[2].contains("line.txt: 1 line longer than 65,536 bytes"))
      #expect(lines[3].contains("80,000 words, 4 different"))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!files.contains("bomb.bin") && files.contains("line.bin"))
    }
  }
}

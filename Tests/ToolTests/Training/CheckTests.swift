import Foundation
import TestSupport
import Testing

@Suite struct CheckTests {
  private func sayWords(_ tones: Tones) throws -> String {
    for (number, word) in ["a", "b", "ab", "cab", "bc"].enumerated() {
      try tones.say(word, in: "data/\(number).wav")
      try tones.write(word.utf8, to: "data/\(number).txt")
    }
    return tones.folder + "/data"
  }

  @Test func `a clean corpus passes`() throws {
    try Tones.run { tones in
      let run = try Tool.run("check", try sayWords(tones))
      #expect(run.status == 0)
      #expect(run.output == "5 clips: 0 errors, 0 warnings, 0 notes\n", "\(run.output)")
    }
  }

  @Test func `what is wrong is told, listed and counted`() throws {
    try Tones.run { tones in
      let data = try sayWords(tones)
      try tones.say("a", in: "data/copy.wav")
      try tones.write("b".utf8, to: "data/copy.txt")
      try tones.write([0x52, 0x49], to: "data/broken.wav")
      try tones.write("a".utf8, to: "data/broken.txt")
      let table = tones.folder + "/findings.tsv"
      let run = try Tool.run("check", data, "--output", table)
      #expect(run.status == 2)
      #expect(run.output.hasPrefix("6 clips: 2 errors, 0 warnings, 0 notes\n"), "\(run.output)")
      #expect(run.output.contains("error: the same sound with different texts (1 clip)\n"))
      let lines = try tones.read("findings.tsv").split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0] == "severity\tfinding\tpath\toffset\ttext\tdetail")
      #expect(lines[1].hasPrefix("error\tunreadableSound\t\(data)/broken.wav\t0.0\t\t"))
      #expect(lines[2].hasPrefix("error\tsoundWithTwoTexts\t\(data)/copy.wav\t0.0\tb\t"))
      struct Report: Decodable {
        struct Entry: Decodable { let severity, finding: String }
        let clipCount: Int
        let findings: [Entry]
      }
      let json = try Tool.run("check", data, "--format", "json", "-q")
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
      #expect(json.status == 2 && report.clipCount == 6)
      #expect(report.findings.map(\.finding) == ["unreadableSound", "soundWithTwoTexts"])
    }
  }

  @Test func `clips are varied to listen to`() throws {
    try Tones.run { tones in
      let clip = try tones.say("abc", in: "clip.wav")
      try tones.say("cc", in: "noise/hum.wav")
      let heard = tones.folder + "/heard"
      let arguments = [
        "augment", clip, "--count", "3", "--noise", tones.folder + "/noise", "--set",
        "augmentation.reverberationShare=0.3", "--set", "augmentation.telephoneShare=1", "--set",
        "augmentation.microphoneShare=1", "--output", heard,
      ]
      let run = try Tool.run(arguments)
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 3 && lines[2].hasPrefix(heard + "/3.wav\t"))
      #expect(
        lines.allSatisfy { line in
          ["telephone", "microphone", "gain"].allSatisfy(line.contains)
        })
      let third = try Data(contentsOf: URL(filePath: heard + "/3.wav"))
      #expect(try Tool.run(arguments + ["--overwrite"]).status == 0)
      #expect(try Data(contentsOf: URL(filePath: heard + "/3.wav")) == third)
      let none = try Tool.run(
        "augment", clip, "--noise", tones.folder + "/none", "-o", heard,
        "--overwrite")
      #expect(none.status == 1 && none.errors.contains("no readable sound file"))
    }
  }

  @Test func `doubtful texts are listed and mended`() throws {
    try Tones.run { tones in
      let data = try sayWords(tones)
      try tones.write("c b c".utf8, to: "data/2.txt")
      let table = tones.folder + "/audit.tsv"
      let run = try Tool.run("audit", data, "-m", tones.model, "-o", table)
      #expect(run.status == 0)
      #expect(run.output.hasSuffix("\t\(data)/2.wav\tc b c\tab\n1 of 5 texts probably wrong\n"))
      var lines = try tones.read("audit.tsv").split(separator: "\n").map(String.init)
      lines[1] = "heard" + lines[1]
      try tones.write(lines.joined(separator: "\n").utf8, to: "audit.tsv")
      let manifest = tones.folder + "/mended.jsonl"
      let apply = try Tool.run("audit", "apply", table, "-o", manifest)
      #expect(apply.output == "\(manifest): 5 clips, 1 with another text; 0 dropped\n")
      let mended = try Tool.run("evaluate", manifest, "-m", tones.model)
      #expect(mended.output.contains("exact 100.00 %"), "\(mended.output)")
    }
  }

  @Test func `models are compared and measured on folds`() throws {
    try Tones.run { tones in
      let data = try sayWords(tones)
      let run = try Tool.run("evaluate", data, "-m", tones.model, "--against", tones.model)
      #expect(run.output.contains("p = 1.0000, 0 clips with different errors"))
      let folds = try Tool.run(
        "train", data, "--folds", "2", "--epochs", "1", "--hidden", "4", "--layers", "1", "-q")
      let lines = folds.output.split(separator: "\n")
      #expect(folds.status == 0, "\(folds.errors)")
      #expect(lines.map { $0.prefix { $0 != ":" } } == ["1 of 2", "2 of 2", "together"])
      #expect(lines.last?.contains("of 5 clips") == true)
      let clash = try Tool.run("train", data, "--folds", "2", "-o", tones.model)
      #expect(clash.status == 1)
    }
  }
}

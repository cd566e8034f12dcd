import Foundation
import Stapes
import TestSupport
import Testing

/// No command replaces a file that is there unless it is told to.
@Suite struct OverwriteTests {
  /// A command line with what stands for the places: MODEL, LM, CLIP, DATA, TABLE, and OUT for the
  /// folder whose files are written.
  struct Case: Sendable, CustomTestStringConvertible {
    let line: String
    let file: String

    var testDescription: String { "\(line) -> \(file)" }
  }

  static let cases = [
    Case(line: "quantize MODEL -o OUT/m.safetensors", file: "m.safetensors"),
    Case(line: "export MODEL --onnx -o OUT/m.onnx", file: "m.onnx"),
    Case(line: "export MODEL --onnx -o OUT/m.onnx --example CLIP", file: "m.input.pb"),
    Case(line: "tune DATA -m MODEL -q -o OUT/m.safetensors", file: "m.safetensors"),
    Case(line: "explain CLIP -m MODEL -q -o OUT/page.html", file: "page.html"),
    Case(line: "evaluate DATA -m MODEL -q --details OUT/pairs.tsv", file: "pairs.tsv"),
    Case(line: "gradients DATA -m MODEL -q -o OUT/reach.svg", file: "reach.svg"),
    Case(line: "audit DATA -m MODEL -q -o OUT/audit.tsv", file: "audit.tsv"),
    Case(line: "audit apply TABLE -o OUT/list.jsonl", file: "list.jsonl"),
    Case(line: "check DATA -q -o OUT/findings.tsv", file: "findings.tsv"),
    Case(line: "augment CLIP -o OUT --count 2", file: "2.wav"),
    Case(line: "align CLIP --text ab -m MODEL -q -o OUT/words.tsv", file: "words.tsv"),
    Case(line: "align DATA --format ctm -m MODEL -q -o OUT/grids", file: "grids/2.ctm"),
    Case(line: "align CLIP --text-file LINES --cut OUT -m MODEL -q", file: "1-0001.txt"),
    Case(line: "lm convert LM OUT/lm.arpa", file: "lm.arpa"),
    Case(line: "lm train LINES -q -o OUT/lm.bin", file: "lm.bin"),
    Case(
      line: "lm train LINES -q --neural --epochs 1 --hidden 8 -o OUT/n.safetensors",
      file: "n.safetensors"),
    Case(
      line: "train DATA -q --epochs 1 --hidden 8 --layers 1 -o OUT/note.txt", file: "note.txt"),
    Case(
      line: "train DATA -q --epochs 1 --hidden 8 --layers 1 -o OUT/n.safetensors --report OUT/run",
      file: "run/card.md"),
  ]

  private func fill(_ line: String, _ tones: Tones) throws -> [String] {
    for name in ["1", "2", "3", "4"] {
      try tones.say("ab ca", in: "data/\(name).wav")
      try tones.write("ab ca".utf8, to: "data/\(name).txt")
    }
    try tones.write("ab ca\nca ab\n".utf8, to: "lines")
    let (lm, table) = (tones.folder + "/lm.bin", tones.folder + "/audit.tsv")
    if line.contains("LM") {
      _ = try Tool.run("lm", "train", tones.folder + "/lines", "-q", "-o", lm)
    }
    if line.contains("TABLE") {
      _ = try Tool.run("audit", tones.folder + "/data", "-m", tones.model, "-q", "-o", table)
    }
    let places = [
      "MODEL": tones.model, "DATA": tones.folder + "/data", "CLIP": tones.folder + "/data/1.wav",
      "LINES": tones.folder + "/lines", "LM": lm, "TABLE": table,
    ]
    return line.split(separator: " ").map { word in
      places[String(word)] ?? String(word).replacing("OUT", with: tones.folder + "/out")
    }
  }

  @Test(arguments: cases)
  func `a file that is there stays, unless it is to be replaced`(_ test: Case) throws {
    try Tones.run { tones in
      let arguments = try fill(test.line, tones)
      let file = try tones.write("my notes".utf8, to: "out/" + test.file)
      let refused = try Tool.run(arguments)
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.hasPrefix("stapes: \(file): "), "\(refused.errors)")
      #expect(refused.errorLines.count == 1 && refused.errors.contains("--overwrite"))
      #expect(try tones.read("out/" + test.file) == "my notes")
      let meant = try Tool.run(arguments + ["--overwrite"])
      #expect(meant.status == 0, "\(meant.errors)")
      let content = FileManager.default.contents(atPath: file)
      #expect(content != nil && content != Data("my notes".utf8))
    }
  }

  @Test func `a file without a byte holds nothing, and one file takes one result`() throws {
    try Tones.run { tones in
      let data = try fill("DATA", tones)[0]
      let (table, link) = (try tones.write([], to: "pairs.tsv"), tones.folder + "/link")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: ".")
      let twice = try Tool.run(
        "evaluate", data, "-m", tones.model, "-q", "--details", table, "--confusion",
        link + "/pairs.tsv")
      #expect(twice.status == 1 && twice.errors.contains("two results"), "\(twice.errors)")
      let run = try Tool.run("evaluate", data, "-m", tones.model, "-q", "--details", table)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try tones.read("pairs.tsv").hasPrefix("path\t"))
    }
  }

  @Test func `tuning goes into the model's own file without being asked twice`() throws {
    try Tones.run { tones in
      let data = try fill("DATA", tones)[0]
      #expect(try Tool.run("tune", data, "-m", tones.model, "-q").status == 0)
      let own = try Tool.run("tune", data, "-m", tones.model, "-q", "-o", tones.model)
      #expect(own.status == 0, "\(own.errors)")
    }
  }
}

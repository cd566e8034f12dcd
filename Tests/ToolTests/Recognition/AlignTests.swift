import TestSupport
import Testing

@Suite struct AlignTests {
  @Test func `prints where the words of a text are, in a table or another format`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab ca", in: "a.wav")
      let run = try Tool.run("align", clip, "--text", "AB ca", "-m", tones.model)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(rows[0] == ["path", "start", "end", "confidence", "text"])
      #expect(rows.dropFirst().map { $0[4] } == ["ab", "ca"])
      #expect(rows.dropFirst().allSatisfy { $0.count == 5 && $0[0] == clip })
      // The first letter sounds from 0.08 s on, the last of "ab" to 0.4 s.
      #expect(abs((Double(rows[1][1]) ?? 9) - 0.08) < 0.03)
      #expect(abs((Double(rows[1][2]) ?? 9) - 0.4) < 0.03)
      let grid = tones.folder + "/a.TextGrid"
      let other = try Tool.run(
        "align", clip, "--text", "ab ca", "-m", tones.model, "--format", "textgrid", "-o", grid)
      #expect(other.status == 0 && other.output.isEmpty)
      #expect(try tones.read("a.TextGrid").contains("text = \"ca\""))
    }
  }

  @Test func `finds the utterances of a text file, and cuts a corpus out of the recording`() throws
  {
    try Tones.run { tones in
      let clip = try tones.say("cc ab cc ca b cc", in: "long.wav")
      try tones.write("ab\n\nca b\n".utf8, to: "long.txt")
      let run = try Tool.run(
        "align", clip, "--text-file", tones.folder + "/long.txt", "-m", tones.model, "--cut",
        tones.folder + "/cut")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(rows[0] == ["path", "start", "end", "score", "text"])
      #expect(rows.dropFirst().map { $0[4] } == ["ab", "ca b"])
      #expect(try tones.read("cut/long-0002.txt") == "ca b\n")
      let read = try Tool.run("evaluate", tones.folder + "/cut", "-m", tones.model)
      #expect(read.output.contains("2 of 2 clips"), "\(read.output)\(read.errors)")
    }
  }

  @Test func `aligns labelled clips to a table, or to a file for each`() throws {
    try Tones.run { tones in
      for (name, text) in [("x/1", "ab c"), ("y/1", "b")] {
        try tones.say(text, in: "data/\(name).wav")
        try tones.write("\(text)\n".utf8, to: "data/\(name).txt")
      }
      let data = tones.folder + "/data"
      let table = tones.folder + "/words.tsv"
      let run = try Tool.run("align", data, "-m", tones.model, "-q", "-o", table)
      #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
      let words = try tones.read("words.tsv").split(separator: "\n").compactMap {
        $0.split(separator: "\t").last
      }
      #expect(words == ["text", "ab", "c", "b"])
      let grids = try Tool.run(
        "align", data, "-m", tones.model, "-q", "--format", "textgrid,ctm", "-o",
        tones.folder + "/grids")
      #expect(grids.status == 0 && grids.errors.isEmpty, "\(grids.errors)")
      #expect(try tones.read("grids/x/1.TextGrid").contains("text = \"ab\""))
      #expect(try tones.read("grids/y/1.ctm").hasPrefix("1 1 "))
    }
  }

  @Test func `what cannot be aligned is named in one line`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "data/a.wav")
      try tones.write("a".utf8, to: "data/a.txt")
      try tones.say("b", in: "data/b.wav")
      try tones.write("hallo".utf8, to: "data/b.txt")
      let wrong = [
        ([clip, "--text", "hallo"], "does not write \"h\"", 1),
        ([clip, "--text", "ab ca b ab ca b ab ca b"], "do not fit", 1),
        ([clip, "--text", "!"], "leaves nothing of the text", 1),
        ([clip, "--text-file", tones.folder + "/none.txt"], "none.txt", 1),
        ([tones.folder + "/data", "-q"], "b.wav", 2),
        ([tones.folder + "/data", "-q", "--format", "srt"], "holds a single clip", 1),
      ]
      for (arguments, reason, status) in wrong {
        let run = try Tool.run(["align", "-m", tones.model] + arguments)
        #expect(run.errors.contains(reason) && run.status == status, "\(run.errors)")
      }
      for arguments in [["--text", "a", "--text-file", "b"], ["--text", "a", "--cut", "c"]] {
        #expect(try Tool.run(["align", clip] + arguments).status != 0)
      }
    }
  }
}

import Foundation
import Stapes
import TestSupport
import Testing

@Suite struct TranscribeTests {
  @Test func `one file gives its text alone, several a line each in their order`() throws {
    try Tones.run { tones in
      let (a, b) = (try tones.say("ab c", in: "a.wav"), try tones.say("", in: "b.wav"))
      let one = try Tool.run("transcribe", a, "--model", tones.model)
      #expect(one.output == "ab c\n")
      #expect(one.errors.isEmpty)
      #expect(one.status == 0)
      let two = try Tool.run("transcribe", b, a, "-m", tones.model)
      #expect(two.output == "\(b)\t\n\(a)\tab c\n")
      #expect(two.status == 0)
    }
  }

  @Test func `silence gives no text, and the reason stands on standard error alone`() throws {
    try Tones.run { tones in
      let (a, b) = (try tones.say("ab c", in: "a.wav"), try tones.say("", in: "b.wav"))
      let run = try Tool.run("transcribe", a, b, "-m", tones.model)
      #expect(run.output == "\(a)\tab c\n\(b)\t\n")
      #expect(run.errors == "stapes: \(b) gives no text: silence\n")
      #expect(run.status == 0)
      let json = try Tool.run("transcribe", b, "-q", "-m", tones.model, "--format", "jsonl")
      #expect(json.errors.isEmpty && json.output.contains(#""emptyReason":"silence""#))
      for name in ["1", "2"] { try tones.say("", in: "in/\(name).wav") }
      try tones.say("c", in: "in/3.wav")
      let batch = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model)
      #expect(batch.status == 0)
      #expect(batch.errorLines.last == "stapes: 2 without text: 2 silence")
      #expect(try tones.read("out/1.txt") == "\n")
    }
  }

  @Test func `reads standard input`() throws {
    try Tones.run { tones in
      let clip = try Data(contentsOf: URL(filePath: try tones.say("cab", in: "a.wav")))
      let run = try Tool.run("transcribe", "-", "--model", tones.model, input: clip)
      #expect(run.output == "cab\n")
      #expect(run.status == 0)
      // A pipe cannot seek.
      let piped = try Tool.shell(
        "cat \(tones.folder)/a.wav | stapes transcribe - -m \(tones.model)")
      #expect(piped.output == "cab\n")
      #expect(piped.status == 0)
    }
  }

  @Test func `reads bare samples whose format is given`() throws {
    try Tones.run { tones in
      let wav = try Data(contentsOf: URL(filePath: try tones.say("ac", in: "a.wav")))
      let bare = try tones.write(wav.dropFirst(44), to: "a.raw")
      let run = try Tool.run("transcribe", bare, "-m", tones.model, "--raw", "s16le:8000:1")
      #expect(run.output == "ac\n")
      #expect(run.status == 0)
    }
  }

  @Test func `other formats carry path, length and ranked readings`() throws {
    try Tones.run { tones in
      let path = try tones.say("ba", in: "a.wav")
      let json = try Tool.run(
        "transcribe", path, "-m", tones.model, "--format", "json", "--nbest", "3")
      struct Reading: Decodable { let text: String }
      struct Record: Decodable {
        let path: String
        let text: String
        let seconds: Double
        let hypotheses: [Reading]
      }
      let record = try JSONDecoder().decode(Record.self, from: Data(json.output.utf8))
      #expect(record.path == path)
      #expect(record.text == "ba")
      #expect(record.seconds == 0.48)
      #expect((2...3).contains(record.hypotheses.count))
      let table = try Tool.run("transcribe", path, "-m", tones.model, "--format", "tsv")
      let lines = table.output.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(
        lines[0] == "path\tseconds\trank\tlog_probability\tlanguage_score\tconfidence\ttext")
      #expect(lines[1].hasPrefix("\(path)\t0.48\t1\t") && lines[1].hasSuffix("\tba"))
    }
  }

  @Test func `writes a file by its ending, or a folder of files in several formats`() throws {
    try Tones.run { tones in
      let (a, b) = (try tones.say("ab c", in: "x/a.wav"), try tones.say("b", in: "y/a.wav"))
      let one = try Tool.run(
        "transcribe", a, "-m", tones.model, "-o", tones.folder + "/one.srt")
      #expect(one.output.isEmpty && one.status == 0)
      #expect(try tones.read("one.srt").hasPrefix("1\n00:00:00,"))
      let all = try Tool.run(
        "transcribe", a, b, "-m", tones.model, "-o", tones.folder + "/all.csv")
      #expect(all.status == 0)
      let rows = try tones.read("all.csv").split(separator: "\r\n")
      #expect(rows.count == 3)
      #expect(rows.dropFirst().map { $0.split(separator: ",").last } == ["ab c", "b"])
      // Two clips of one name do not overwrite each other's files.
      let folder = try Tool.run(
        "transcribe", a, b, "-m", tones.model, "-o", tones.folder + "/texts", "--format",
        "txt,textgrid")
      #expect(folder.status == 0)
      #expect(try tones.read("texts/a.wav.txt") == "ab c\n")
      #expect(try tones.read("texts/a.wav.2.txt") == "b\n")
      #expect(try tones.read("texts/a.wav.2.TextGrid").contains("text = \"b\""))
    }
  }

  @Test func `formats that do not go together are told before any work`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let wrong = [
        ["--format", "txt,srt"], ["--format", "nonsense"], ["--format", "srt,srt", "-o", "x"],
        ["--format", "srt", clip], ["-o", tones.folder + "/x.json", clip],
      ]
      for arguments in wrong {
        let run = try Tool.run(["transcribe", clip, "-m", tones.model] + arguments)
        #expect(run.output.isEmpty && run.errors.contains("format"), "\(run.errors)")
        #expect(run.status == 1, "\(arguments)")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: tones.folder)
      #expect(names.sorted() == ["a.wav", "tones.safetensors"])
    }
  }

  @Test func `resampling is said once, and not when quiet`() throws {
    try Tones.run { tones in
      let paths = try ["a", "b", "c"].map { try tones.say($0, in: $0 + ".wav", sampleRate: 16_000) }
      let run = try Tool.run("transcribe", paths[0], paths[1], paths[2], "-m", tones.model)
      #expect(run.errors == "stapes: Resampling from 16000 to 8000 Hz.\n")
      #expect(run.output == zip(paths, "abc").map { "\($0)\t\($1)\n" }.joined())
      let quiet = try Tool.run("transcribe", paths[0], "-m", tones.model, "--quiet")
      #expect(quiet.errors.isEmpty)
    }
  }

  @Test func `a bad file is told in one line, and the others are done`() throws {
    try Tones.run { tones in
      let good = try tones.say("a", in: "good.wav")
      let text = try tones.write("This is no sound.".utf8, to: "text.wav")
      let run = try Tool.run("transcribe", text, good, "-m", tones.model)
      #expect(run.output == "\(good)\ta\n")
      #expect(run.errorLines.count == 1)
      #expect(run.errors.hasPrefix("stapes: \(text)"))
      #expect(run.status == 2)
    }
  }

  @Test func `where nothing can be read the status is 1`() throws {
    try Tones.run { tones in
      let text = try tones.write("This is no sound.".utf8, to: "text.wav")
      let empty = try tones.write([], to: "empty.wav")
      for path in [text, empty, tones.folder, tones.folder + "/missing.wav"] {
        let run = try Tool.run("transcribe", path, "-m", tones.model)
        #expect(run.output.isEmpty)
        #expect(run.errorLines.count == 1, "\(run.errors)")
        #expect(run.errors.hasPrefix("stapes: \(path)"), "\(run.errors)")
        #expect(run.status == 1)
      }
    }
  }

  @Test func `a file cut short is used as far as it goes, with a warning`() throws {
    try Tones.run { tones in
      let whole = try Data(contentsOf: URL(filePath: try tones.say("ab", in: "whole.wav")))
      let cut = try tones.write(whole.dropLast(whole.count * 2 / 5), to: "cut.wav")
      let run = try Tool.run("transcribe", cut, "-m", tones.model)
      #expect(run.output == "a\n")
      #expect(run.errorLines.count == 1)
      #expect(run.errors.hasPrefix("stapes: \(cut)"))
      #expect(run.status == 0)
    }
  }

  @Test func `a model that is none is told in one line`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let model = try Data(contentsOf: URL(filePath: tones.model))
      var altered = model
      altered[altered.count - 3] ^= 4
      let models = [
        (tones.folder + "/missing", "there is no such file"),
        (tones.folder, "it is a folder"),
        (try tones.write(model.dropLast(100), to: "cut"), "cut short"),
        (try tones.write(altered, to: "altered"), "altered"),
        (clip, "a sound file"),
      ]
      for (path, cause) in models {
        for command in ["transcribe", "info"] {
          let run =
            command == "info"
            ? try Tool.run("info", path) : try Tool.run("transcribe", clip, "-m", path)
          #expect(run.output.isEmpty)
          #expect(run.errorLines.count == 1)
          #expect(run.errors.hasPrefix("stapes: \(path): "), "\(run.errors)")
          #expect(run.errors.contains(cause), "\(run.errors)")
          #expect(run.status == 1)
        }
      }
    }
  }

  @Test func `no control character of a name reaches the terminal`() throws {
    try Tones.run { tones in
      let name = "a\u{1B}[2J\nb\u{7}.wav"
      let (good, bad) = (try tones.say("a", in: name), tones.folder + "/no" + name)
      for format in ["txt", "jsonl", "tsv", "csv", "ctm"] {
        let run = try Tool.run("transcribe", good, bad, "-m", tones.model, "--format", format)
        let output = format == "csv" ? run.output.replacing("\r\n", with: "\n") : run.output
        let shown = (output + run.errors).unicodeScalars
        #expect(shown.allSatisfy { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
        #expect(run.errorLines.count == 1)
        #expect(run.status == 2)
      }
    }
  }

  @Test func `a reader that has enough ends it quietly, a full disk does not`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let files = Array(repeating: clip, count: 20).joined(separator: " ")
      let command = "stapes transcribe \(files) -m \(tones.model)"
      // The other end of the pipe is closed long before the first line.
      let unread = try Tool.shell("\(command) | true; exit ${PIPESTATUS[0]}")
      #expect(unread.errors.isEmpty)
      #expect(unread.status == 0)
      let full = try Tool.shell("\(command) > /dev/full")
      #expect(full.errorLines.count == 1)
      #expect(full.errors.contains("no space left on the device"), "\(full.errors)")
      #expect(full.status == 1)
    }
  }
}

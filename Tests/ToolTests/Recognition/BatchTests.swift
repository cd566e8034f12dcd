import Foundation
import TestSupport
import Testing

@Suite struct BatchTests {
  @Test func `mirrors a tree, and says at its end what was done`() throws {
    try Tones.run { tones in
      try tones.say("a", in: "in/a.wav")
      try tones.say("b c", in: "in/x/b.wav", sampleRate: 16_000)
      try tones.write("text".utf8, to: "in/notes.txt")
      let output = tones.folder + "/out"
      let run = try Tool.run("batch", tones.folder + "/in", "-o", output, "-m", tones.model)
      #expect(run.output.isEmpty)
      #expect(run.status == 0)
      #expect(
        run.errorLines.prefix(2) == [
          "stapes: 2 sound files, 0:01 of sound; 1 file of other kinds left alone",
          "stapes: Resampling from 16000 to 8000 Hz.",
        ])
      #expect(
        run.errorLines.last?.hasPrefix("stapes: 2 of 2 files transcribed, 0:01 of sound in ")
          == true)
      #expect(!run.errors.contains("\u{1B}"), "no terminal, no escape sequence")
      #expect(try tones.read("out/a.txt") == "a\n")
      #expect(try tones.read("out/x/b.txt") == "b c\n")
      let quiet = try Tool.run(
        "batch", tones.folder + "/in", "-o", output, "-m", tones.model, "--quiet", "--jobs", "1")
      #expect(quiet.errors.isEmpty)
      #expect(quiet.status == 0)
    }
  }

  @Test func `lists what failed, with status 2, or 1 where nothing was done`() throws {
    try Tones.run { tones in
      try tones.say("a", in: "in/good.wav")
      let bad = try tones.write("This is no sound.".utf8, to: "in/bad.wav")
      let run = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model,
        "--format", "jsonl,srt")
      #expect(run.status == 2)
      #expect(run.errorLines.count { $0.hasPrefix("stapes: \(bad)") } == 1)
      #expect(run.errors.contains("1 of 2 files transcribed"))
      #expect(run.errors.contains("/out/errors.tsv"))
      #expect(
        try tones.read("out/errors.tsv").hasPrefix("path\tcause\terror\nbad.wav\tnot sound\t"))
      #expect(try tones.read("out/good.jsonl").contains(#""path":"good.wav""#))
      #expect(try tones.read("out/good.srt").contains(" --> "))
      try FileManager.default.removeItem(atPath: tones.folder + "/in/good.wav")
      let none = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model)
      #expect(none.status == 1)
    }
  }

  @Test func `names that are not UTF-8 fail by themselves, each`() throws {
    try Tones.run { tones in
      try tones.say("a", in: "in/n\u{FFFD}.wav")
      try tones.say("b", in: "in/x.wav")
      let made = try Tool.shell(
        "cd '\(tones.folder)/in'; cp x.wav $'n\\xff.wav'; cp x.wav $'n\\xfe.wav'; "
          + "mkdir $'d\\xff'; cp x.wav $'d\\xff/y.wav'; touch $'n\\xff.pdf'")
      #expect(made.status == 0)
      let run = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model)
      #expect(run.status == 2 && run.errors.contains("2 of 5 files") == false, "\(run.errors)")
      #expect(try tones.read("out/n\u{FFFD}.txt") == "a\n")
      let failures = try tones.read("out/errors.tsv").split(separator: "\n").dropFirst()
        .map { $0.split(separator: "\t").prefix(2).joined(separator: " ") }
      #expect(
        failures == [
          "d\\\\xFF/ name not in UTF-8", "n\\\\xFE.wav name not in UTF-8",
          "n\\\\xFF.wav name not in UTF-8",
        ])
    }
  }

  @Test(arguments: ["1e300", "99999999999999999999"])
  func `a timeout may be longer than any time that there is`(seconds: String) throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let run = try Tool.run(
        "batch", clip, "-o", tones.folder + "/out", "-m", tones.model, "--timeout", seconds)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func `names that would be the same are told`() throws {
    try Tones.run { tones in
      try tones.say("a", in: "in/one.wav")
      try tones.say("b", in: "in/one.au")
      let run = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model)
      #expect(run.errors.contains("one.au becomes one.au.txt"), "\(run.errors)")
      #expect(try tones.read("out/one.wav.txt") == "a\n")
      #expect(try tones.read("out/one.au.txt") == "b\n")
    }
  }

  @Test func `says in one line why there is nothing to do`() throws {
    try Tones.run { tones in
      let (empty, missing) = (tones.folder + "/empty", tones.folder + "/missing")
      try FileManager.default.createDirectory(
        atPath: empty, withIntermediateDirectories: true)
      for path in [empty, missing] {
        let run = try Tool.run(
          "batch", path, "-o", tones.folder + "/out", "-m", tones.model)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.hasPrefix("stapes: \(path): "), "\(run.errors)")
        #expect(run.status == 1)
      }
      #expect(!FileManager.default.fileExists(atPath: tones.folder + "/out"))
    }
  }

  @Test func `Ctrl-C leaves finished transcripts and no others`() throws {
    try Tones.run { tones in
      for number in 0..<300 { try tones.say("ab c ab c ab", in: "in/\(number).wav") }
      let (input, output) = (tones.folder + "/in", tones.folder + "/out")
      // The signal comes as soon as a first transcript is there; a wide search leaves it time.
      let run = try Tool.shell(
        """
        trap '' INT
        \(Tool.path) batch \(input) -o \(output) -m \(tones.model) -j 1 --beam 2000 & tool=$!
        until compgen -G '\(output)/*.txt' >/dev/null || ! kill -0 $tool; do :; done
        kill -INT $tool; wait $tool
        """)
      let done = try FileManager.default.contentsOfDirectory(atPath: output).filter {
        !$0.hasPrefix(".")
      }
      #expect(run.errors.contains("stopping"), "\(run.errors)")
      #expect(run.errors.contains("\(done.count) of 300 files transcribed"), "\(run.errors)")
      #expect(run.status == 130)
      for name in done {
        #expect(name.hasSuffix(".txt"))
        #expect(try tones.read("out/" + name) == "ab c ab c ab\n")
      }
    }
  }
}

import Foundation
import Stapes
import TestSupport
import Testing

/// What the tool leaves alone where its output goes.
@Suite struct OutputProtectionTests {
  @Test func `labels beside the clips are refused by name before any work`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab", in: "lab/door.wav")
      try tones.say("c", in: "lab/other.wav")
      try tones.write("door\n".utf8, to: "lab/door.txt")
      let lab = tones.folder + "/lab"
      for command in [["batch", lab], ["transcribe", clip, lab + "/other.wav"]] {
        let arguments = command + ["-m", tones.model, "-o", lab]
        let run = try Tool.run(arguments)
        #expect(run.status == 1)
        #expect(run.errorLines.count == 1, "\(run.errors)")
        #expect(run.errors.hasPrefix("stapes: \(lab)/door.txt: "), "\(run.errors)")
        #expect(run.errors.contains("--overwrite"), "\(run.errors)")
        #expect(try tones.read("lab/door.txt") == "door\n")
        #expect(!FileManager.default.fileExists(atPath: lab + "/other.txt"))
      }
      let meant = try Tool.run("batch", lab, "-m", tones.model, "-o", lab, "--overwrite")
      #expect(meant.status == 0, "\(meant.errors)")
      #expect(try tones.read("lab/door.txt") == "ab\n")
    }
  }

  @Test func `one file for the output is protected as a folder is`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab", in: "a.wav")
      let target = try tones.write("mine\n".utf8, to: "mine")
      let (file, link) = (tones.folder + "/text.srt", tones.folder + "/link.txt")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      #expect(try Tool.run("transcribe", clip, "-m", tones.model, "-o", file).status == 0)
      let text = try tones.read("text.srt")
      for path in [file, link] {
        let run = try Tool.run("transcribe", clip, clip, "-m", tones.model, "-o", path)
        #expect(run.status == 1)
      }
      for path in [file, link] {
        let run = try Tool.run("transcribe", clip, "-m", tones.model, "-o", path)
        #expect(run.status == 1 && run.errorLines.count == 1, "\(run.errors)")
        #expect(run.errors.hasPrefix("stapes: \(path): the file exists already"), "\(run.errors)")
      }
      #expect(try tones.read("text.srt") == text)
      #expect(try tones.read("mine") == "mine\n")
      let meant = ["transcribe", clip, "-m", tones.model, "--overwrite", "-o"]
      #expect(try Tool.run(meant + [file]).status == 0)
      // A link to the clip is the clip.
      try FileManager.default.removeItem(atPath: link)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: clip)
      let sound = try Data(contentsOf: URL(filePath: clip))
      let run = try Tool.run(meant + [link])
      #expect(run.status == 1 && run.errors.contains("is read"), "\(run.errors)")
      #expect(try Data(contentsOf: URL(filePath: clip)) == sound)
    }
  }

  @Test func `an output that is a file where a folder is needed is told in words`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab", in: "in/a.wav")
      for output in [clip, clip + "/texts", clip + "/text.srt"] {
        for command in [["transcribe", clip], ["batch", tones.folder + "/in"]] {
          let run = try Tool.run(command + ["-m", tones.model, "-o", output])
          #expect(run.status == 1 && run.errorLines.count == 1, "\(run.errors)")
          #expect(run.errors.hasPrefix("stapes: \(clip): it is a file"), "\(run.errors)")
        }
      }
      // A file in the way of a folder for one transcript of many.
      try tones.say("b", in: "in/x/b.wav")
      try tones.write("mine".utf8, to: "out/x")
      let run = try Tool.run(
        "batch", tones.folder + "/in", "-m", tones.model, "-o", tones.folder + "/out")
      #expect(run.status == 1 && run.errors.contains("/out/x: it is a file"), "\(run.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: tones.folder + "/out") == ["x"])
    }
  }

  @Test func `a dash for the output is standard output, and nothing for a batch`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab", in: "in/a.wav")
      let run = try Tool.shell(
        "cd \(tones.folder) && stapes transcribe \(clip) -m \(tones.model) -o -; ls")
      #expect(run.output == "ab\nin\ntones.safetensors\n", "\(run.errors)")
      let batch = try Tool.shell(
        "cd \(tones.folder) && stapes batch in -m \(tones.model) -o -; status=$?; ls; exit $status")
      #expect(batch.status == 1 && batch.output == "in\ntones.safetensors\n", "\(batch.output)")
    }
  }

  @Test func `corrected transcripts are kept and named, and those of clips that are gone`() throws {
    try Tones.run { tones in
      for name in ["a", "b", "c"] { try tones.say(name, in: "in/\(name).wav") }
      let arguments = [
        "batch", tones.folder + "/in", "-m", tones.model, "-o", tones.folder + "/out",
      ]
      #expect(try Tool.run(arguments).status == 0)
      try tones.write("corrected\n".utf8, to: "out/b.txt")
      try FileManager.default.removeItem(atPath: tones.folder + "/in/c.wav")
      let run = try Tool.run(arguments + ["--beam", "3"])
      #expect(run.status == 0)
      #expect(
        run.errors.contains("1 transcript corrected since it was written, and kept: b.txt"),
        "\(run.errors)")
      #expect(
        run.errors.contains("1 transcript of a sound file that is gone")
          && run.errors.contains("c.txt"),
        "\(run.errors)")
      let pruned = try Tool.run(arguments + ["--beam", "3", "--prune"])
      #expect(
        pruned.errors.contains("1 transcript deleted because its sound file is gone: c.txt"),
        "\(pruned.errors)")
      let left = try FileManager.default.contentsOfDirectory(atPath: tones.folder + "/out")
      #expect(left.sorted() == [".stapes", "a.txt", "b.txt"])
      #expect(try tones.read("out/b.txt") == "corrected\n")
    }
  }
}

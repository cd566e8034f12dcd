import FoundationEssentials
import StapesAudio
import StapesFiles
import StapesRecognition
import StapesBatch
import StapesTranscript
import TestSupport
import Testing

/// What a batch leaves alone in its output folder.
@Suite struct BatchOutputTests {
  @Test(arguments: TranscriptFormat.allCases)
  func `a file that no batch wrote is refused by name before any work`(
    format: TranscriptFormat
  ) async throws {
    try await BatchFiles.run { files in
      let name = "in/x/door.\(format.fileExtension)"
      try files.say("ab", in: "in/a.wav")
      try files.say("ab", in: "in/x/door.wav")
      try files.write("door\n", to: name)
      let options = BatchOptions(formats: [format])
      #expect(
        try await files.refusal(to: "in", options) == .file(.occupied(["\(files.folder)/\(name)"])))
      #expect(try files.read(name) == "door\n")
      #expect(!files.exists("in/a.\(format.fileExtension)"), "nothing else was done")
      #expect(!files.exists("in/.stapes"))
    }
  }

  @Test func `all files in the way are named, and replaced only where that is said`() async throws {
    try await BatchFiles.run { files in
      for name in ["a", "b", "c"] { try files.say(name, in: "in/\(name).wav") }
      try files.write("b by hand\n", to: "out/b.txt")
      try files.write("c by hand\n", to: "out/c.txt")
      try files.write("my own table", to: "out/errors.tsv")
      let paths = ["b.txt", "c.txt", "errors.tsv"].map { "\(files.folder)/out/\($0)" }
      #expect(try await files.refusal() == .file(.occupied(paths)))
      let message = FileError.occupied(paths).description
      #expect(paths.allSatisfy { message.contains($0) } && message.contains("--overwrite"))
      #expect(try files.read("out/b.txt") == "b by hand\n")
      #expect(try files.read("out/errors.tsv") == "my own table")
      var options = BatchOptions()
      options.overwrites = true
      #expect(try await files.run(files.batch(["in"], to: "out", options)).failed.isEmpty)
      #expect(try files.read("out/b.txt") == "b\n")
      // From now on they are the batch's own.
      try files.remove("out/errors.tsv")
      #expect(try await files.run(files.batch()).done.isEmpty)
      try files.say("ca", in: "in/c.wav")
      #expect(try await files.run(files.batch()).done == ["c.wav"])
      #expect(try files.read("out/c.txt") == "ca\n")
    }
  }

  @Test func `links, folders and pipes in the way are refused, and so is an input`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "in/a.wav")
      try files.write("label\n", to: "label")
      try files.write("", to: "out/other")
      let manager = FileManager.default
      let path = files.folder + "/out/a.txt"
      for target in [files.folder + "/label", "/none/at/all"] {
        try files.link("out/a.txt", to: target)
        #expect(try await files.refusal() == .file(.occupied([path])))
        try files.remove("out/a.txt")
      }
      try manager.linkItem(atPath: files.folder + "/label", toPath: path)
      #expect(try await files.refusal() == .file(.occupied([path])))
      try files.remove("out/a.txt")
      #expect(try files.read("label") == "label\n")
      var options = BatchOptions()
      options.overwrites = true
      try files.write("x", to: "out/a.txt/inside")
      #expect(try await files.refusal(["in"], to: "out", options) != nil)
      #expect(try files.read("out/a.txt/inside") == "x")
      try files.remove("out/a.txt")
      // An output that is the sound itself, by a link or as it is, is never replaced.
      let sound = try Data(contentsOf: URL(filePath: files.folder + "/in/a.wav"))
      try files.link("out/a.txt", to: files.folder + "/in/a.wav")
      #expect(
        try await files.refusal(["in"], to: "out", options)
          == .file(FileError(path, .write, .isInput)))
      try sound.write(to: URL(filePath: files.folder + "/in/b.txt"))
      #expect(
        try await files.refusal(["in/b.txt"], to: "in", options)
          == .file(FileError(files.folder + "/in/b.txt", .write, .isInput)))
      #expect(try Data(contentsOf: URL(filePath: files.folder + "/in/a.wav")) == sound)
      #expect(try Data(contentsOf: URL(filePath: files.folder + "/in/b.txt")) == sound)
    }
  }

  @Test func `a transcript that was corrected is kept, whatever else changes`() async throws {
    try await BatchFiles.run { files in
      for name in ["a", "b", "c"] { try files.say(name, in: "in/\(name).wav") }
      let both = BatchOptions(formats: [.txt, .tsv])
      try await files.run(files.batch(["in"], to: "out", both))
      try files.write("A\n", to: "out/a.txt")  // as long as it was
      try files.write("b as it was said\n", to: "out/b.txt")
      let again = try await files.run(files.batch(["in"], to: "out", both))
      #expect(again.done.isEmpty)
      #expect(again.kept == ["a.txt", "b.txt"])
      // Another model, then other sound: what was not corrected is made anew.
      let recipe = BatchOptions(formats: [.txt, .tsv], recipe: 7)
      let other = try await files.run(files.batch(["in"], to: "out", recipe))
      #expect(other.done == ["a.wav", "b.wav", "c.wav"] && other.kept == ["a.txt", "b.txt"])
      try files.say("cab", in: "in/a.wav")
      #expect(try await files.run(files.batch(["in"], to: "out", recipe)).done == ["a.wav"])
      #expect(try files.read("out/a.txt") == "A\n")
      #expect(try files.read("out/b.txt") == "b as it was said\n")
      #expect(try files.read("out/a.tsv").hasSuffix("\tcab\n"))
      #expect(try await files.run(files.batch(["in"], to: "out", recipe)).done.isEmpty)
      // Where it is all that is asked for, there is nothing to transcribe.
      let alone = try files.batch(["in"], to: "out", BatchOptions(recipe: 8))
      #expect(alone.items.map(\.path) == ["c.wav"] && alone.keptOutputs == ["a.txt", "b.txt"])
      var overwriting = BatchOptions()
      overwriting.overwrites = true
      try await files.run(files.batch(["in"], to: "out", overwriting))
      #expect(try files.read("out/a.txt") == "cab\n")
      #expect(try files.read("out/b.txt") == "b\n")
    }
  }

  @Test func `what comes into the output folder while a batch runs is kept`() async throws {
    try await BatchFiles.run { files in
      for number in 0..<40 { try files.say("ab", in: "in/\(number).wav") }
      try files.say("c", in: "in/old.wav")
      try await files.run(files.batch(["in/old.wav"]))
      let batch = try files.batch(["in"], to: "out", BatchOptions(recipe: 7))
      var last: String?
      let run = try await files.run(batch) { outcome in
        guard last == nil else { return }
        // Whichever comes first: the others, of which one group at most is in hand, come later.
        last = outcome.item.path
        for item in batch.items where item.path != last {
          try? files.write("by hand \(item.path)\n", to: "out/\(item.outputPaths[0])")
        }
      }
      #expect(run.done.count == 41)
      #expect(run.failed.count + run.kept.count == 40)
      for item in batch.items where item.path != last {
        #expect(try files.read("out/\(item.outputPaths[0])") == "by hand \(item.path)\n")
      }
    }
  }

  @Test func `another clip of the same name does not replace a transcript`() async throws {
    try await BatchFiles.run { files in
      try files.say("a", in: "monday/clip.wav")
      try files.say("b", in: "tuesday/clip.wav")
      try await files.run(files.batch(["monday"]))
      let path = files.folder + "/out/clip.txt"
      #expect(try await files.refusal(["tuesday"]) == .file(.occupied([path])))
      #expect(try files.read("out/clip.txt") == "a\n")
      // A folder that was moved is the same clips.
      try FileManager.default.moveItem(
        atPath: files.folder + "/monday", toPath: files.folder + "/moved")
      #expect(try await files.run(files.batch(["moved"])).done.isEmpty)
      #expect(try await files.run(files.batch(["moved"])).done.isEmpty)
    }
  }

  @Test func `transcripts of clips that are gone are listed, and removed when asked`() async throws
  {
    try await BatchFiles.run { files in
      for name in ["a", "b", "x/c", "d"] { try files.say("ab", in: "in/\(name).wav") }
      try files.say("c", in: "elsewhere/e.wav")
      let both = BatchOptions(formats: [.txt, .tsv])
      try await files.run(files.batch(["in"], to: "out", both))
      try await files.run(files.batch(["elsewhere"]))
      try FileManager.default.moveItem(
        atPath: files.folder + "/in/a.wav", toPath: files.folder + "/in/new.wav")
      try files.remove("in/x/c.wav")
      try files.remove("in/d.wav")
      try files.write("corrected\n", to: "out/d.txt")
      try files.write("foreign\n", to: "out/foreign.txt")
      let batch = try files.batch(["in"], to: "out", both)
      #expect(
        batch.staleOutputs == ["a.tsv", "a.txt", "d.tsv", "d.txt", "x/c.tsv", "x/c.txt"])
      try await files.run(batch)
      #expect(files.exists("out/a.txt"), "they are only listed")
      #expect(batch.prune() == ["a.tsv", "a.txt", "d.tsv", "x/c.tsv", "x/c.txt"])
      #expect(!files.exists("out/a.txt") && !files.exists("out/x/c.tsv"))
      #expect(try files.read("out/d.txt") == "corrected\n")
      for kept in ["b.txt", "b.tsv", "new.txt", "e.txt", "foreign.txt"] {
        #expect(files.exists("out/" + kept), "\(kept)")
      }
      #expect(try files.batch(["in"], to: "out", both).staleOutputs == ["d.txt"])
    }
  }
}

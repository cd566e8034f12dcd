import FoundationEssentials
import StapesAudio
import StapesFiles
import StapesRecognition
import StapesBatch
import TestSupport
import Testing

/// What a batch makes of a journal of version 0.1.0.
@Suite struct EarlierJournalTests {
  private static var now: Int { Int(Date().timeIntervalSince1970 * 1e6) }

  /// The line that version 0.1.0 wrote for a clip of a transcript that is there.
  private func line(_ files: BatchFiles, _ name: String, recipe: String = "7") throws -> String {
    let clip = try #require(FileNode(at: "\(files.folder)/in/\(name).wav"))
    let text = try #require(FileNode(at: "\(files.folder)/out/\(name).txt"))
    var hash = ContentHash()
    try hash.addFile("\(files.folder)/in/\(name).wav")
    return BatchFiles.journalLine([
      "\(Self.now)", "\(name).wav", recipe, "\(clip.size)", "\(clip.modified)",
      String(hash.value, radix: 16), "0.5", "done", "\(name).txt", "\(text.size)",
    ])
  }

  private func prepare(_ files: BatchFiles) throws -> BatchOptions {
    for name in ["a", "b", "c", "d"] {
      try files.say("ab", in: "in/\(name).wav")
      try files.write("\(name)\n", to: "out/\(name).txt")
    }
    let lines = try ["a", "b", "c"].map { try line(files, $0) } + [line(files, "d", recipe: "8")]
    try files.write(lines.joined(), to: "out/.stapes/journal")
    var options = BatchOptions(recipe: 5)
    options.earlierRecipe = 7
    return options
  }

  @Test func `what is the same by all that it tells is not done again`() async throws {
    try await BatchFiles.run { files in
      let options = try prepare(files)
      #expect(try await files.run(files.batch(["in"], to: "out", options)).done == ["d.wav"])
      #expect(try files.read("out/a.txt") == "a\n")
      #expect(try files.read("out/d.txt") == "ab\n")
      // From now on the lines are those of this version.
      #expect(
        try await files.run(files.batch(["in"], to: "out", BatchOptions(recipe: 5))).done.isEmpty)
    }
  }

  @Test func `a corrected transcript is kept, and a changed clip is done again`() async throws {
    try await BatchFiles.run { files in
      let options = try prepare(files)
      try files.write("corrected\n", to: "out/a.txt")
      try files.touch("out/b.txt", 4e9)  // changed after the line, as far as anyone can tell
      try files.say("ba", in: "in/c.wav")
      let run = try await files.run(files.batch(["in"], to: "out", options))
      #expect(run.done == ["c.wav", "d.wav"] && run.kept == ["a.txt", "b.txt"])
      #expect(try files.read("out/a.txt") == "corrected\n")
      #expect(try files.read("out/c.txt") == "ba\n")
      let again = try await files.run(files.batch(["in"], to: "out", options))
      #expect(again.done.isEmpty && again.kept == ["a.txt", "b.txt"])
    }
  }

  @Test func `without a recipe that can be told all is done again but what was corrected`()
    async throws
  {
    try await BatchFiles.run { files in
      _ = try prepare(files)
      try files.write("corrected\n", to: "out/b.txt")
      let run = try await files.run(files.batch(["in"], to: "out", BatchOptions(recipe: 5)))
      #expect(run.done == ["a.wav", "c.wav", "d.wav"] && run.kept == ["b.txt"])
      #expect(try files.read("out/b.txt") == "corrected\n")
    }
  }

  @Test func `a merge keeps what it tells`() async throws {
    try await BatchFiles.run { files in
      let options = try prepare(files)
      try FileManager.default.moveItem(
        atPath: files.folder + "/out/.stapes/journal",
        toPath: files.folder + "/out/.stapes/journal.1-of-2")
      #expect(try BatchMerge(outputFolder: files.folder + "/out").doneCount == 4)
      #expect(try await files.run(files.batch(["in"], to: "out", options)).done == ["d.wav"])
    }
  }

  @Test func `the time after which a file was given up is read from its message`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "in/a.wav")
      let clip = try #require(FileNode(at: files.folder + "/in/a.wav"))
      var hash = ContentHash()
      try hash.addFile(files.folder + "/in/a.wav")
      try files.write(
        BatchFiles.journalLine([
          "\(Self.now)", "a.wav", "7", "\(clip.size)", "\(clip.modified)",
          String(hash.value, radix: 16), "0.5", "failed", "took too long",
          "3 given up after/a.wav: given up after 2.5 seconds; allow it more, or divide it",
        ]), to: "out/.stapes/journal")
      for (timeout, count) in [(2.0, 0), (2.5, 0), (3.0, 1)] {
        var options = BatchOptions(audio: AudioOptions(timeout: timeout))
        options.earlierRecipe = 7
        #expect(try files.batch(["in"], to: "out", options).items.count == count, "\(timeout) s")
      }
    }
  }
}

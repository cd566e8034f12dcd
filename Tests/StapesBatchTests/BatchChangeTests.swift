import FoundationEssentials
import StapesAudio
import StapesFiles
import StapesRecognition
import StapesBatch
import TestSupport
import Testing

/// How a batch notices what has changed, against clocks and other batches.
@Suite struct BatchChangeTests {
  @Test func `a file that was replaced with its old time and size is done again`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "in/a.wav")
      try files.touch("in/a.wav", 1_000_000)
      try await files.run(files.batch())
      try files.say("ba", in: "in/a.wav")
      try files.touch("in/a.wav", 1_000_000)
      #expect(try await files.run(files.batch()).done == ["a.wav"])
      #expect(try files.read("out/a.txt") == "ba\n")
    }
  }

  @Test func `a file that is replaced before it is read is read as it is then`() async throws {
    try await BatchFiles.run { files in
      for name in ["a", "b", "c"] { try files.say("ab", in: "in/\(name).wav") }
      let batch = try files.batch()
      try files.say("cab", in: "in/a.wav")
      try files.remove("in/b.wav")
      let run = try await files.run(batch)
      #expect(run.done == ["a.wav", "b.wav", "c.wav"] && run.failed == ["b.wav"])
      #expect(try files.read("out/a.txt") == "cab\n")
      try files.say("ca", in: "in/b.wav")
      #expect(try await files.run(files.batch()).done == ["b.wav"])
      #expect(try await files.run(files.batch()).done.isEmpty)
    }
  }

  @Test func `the line that was written last counts, whatever the clocks say`() async throws {
    try await BatchFiles.run { files in
      try files.write("no sound", to: "in/a.wav")
      #expect(try await files.run(files.batch()).failed == ["a.wav"])
      let day = 86_400_000_000
      try files.reclock(by: 365 * day)
      try files.say("ab", in: "in/a.wav")
      #expect(try await files.run(files.batch()).done == ["a.wav"])
      let again = try await files.run(files.batch())
      #expect(again.done.isEmpty && again.failed.isEmpty)
      #expect(!files.exists("out/errors.tsv"))
      // As a clock that was ahead and was set right has it: the last line has the earlier time.
      try files.write("no sound", to: "in/b.wav")
      try await files.run(files.batch())
      let failed = try files.read("out/.stapes/journal")
      try files.reclock(by: 365 * day)
      let ahead = try files.read("out/.stapes/journal")
      try files.write(failed, to: "out/.stapes/journal")
      try files.say("c", in: "in/b.wav")
      try await files.run(files.batch())
      let mended = try files.read("out/.stapes/journal").dropFirst(failed.count)
      try files.write(ahead + mended, to: "out/.stapes/journal")
      let right = try await files.run(files.batch())
      #expect(right.done.isEmpty && right.failed.isEmpty)
    }
  }

  @Test func `parts with clocks that differ are merged in the order of what was done`() async throws
  {
    try await BatchFiles.run { files in
      try files.write("no sound", to: "in/a.wav")
      for number in 1...2 {
        try await files.run(
          files.batch(["in"], to: "out", BatchOptions(shard: Shard(number: number, of: 2))))
      }
      for number in 1...2 where files.exists("out/.stapes/journal.\(number)-of-2") {
        try files.reclock("out/.stapes/journal.\(number)-of-2", by: 86_400_000_000)
      }
      try files.say("ab", in: "in/a.wav")
      #expect(try await files.run(files.batch()).done == ["a.wav"])
      #expect(try await files.run(files.batch()).done.isEmpty)
      #expect(try BatchMerge(outputFolder: files.folder + "/out").failures.isEmpty)
      #expect(try await files.run(files.batch()).done.isEmpty)
      try files.write("corrected\n", to: "out/a.txt")
      #expect(try await files.run(files.batch()).kept == ["a.txt"])
    }
  }

  @Test func `a longer timeout tries again what took too long`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "in/a.wav")
      func options(_ timeout: Double?) -> BatchOptions {
        BatchOptions(audio: AudioOptions(timeout: timeout))
      }
      let first = try await files.run(files.batch(["in"], to: "out", options(1e-9)))
      #expect(first.failed == ["a.wav"])
      #expect(try files.batch(["in"], to: "out", options(1e-9)).items.isEmpty)
      #expect(try files.batch(["in"], to: "out", options(1e-10)).items.isEmpty)
      #expect(try files.batch(["in"], to: "out", options(nil)).items.count == 1)
      let longer = try await files.run(files.batch(["in"], to: "out", options(1000)))
      #expect(longer.done == ["a.wav"] && longer.failed.isEmpty)
    }
  }

  @Test func `what needed ffmpeg is tried again once there is one`() async throws {
    try await BatchFiles.run { files in
      let phone = "\0\0\0 ftypM4A isom" + String(repeating: "7", count: 99)
      try files.write(phone, to: "in/a.m4a")
      func options(_ program: String?) -> BatchOptions {
        BatchOptions(audio: AudioOptions(ffmpeg: program))
      }
      let first = try await files.run(files.batch(["in"], to: "out", options(nil)))
      #expect(first.failed == ["a.m4a"])
      #expect(try files.batch(["in"], to: "out", options("/nowhere/ffmpeg")).items.isEmpty)
      try files.say("ab", in: "b.wav")
      try installProgram(
        "#!/bin/sh\nexec cat '\(files.folder)/b.wav'\n", at: "\(files.folder)/ffmpeg")
      let found = options("\(files.folder)/ffmpeg")
      let second = try await files.run(files.batch(["in"], to: "out", found))
      #expect(second.done == ["a.m4a"] && second.failed.isEmpty)
      #expect(try files.batch(["in"], to: "out", found).items.isEmpty)
    }
  }

  @Test func `another batch into the same folder leaves the list of failures`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "one/a.wav")
      try files.write("no sound", to: "one/bad.wav")
      try files.say("c", in: "two/c.wav")
      #expect(try await files.run(files.batch(["one"])).failed == ["bad.wav"])
      let list = try files.read("out/errors.tsv")
      #expect(try await files.run(files.batch(["two"])).failed.isEmpty)
      #expect(try files.read("out/errors.tsv") == list)
      // Once the file is gone, the next batch of any kind clears it away.
      try files.remove("one/bad.wav")
      try await files.run(files.batch(["two"]))
      #expect(!files.exists("out/errors.tsv"))
    }
  }

  @Test func `a journal that is a link is refused, and what it leads to stays`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "in/a.wav")
      try files.write("precious\n", to: "precious")
      for name in ["out/.stapes/journal", "out/.stapes/turn"] {
        try files.write("", to: "out/.stapes/place")
        try files.link(name, to: files.folder + "/precious")
        let path = files.folder + "/" + name
        #expect(
          try await files.refusal() == .file(FileError(path, .write, .link)))
        try files.remove("out")
      }
      try files.write("", to: "elsewhere/journal")
      try files.write("", to: "out/place")
      try files.link("out/.stapes", to: files.folder + "/elsewhere")
      #expect(try await files.refusal() != nil)
      #expect(try files.read("elsewhere/journal").isEmpty)
      #expect(try files.read("precious") == "precious\n")
    }
  }

  @Test func `files with a time in the future are not waited for`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "in/a.wav")
      try files.touch("in/a.wav", 4e9)
      var options = BatchOptions()
      options.leastAge = 1e-9  // any time that has passed is enough
      #expect(try files.batch(["in"], to: "out", options).items.count == 1)
      options.leastAge = 1e6
      #expect(try files.batch(["in"], to: "out", options).items.isEmpty, "it was changed just now")
    }
  }
}

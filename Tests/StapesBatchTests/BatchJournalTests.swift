import FoundationEssentials
import StapesAudio
import StapesRecognition
import StapesBatch
import StapesTranscript
import TestSupport
import Testing

/// What a batch knows of the runs before it.
@Suite struct BatchJournalTests {
  let recognizer: Recognizer

  init() throws {
    recognizer = try Recognizer(model: .model(ToneLanguage.model()))
  }

  func say(_ text: String, in path: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try AudioFileWriter.writeWAV(
      samples: ToneLanguage.samples(saying: text), sampleRate: 8000, to: path)
  }

  func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  /// Sets when a file was changed last.
  func touch(_ path: String, _ seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
  }

  /// Runs a batch; returns what it did and what failed.
  func run(
    _ folder: String, options: BatchOptions = BatchOptions()
  ) async throws -> (done: [String], failed: [String]) {
    let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out", options: options)
    var done: [String] = []
    let failures = try await batch.run(with: recognizer, threadCount: 2) { outcome in
      done.append(outcome.item.path)
    }
    return (done.sorted(), failures.map(\.path))
  }

  @Test func `a second run does only what is missing or has changed`() async throws {
    try await withTemporaryFolder { folder in
      for (name, text) in [("a", "ab"), ("b", "b"), ("x/c", "ca"), ("x/d", "a")] {
        try say(text, in: "\(folder)/in/\(name).wav")
      }
      #expect(try await run(folder).done == ["a.wav", "b.wav", "x/c.wav", "x/d.wav"])
      #expect(try await run(folder).done.isEmpty)

      // Another time alone is no change, and is looked into only once.
      try touch(folder + "/in/a.wav", 1_000_000)
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      #expect(batch.items.isEmpty)
      #expect(batch.settledCount == 4)
      #expect(try await run(folder).done.isEmpty)

      try say("cb", in: folder + "/in/b.wav")
      try FileManager.default.removeItem(atPath: folder + "/out/x/c.txt")
      try say("c", in: folder + "/in/new.wav")
      #expect(try await run(folder).done == ["b.wav", "new.wav", "x/c.wav"])
      #expect(try read(folder + "/out/b.txt") == "cb\n")
      #expect(try read(folder + "/out/x/c.txt") == "ca\n")

      // A transcript that is not as it was written, another model, another format.
      try write("", to: folder + "/out/a.txt")
      #expect(try await run(folder).done == ["a.wav"])
      let recipe = BatchOptions(recipe: 7)
      #expect(try await run(folder, options: recipe).done.count == 5)
      #expect(try await run(folder, options: recipe).done.isEmpty)
      let formats = BatchOptions(formats: [.txt, .tsv], recipe: 7)
      #expect(try await run(folder, options: formats).done.count == 5)
      #expect(try await run(folder, options: formats).done.isEmpty)
    }
  }

  @Test func `content of the same size and time as before, but another, is the one exception`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let path = folder + "/in/a.wav"
      try say("ab", in: path)
      try touch(path, 1_000_000)
      _ = try await run(folder)
      try say("ba", in: path)
      try touch(path, 2_000_000)
      #expect(try await run(folder).done == ["a.wav"])
      #expect(try read(folder + "/out/a.txt") == "ba\n")
    }
  }

  @Test func `what failed is tried again when it changes or when that is asked for`() async throws {
    try await withTemporaryFolder { folder in
      try say("a", in: folder + "/in/good.wav")
      try write("This is no sound.", to: folder + "/in/bad.wav")
      try write("Nor is this.", to: folder + "/in/worse.wav")
      let first = try await run(folder)
      #expect(first.done == ["bad.wav", "good.wav", "worse.wav"])
      #expect(first.failed == ["bad.wav", "worse.wav"])
      let second = try await run(folder)
      #expect(second.done.isEmpty)
      #expect(second.failed == ["bad.wav", "worse.wav"])
      #expect(try read(folder + "/out/errors.tsv").split(separator: "\n").count == 3)
      let retried = try await run(folder, options: BatchOptions(retriesFailures: true))
      #expect(retried.done == ["bad.wav", "worse.wav"])
      try say("c", in: folder + "/in/bad.wav")
      let mended = try await run(folder)
      #expect(mended.done == ["bad.wav"])
      #expect(mended.failed == ["worse.wav"])
      #expect(try read(folder + "/out/errors.tsv").split(separator: "\n").count == 2)
    }
  }

  @Test func `a journal torn anywhere loses no more than its last line`() async throws {
    try await withTemporaryFolder { folder in
      for name in ["a", "b", "c\t\\d"] { try say("ab", in: "\(folder)/in/\(name).wav") }
      _ = try await run(folder)
      let path = folder + "/out/.stapes/journal"
      let whole = Array(try Data(contentsOf: URL(filePath: path)))
      let lineCount = whole.count { $0 == UInt8(ascii: "\n") }
      #expect(lineCount == 3)
      for count in stride(from: 0, through: whole.count, by: 7) {
        try Data(whole[..<count]).write(to: URL(filePath: path))
        // A line of which only the end is missing is whole all the same.
        let complete = whole.indices.count { $0 <= count && whole[$0] == UInt8(ascii: "\n") }
        let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
        #expect(batch.items.count == 3 - complete, "\(count) bytes")
      }
      // A line that is appended after a torn one is not lost with it.
      try Data(whole[..<(whole.count - 5)]).write(to: URL(filePath: path))
      #expect(try await run(folder).done.count == 1)
      #expect(try await run(folder).done.isEmpty)
      // Nor is a line believed in which a byte was changed.
      for place in stride(from: 3, to: whole.count, by: 11) {
        var altered = whole
        altered[place] ^= 1
        try Data(altered).write(to: URL(filePath: path))
        let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
        #expect((1...3).contains(batch.items.count), "byte \(place)")
      }
    }
  }

  @Test func `parts have each file once, and know of each other's failures`() async throws {
    try await withTemporaryFolder { folder in
      for number in 0..<40 { try say("a", in: "\(folder)/in/\(number % 4)/\(number).wav") }
      for number in 0..<8 { try write("no sound", to: "\(folder)/in/bad\(number).wav") }
      for count in [1, 2, 3, 7] {
        var seen: [String] = []
        let options = (1...count).map {
          BatchOptions(shard: Shard(number: $0, of: count), recipe: UInt64(count))
        }
        for part in options { seen += try await run(folder, options: part).done }
        #expect(seen.count == 48)
        #expect(Set(seen).count == 48)
        #expect(try read(folder + "/out/errors.tsv").split(separator: "\n").count == 9)
        let whole = BatchOptions(recipe: UInt64(count))
        #expect(try await run(folder, options: whole).done.isEmpty)
      }
    }
  }

  @Test func `the journals of parts become one, with the latest record of each file`() async throws
  {
    try await withTemporaryFolder { folder in
      let output = folder + "/out"
      #expect(throws: RecognitionError.noJournal(path: output)) {
        try BatchMerge(outputFolder: output)
      }
      for number in 0..<20 { try say("a", in: "\(folder)/in/\(number).wav") }
      for number in 0..<3 { try write("no sound", to: "\(folder)/in/bad\(number).wav") }
      for number in 1...3 {
        _ = try await run(folder, options: BatchOptions(shard: Shard(number: number, of: 3)))
      }
      // One of the failures is mended in a later run of the whole.
      try FileManager.default.removeItem(atPath: folder + "/in/bad1.wav")
      try say("ab", in: folder + "/in/bad1.wav")
      #expect(try await run(folder).done.count == 1)
      // As after a copy, the list is that of some part.
      try write("path\tcause\terror\n", to: output + "/errors.tsv")
      for _ in 0..<2 {
        let merge = try BatchMerge(outputFolder: output)
        #expect(merge.doneCount == 21)
        #expect(merge.failures.map(\.path) == ["bad0.wav", "bad2.wav"])
        let journals = try FileManager.default.contentsOfDirectory(atPath: output + "/.stapes")
          .filter { $0.hasPrefix("journal") }
        #expect(journals == ["journal"])
        let rows = try read(output + "/errors.tsv").split(separator: "\n")
        #expect(rows.map { $0.prefix(4) } == ["path", "bad0", "bad2"])
      }
      #expect(try await run(folder).done.isEmpty)
    }
  }

  @Test func `several inputs keep their places below what they have in common`() async throws {
    try await withTemporaryFolder { folder in
      for name in ["p/a/1.wav", "p/b/x/1.wav", "p/c.wav", "q/2.wav"] {
        try say("ab", in: "\(folder)/\(name)")
      }
      func names(_ inputs: [String], listed: [String] = []) throws -> [String] {
        try BatchRun(
          inputs.map { "\(folder)/\($0)" }, listed: listed.map { "\(folder)/\($0)" },
          outputFolder: folder + "/out"
        ).items.map(\.path)
      }
      #expect(try names(["p/a"]) == ["1.wav"])
      #expect(try names(["p/a", "p/b"]) == ["a/1.wav", "b/x/1.wav"])
      #expect(try names(["p/a/../b/./x/1.wav"]) == ["1.wav"])
      #expect(try names(["p", "p/a", "p/c.wav"]) == ["a/1.wav", "b/x/1.wav", "c.wav"])
      #expect(try names(["p/c.wav", "q"]) == ["p/c.wav", "q/2.wav"])
      #expect(try names([], listed: ["q/2.wav", "q/none.wav"]) == ["2.wav", "none.wav"])
      try write("\(folder)/p/a\n\n\(folder)/q/none.wav\r\n", to: folder + "/list")
      let listed = try BatchRun.paths(inList: folder + "/list")
      #expect(listed == ["\(folder)/p/a", "\(folder)/q/none.wav"])
      let batch = try BatchRun([], listed: listed, outputFolder: folder + "/out")
      let failures = try await batch.run(with: recognizer, threadCount: 1)
      #expect(failures.map(\.path) == ["q/none.wav"])
      #expect(failures.map(\.cause) == ["missing"])
      #expect(try read(folder + "/out/p/a/1.txt") == "ab\n")
    }
  }

  @Test func `an output folder that becomes full or read-only ends the run at once`() async throws {
    try await withTemporaryFolder { folder in
      for number in 0..<60 { try say("a", in: "\(folder)/in/\(number).wav") }
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      var endedCount = 0
      await #expect(throws: RecognitionError.self) {
        _ = try await batch.run(with: recognizer, threadCount: 1) { _ in
          endedCount += 1
          // From now on nothing can be made where the folders were.
          guard endedCount == 1 else { return }
          try? FileManager.default.moveItem(
            atPath: folder + "/out", toPath: folder + "/done")
          try? Data().write(to: URL(filePath: folder + "/out"))
        }
      }
      #expect(endedCount < 60)
      try FileManager.default.removeItem(atPath: folder + "/out")
      try FileManager.default.moveItem(atPath: folder + "/done", toPath: folder + "/out")
      let rest = try await run(folder).done.count
      #expect(rest > 0 && rest < 60)
    }
  }

  @Test func `a pipe among the files is a failure, and nobody waits for it`() async throws {
    try await withTemporaryFolder { folder in
      try say("a", in: folder + "/in/a.wav")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/in/device.wav", withDestinationPath: "/dev/zero")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/in/nowhere.wav", withDestinationPath: "/none/at/all")
      let ended = try await run(folder)
      #expect(ended.failed == ["device.wav", "nowhere.wav"])
      #expect(ended.done.count == 3)
    }
  }
}

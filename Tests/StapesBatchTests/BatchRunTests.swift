import FoundationEssentials
import StapesAudio
import StapesFiles
import StapesRecognition
import StapesBatch
import StapesTranscript
import Synchronization
import TestSupport
import Testing

@Suite struct BatchRunTests {
  let recognizer: Recognizer

  init() throws {
    recognizer = try Recognizer(model: .model(ToneLanguage.model()))
  }

  /// Makes a WAV file that says a text in tones.
  func say(_ text: String, in path: String) throws {
    try makeFolder(path.split(separator: "/").dropLast().joined(separator: "/"))
    try AudioFileWriter.writeWAV(
      samples: ToneLanguage.samples(saying: text), sampleRate: 8000, to: path)
  }

  func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: "/" + path, withIntermediateDirectories: true)
  }

  func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  /// All files below a folder but hidden ones, sorted.
  func tree(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
      .sorted()
  }

  @Test func `mirrors the tree, with each text in its place`() async throws {
    try await withTemporaryFolder { folder in
      let texts = ["one.wav": "a", "x/two.wav": "ab c", "x/y z/three.wav": "", "x/q.v.wav": "bb"]
      for (path, text) in texts { try say(text, in: "\(folder)/in/\(path)") }
      try write("no sound", to: folder + "/in/x/notes.txt")
      try write("hidden", to: folder + "/in/.hidden.wav")

      for threadCount in [1, 3] {
        let output = folder + "/out\(threadCount)"
        let batch = try BatchRun([folder + "/in"], outputFolder: output)
        #expect(batch.items.map(\.path) == texts.keys.sorted())
        #expect(batch.otherFileCount == 1)
        var ended: [String] = []
        let failures = try await batch.run(with: recognizer, threadCount: threadCount) { outcome in
          ended.append(outcome.item.path)
        }
        #expect(failures.isEmpty)
        #expect(ended.sorted() == texts.keys.sorted())
        #expect(
          try tree(output) == [
            "one.txt", "x", "x/q.v.txt", "x/two.txt", "x/y z", "x/y z/three.txt",
          ])
        #expect(try read(output + "/one.txt") == "a\n")
        #expect(try read(output + "/x/two.txt") == "ab c\n")
        #expect(try read(output + "/x/y z/three.txt") == "\n")
        #expect(try read(output + "/x/q.v.txt") == "bb\n")
      }
    }
  }

  @Test func `many clips of all lengths each get their own text`() async throws {
    try await withTemporaryFolder { folder in
      let letters = Array("abc")
      var texts: [String: String] = [:]
      for number in 0..<60 {
        let text = String((0..<number % 7).map { letters[(number + $0 * $0) % 3] })
        texts["\(number).wav"] = text
        try say(text, in: "\(folder)/in/\(number).wav")
      }
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      _ = try await batch.run(with: recognizer, threadCount: 2)
      for item in batch.items {
        #expect(try read(folder + "/out/" + item.outputPaths[0]) == "\(texts[item.path] ?? "?")\n")
      }
    }
  }

  @Test func `one bad file does not stop the others, and is listed`() async throws {
    try await withTemporaryFolder { folder in
      try say("ab", in: folder + "/in/good.wav")
      try write("This is no sound.", to: folder + "/in/bad\ttab.wav")
      try write("", to: folder + "/in/empty.flac")
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      let failures = try await batch.run(with: recognizer, threadCount: 2)
      #expect(failures.map(\.path) == ["bad\ttab.wav", "empty.flac"])
      #expect(try tree(folder + "/out") == ["errors.tsv", "good.txt"])
      let lines = try read(folder + "/out/errors.tsv").split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0] == "path\tcause\terror")
      #expect(lines.dropFirst().allSatisfy { $0.split(separator: "\t").count == 3 })
      #expect(lines[1].hasPrefix("bad\\ttab.wav\tnot sound\t"))
      #expect(lines[2].hasPrefix("empty.flac\tempty\t"))

      // The list is of this run alone: once the bad files are gone, so is it.
      try FileManager.default.removeItem(atPath: folder + "/in/bad\ttab.wav")
      try FileManager.default.removeItem(atPath: folder + "/in/empty.flac")
      let again = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      #expect(try await again.run(with: recognizer, threadCount: 1).isEmpty)
      #expect(try tree(folder + "/out") == ["good.txt"])
    }
  }

  @Test func `names that would be the same keep their endings`() throws {
    try withTemporaryFolder { folder in
      for name in ["a.wav", "a.aiff", "a.wav.au", "b.wav", "x/a.wav", "errors.wav"] {
        try say("a", in: folder + "/in/" + name)
      }
      let batch = try BatchRun(
        [folder + "/in"], outputFolder: folder + "/out", options: BatchOptions(formats: [.tsv]))
      let outputs = Dictionary(
        uniqueKeysWithValues: batch.items.map { ($0.path, $0.outputPaths[0]) })
      #expect(
        outputs == [
          "a.wav": "a.wav.2.tsv", "a.aiff": "a.aiff.tsv", "a.wav.au": "a.wav.tsv",
          "b.wav": "b.tsv", "x/a.wav": "x/a.tsv", "errors.wav": "errors.wav.tsv",
        ])
      #expect(batch.renamedItems.map(\.path) == ["a.aiff", "a.wav", "errors.wav"])
    }
  }

  @Test func `each clip gets a file in each format, all of one name`() async throws {
    try await withTemporaryFolder { folder in
      for name in ["a.wav", "x/b.wav", "x/b.aiff", "errors.wav"] {
        try say("a", in: folder + "/in/" + name)
      }
      let batch = try BatchRun(
        [folder + "/in"], outputFolder: folder + "/out",
        options: BatchOptions(formats: [.json, .tsv, .txt]))
      #expect(batch.renamedItems.map(\.path) == ["errors.wav", "x/b.aiff", "x/b.wav"])
      _ = try await batch.run(with: recognizer, threadCount: 2)
      let stems = ["a", "errors.wav", "x/b.aiff", "x/b.wav"]
      let expected = stems.flatMap { stem in ["json", "tsv", "txt"].map { "\(stem).\($0)" } }
      #expect(try tree(folder + "/out").filter { $0 != "x" } == expected.sorted())
      #expect(try read(folder + "/out/a.txt") == "a\n")
      #expect(try read(folder + "/out/a.json").hasPrefix("{"))
      #expect(try read(folder + "/out/a.tsv").hasPrefix("path\t"))
    }
  }

  @Test func `links are followed, and a circle of them ends`() throws {
    try withTemporaryFolder { folder in
      try say("a", in: folder + "/in/x/a.wav")
      let manager = FileManager.default
      try manager.createSymbolicLink(
        atPath: folder + "/in/x/up", withDestinationPath: folder + "/in")
      try say("b", in: folder + "/elsewhere/b.wav")
      try manager.createSymbolicLink(
        atPath: folder + "/in/far", withDestinationPath: folder + "/elsewhere")
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      #expect(batch.items.map(\.path) == ["far/b.wav", "x/a.wav"])
    }
  }

  @Test func `says why there is nothing to do`() throws {
    try withTemporaryFolder { folder in
      func error(_ path: String) -> RecognitionError? {
        do throws(RecognitionError) {
          _ = try BatchRun([path], outputFolder: folder + "/out")
          return nil
        } catch {
          return error
        }
      }
      #expect(error(folder) == .noSoundFiles(path: folder))
      let missing = folder + "/missing"
      #expect(error(missing) == .file(FileError(missing, role: "folder", .read, .missing)))
      #expect(throws: RecognitionError.file(FileError(folder, role: "list", .read, .folder))) {
        try BatchRun.paths(inList: folder)
      }
      let left = try tree(folder)
      #expect(left.isEmpty)
    }
  }

  @Test func `an output folder that cannot be is told before any work`() async throws {
    try await withTemporaryFolder { folder in
      try say("a", in: folder + "/in/a.wav")
      try write("in the way", to: folder + "/out")
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      await #expect(throws: RecognitionError.self) {
        try await batch.run(with: recognizer, threadCount: 1)
      }
    }
  }

  @Test func `once cancelled no further file is begun, and finished ones stay`() async throws {
    try await withTemporaryFolder { folder in
      for number in 0..<100 { try say("a", in: "\(folder)/in/\(number).wav") }
      let batch = try BatchRun([folder + "/in"], outputFolder: folder + "/out")
      let (recognizer, handle) = (recognizer, Handle())
      let task = Task {
        while handle.task.withLock({ $0 == nil }) { await Task.yield() }
        return try await batch.run(with: recognizer, threadCount: 1) { _ in
          handle.task.withLock { $0?.cancel() }
        }
      }
      handle.task.withLock { $0 = task }
      #expect(try await task.value.isEmpty)
      let done = try tree(folder + "/out")
      #expect(!done.isEmpty && done.count < 100)
      for path in done { #expect(try read(folder + "/out/" + path) == "a\n") }
    }
  }
}

/// A batch in progress, for that batch to cancel itself.
private final class Handle: Sendable {
  let task = Mutex<Task<[BatchRun.Failure], any Error>?>(nil)
}

import Foundation
import Stapes
import StapesLabelling
import StapesProtocols
import TestSupport
import Testing

/// Labels that are saved from the page: beside the clips, never over what somebody else wrote.
@Suite struct LabelFolderTests {
  /// Runs the body with a folder of empty sound files.
  private func withClips(
    _ names: [String], _ body: (URL, LabelFolder) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { path in
      let folder = URL(filePath: path)
      for name in names {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: file)
      }
      try await body(folder, try LabelFolder(path: path))
    }
  }

  private func text(_ folder: URL, _ name: String) -> String? {
    try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private func number(of name: String, in labels: LabelFolder) async throws -> Int {
    try #require(await labels.listing().clips.first { $0.name == name }).id
  }

  /// The status with which something is refused; nil where it is done.
  private func status(_ body: () async throws(APIError) -> Void) async -> Int? {
    do throws(APIError) {
      try await body()
      return nil
    } catch {
      return error.status
    }
  }

  private func hypothesis(_ confidence: Double) -> LabelHypothesis {
    let word = Transcript.Word(
      text: "x", start: 0, end: 1, confidence: confidence, characters: [])
    return LabelHypothesis(
      Transcript(
        hypotheses: [
          .init(text: "x", logProbability: -1, confidence: confidence, words: [word])
        ], seconds: 1), ClipPortrait(sound: [Float(confidence)], text: "x"))
  }

  @Test func labelsGoBesideTheirClips() async throws {
    try await withClips(["a.wav", "deep/b.flac", "c.wav", "c.ogg", "notes.md"]) { folder, labels in
      #expect(await labels.listing().total == 4)
      for (name, label) in [
        ("a.wav", "a.txt"), ("deep/b.flac", "deep/b.txt"),
        // Two clips of one name would share a text.
        ("c.wav", "c.wav.txt"), ("c.ogg", "c.ogg.txt"),
      ] {
        let id = try await number(of: name, in: labels)
        try await labels.save("  two \n\t words\u{7} ", for: id, shown: nil)
        #expect(text(folder, label) == "two words\n")
      }
      #expect(await labels.listing().labelled == 4)
    }
  }

  @Test func aLabelThatChangedIsNotReplaced() async throws {
    try await withClips(["a.wav"]) { folder, labels in
      let file = folder.appending(path: "a.txt")
      try Data("by hand".utf8).write(to: file)
      #expect(
        await status { () throws(APIError) in try await labels.save("new", for: 0, shown: nil) }
          == 409)
      #expect(
        await status { () throws(APIError) in try await labels.save("new", for: 0, shown: "other") }
          == 409)
      #expect(text(folder, "a.txt") == "by hand")
      #expect(await labels.listing().canUndo == false)
      #expect(try await labels.details(of: 0).label == "by hand")
      try await labels.save("new", for: 0, shown: "by hand")
      #expect(text(folder, "a.txt") == "new\n")
    }
  }

  @Test func whatIsNoTextStays() async throws {
    try await withClips(["a.wav", "b.wav"]) { folder, labels in
      let latin = Data([0x63, 0x61, 0x66, 0xE9])
      try latin.write(to: folder.appending(path: "a.txt"))
      #expect(await status { () throws(APIError) in _ = try await labels.details(of: 0) } == 409)
      #expect(
        await status { () throws(APIError) in try await labels.save("new", for: 0, shown: nil) }
          == 409)
      #expect(try Data(contentsOf: folder.appending(path: "a.txt")) == latin)

      let elsewhere = folder.appending(path: "elsewhere")
      try Data("mine".utf8).write(to: elsewhere)
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "b.txt"), withDestinationURL: elsewhere)
      #expect(
        await status { () throws(APIError) in try await labels.save("new", for: 1, shown: "mine") }
          == 409)
      #expect(text(folder, "elsewhere") == "mine")
    }
  }

  @Test func nothingIsWrittenThroughALinkToAnotherFolder() async throws {
    try await withTemporaryFolder { other in
      try Data().write(to: URL(filePath: other).appending(path: "x.wav"))
      try await withTemporaryFolder { path in
        try Data().write(to: URL(filePath: path).appending(path: "a.wav"))
        try FileManager.default.createSymbolicLink(
          at: URL(filePath: path).appending(path: "link"),
          withDestinationURL: URL(filePath: other))
        let names = await (try LabelFolder(path: path)).listing().clips.map(\.name)
        #expect(names == ["a.wav"])
      }
    }
  }

  @Test func undoGoesBackStepByStepAlsoInALaterServer() async throws {
    try await withTemporaryFolder { path in
      let folder = URL(filePath: path)
      try Data().write(to: folder.appending(path: "a.wav"))
      try Data("first, with a line end\r\n".utf8).write(to: folder.appending(path: "a.txt"))
      do {
        let labels = try LabelFolder(path: path)
        try await labels.save("second", for: 0, shown: "first, with a line end\r\n")
        try await labels.save("third", for: 0, shown: "second\n")
        try await labels.reject(0)
        #expect(try await labels.details(of: 0).state == .rejected)
      }
      // A line that the machine's end tore is passed over.
      let journal = folder.appending(path: ".stapes-labels.jsonl")
      try Data((try String(contentsOf: journal, encoding: .utf8) + "{\"action\":\"sa").utf8).write(
        to: journal)

      let labels = try LabelFolder(path: path)
      #expect(try await labels.details(of: 0).state == .rejected)
      #expect(try await labels.undo() == 0)
      #expect(try await labels.details(of: 0).state == .labelled)
      #expect(text(folder, "a.txt") == "third\n")
      _ = try await labels.undo()
      #expect(text(folder, "a.txt") == "second\n")
      _ = try await labels.undo()
      #expect(text(folder, "a.txt") == "first, with a line end\r\n")
      #expect(await status { () throws(APIError) in _ = try await labels.undo() } == 409)
    }
  }

  @Test func undoRemovesALabelThatWasNotThereAndLeavesOneThatChanged() async throws {
    try await withClips(["a.wav", "b.wav"]) { folder, labels in
      try await labels.save("one", for: 0, shown: nil)
      _ = try await labels.undo()
      #expect(text(folder, "a.txt") == nil)

      try await labels.save("two", for: 1, shown: nil)
      try Data("edited".utf8).write(to: folder.appending(path: "b.txt"))
      #expect(await status { () throws(APIError) in _ = try await labels.undo() } == 409)
      #expect(text(folder, "b.txt") == "edited")
    }
  }

  @Test func aSecondServerMayLookButNotWrite() async throws {
    try await withClips(["a.wav"]) { folder, labels in
      try await labels.save("one", for: 0, shown: nil)
      let second = try LabelFolder(path: folder.path(percentEncoded: false))
      #expect(await second.listing().labelled == 1)
      #expect(
        await status { () throws(APIError) in try await second.save("two", for: 0, shown: "one\n") }
          == 409)
      #expect(text(folder, "a.txt") == "one\n")
    }
  }

  @Test(arguments: ["", " \n\t", "\u{85}"])
  func anEmptyTextIsRefused(_ empty: String) async throws {
    try await withClips(["a.wav"]) { folder, labels in
      #expect(
        await status { () throws(APIError) in try await labels.save(empty, for: 0, shown: nil) }
          == 400)
      #expect(text(folder, "a.txt") == nil)
    }
  }

  @Test(arguments: [-1, 1, Int.max])
  func aNumberThatNoClipHasIsRefused(_ id: Int) async throws {
    try await withClips(["a.wav"]) { _, labels in
      #expect(
        await status { () throws(APIError) in try await labels.save("x", for: id, shown: nil) }
          == 404)
      #expect(await status { () throws(APIError) in try await labels.reject(id) } == 404)
      #expect(await status { () throws(APIError) in _ = try await labels.details(of: id) } == 404)
    }
  }

  @Test func theMostDoubtfulComesFirstAndWhatIsDoneLast() async throws {
    try await withClips(["a.wav", "b.wav", "c.wav", "d.wav", "e.wav"]) { _, labels in
      for (id, confidence) in [(0, 0.9), (1, 0.2), (2, 0.6)] {
        await labels.take(.recognized(hypothesis(confidence)), for: id)
      }
      func order() async -> [String] { await labels.listing().clips.map(\.name) }
      // Of the last two it is not known yet.
      #expect(await order() == ["b.wav", "c.wav", "a.wav", "d.wav", "e.wav"])
      try await labels.save("x", for: 1, shown: nil)
      try await labels.reject(2)
      await labels.take(.failed("no sound"), for: 4)
      #expect(await order() == ["a.wav", "e.wav", "d.wav", "b.wav", "c.wav"])
      let listing = await labels.listing(limit: 2)
      #expect(listing.clips.count == 2 && listing.total == 5)
      #expect((listing.labelled, listing.rejected, listing.waiting) == (1, 1, 1))
      #expect(await labels.listing(from: .max).clips.isEmpty)
    }
  }
}

import Foundation
import Stapes
import StapesLabelling
import StapesProtocols
import TestSupport
import Testing

/// Clips that the page makes: two of one, and recordings; and what training gets of them.
@Suite struct NewClipTests {
  private let rate = 8000

  /// A second of sound, of which each sample tells its place.
  private var samples: [Float] { (0..<8000).map { Float($0) / 16_384 } }

  /// Runs the body with a folder that holds one clip of a second, and perhaps its label.
  private func withClip(
    label: String? = nil, _ body: (URL, LabelFolder) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { path in
      let folder = URL(filePath: path)
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: rate, to: path + "/a.wav")
      if let label { try Data(label.utf8).write(to: folder.appending(path: "a.txt")) }
      try await body(folder, try LabelFolder(path: path))
    }
  }

  private func files(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
      .filter { !$0.hasPrefix(".") }
  }

  private func split(
    _ labels: LabelFolder, at seconds: Double = 0.25, _ texts: [String] = ["one", "two three"]
  ) async throws(APIError) -> Int {
    try await labels.split(0, at: seconds, texts: texts, samples: samples, rate: rate)
  }

  @Test func aSplitGivesTwoClipsAndCanBeUndoneByALaterServer() async throws {
    try await withClip(label: "one two\r\nthree") { folder, labels in
      let first = try await split(labels)
      #expect(try files(folder) == ["a-a.txt", "a-a.wav", "a-b.txt", "a-b.wav", "a.wav"])
      #expect(try await labels.details(of: first).label == "one\n")
      #expect(await labels.listing().clips.map(\.name) == ["a-a.wav", "a-b.wav"])
      #expect(await labels.labelled().map(\.text) == ["one", "two three"])
      let sounds = try ["a-a.wav", "a-b.wav"].map {
        try AudioClip(contentsOf: folder.appending(path: $0).path(percentEncoded: false))
      }
      #expect(sounds.map(\.samples.count) == [2000, 6000])
      #expect(sounds.allSatisfy { $0.sampleRate == rate })
      #expect(zip(sounds.flatMap(\.samples), samples).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    try await withClip(label: "one two\r\nthree") { folder, labels in
      do {
        _ = try await split(try LabelFolder(path: folder.path(percentEncoded: false)))
      }
      let later = try LabelFolder(path: folder.path(percentEncoded: false))
      #expect(await later.listing().clips.map(\.name) == ["a-a.wav", "a-b.wav"])
      _ = try await later.undo()
      #expect(try files(folder) == ["a.txt", "a.wav"])
      #expect(
        try String(contentsOf: folder.appending(path: "a.txt"), encoding: .utf8)
          == "one two\r\nthree")
      #expect(await later.listing().clips.map(\.name) == ["a.wav"])
      #expect(await later.listing().canUndo == false)
    }
  }

  @Test func aPartThatWasChangedElsewhereIsNotRemoved() async throws {
    try await withClip { folder, labels in
      _ = try await split(labels)
      try Data("by hand".utf8).write(to: folder.appending(path: "a-b.txt"))
      await #expect(throws: APIError.self) { _ = try await labels.undo() }
      #expect(try files(folder) == ["a-a.txt", "a-a.wav", "a-b.txt", "a-b.wav", "a.wav"])
    }
  }

  @Test func aSplitReplacesNothing() async throws {
    try await withClip { folder, labels in
      try Data("mine".utf8).write(to: folder.appending(path: "a-a.txt"))
      _ = try await split(labels)
      #expect(
        try String(contentsOf: folder.appending(path: "a-a.txt"), encoding: .utf8) == "mine")
      #expect(
        try files(folder) == ["a-a.txt", "a-a1.txt", "a-a1.wav", "a-b.txt", "a-b.wav", "a.wav"])
    }
  }

  @Test(arguments: [(0.0, "x"), (1.0, "x"), (-1, "x"), (.nan, "x"), (0.5, " ")])
  func aPartWithoutSoundOrTextIsRefused(_ seconds: Double, _ text: String) async throws {
    try await withClip { folder, labels in
      await #expect(throws: APIError.self) {
        _ = try await split(labels, at: seconds, ["one", text])
      }
      #expect((try? files(folder)) == ["a.wav"])
      #expect(await labels.listing().canUndo == false)
    }
  }

  @Test func recordingsGetNamesThatNothingHas() async throws {
    try await withClip { folder, labels in
      try Data("mine".utf8).write(to: folder.appending(path: "recorded-0001.txt"))
      for _ in 0..<2 {
        _ = try await labels.addRecording(samples: samples, rate: rate, text: " Read  this. ")
      }
      #expect(
        try files(folder) == [
          "a.wav", "recorded-0001.txt", "recorded-0002.txt", "recorded-0002.wav",
          "recorded-0003.txt", "recorded-0003.wav",
        ])
      #expect(await labels.labelled().map(\.text) == ["Read this.", "Read this."])
      #expect(
        try AudioClip(
          contentsOf: folder.appending(path: "recorded-0003.wav").path(percentEncoded: false)
        ).samples.count == 8000)
      // The label goes, the sound stays.
      let id = try await labels.undo()
      #expect(try await labels.details(of: id).state == .open)
    }
  }

  @Test(arguments: [(100, 8000), (61 * 8000, 8000), (8000, 0), (8000, -1)])
  func aRecordingOfNoUseIsRefused(_ count: Int, _ rate: Int) async throws {
    try await withClip { folder, labels in
      await #expect(throws: APIError.self) {
        _ = try await labels.addRecording(
          samples: Array(repeating: 0, count: count), rate: rate, text: "x")
      }
      #expect((try? files(folder)) == ["a.wav"])
    }
  }

  @Test func rejectedAndForeignClipsAreNotLearntFrom() async throws {
    try await withTemporaryFolder { path in
      for name in ["a", "b", "c", "d"] {
        try Data().write(to: URL(filePath: path).appending(path: "\(name).wav"))
      }
      let labels = try LabelFolder(path: path)
      for (id, text) in [(0, "yes"), (1, "no"), (2, "say [foreign] now")] {
        try await labels.save(text, for: id, shown: nil)
      }
      try await labels.reject(1)
      #expect(await labels.labelled().map(\.name) == ["a.wav"])
    }
  }

  @Test func aLongListHasPages() async throws {
    try await withTemporaryFolder { path in
      for number in 0..<25 {
        try Data().write(to: URL(filePath: path).appending(path: "\(number + 10).wav"))
      }
      let labels = try LabelFolder(path: path)
      var names: [String] = []
      for start in [0, 10, 20, 30] {
        names += await labels.listing(from: start, limit: 10).clips.map(\.name)
      }
      #expect(names == (10..<35).map { "\($0).wav" })
      #expect(await labels.listing(from: -5, limit: 1).clips.map(\.name) == ["10.wav"])
    }
  }
}

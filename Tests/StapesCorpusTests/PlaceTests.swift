import FoundationEssentials
import StapesCorpus
import StapesFiles
import StapesLayouts
import StapesScanning
import StapesText
import TestSupport
import Testing

/// Lists from elsewhere may name any file; only those in their own folder are read unasked.
@Suite struct PlaceTests {
  @Test(arguments: ["../secret.wav", "x/../../secret.wav", "ROOT/secret.wav"])
  func `a list that leads out of its folder is refused, unless that is allowed`(
    sound: String
  ) throws {
    try Tree.with { tree in
      try tree.sound("secret.wav", "data/a.wav", "data/x/b.wav")
      let path = sound.replacing("ROOT", with: tree.root)
      try tree.write("data/clips.csv", "file,text\na.wav,one\n\(path),two\n")
      let error = try #require(tree.error("data/clips.csv"))
      guard case .outside(tree.path("data/clips.csv"), _, 1) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(error.description.contains("--allow-outside"))
      let corpus = try tree.corpus("data/clips.csv", allowsOutside: true)
      #expect(corpus.clips.map(\.text).sorted() == ["one", "two"])
    }
  }

  @Test func `absolute paths into the folder, and detours within it, are taken`() throws {
    try Tree.with { tree in
      try tree.sound("data/a.wav", "data/x/b.wav")
      try tree.write(
        "data/clips.csv",
        "file,text\n\(tree.path("data/a.wav")),one\nx/../../data/x/b.wav,two\n")
      #expect(try tree.corpus("data/clips.csv").clips.count == 2)
      // The same through a link to the folder.
      try tree.link("link", to: "data")
      #expect(try tree.corpus("link/clips.csv").clips.count == 2)
    }
  }

  @Test func `Kaldi directories are held to it too, and LJ Speech cannot lead out`() throws {
    try Tree.with { tree in
      try tree.sound("out.wav", "lj/wavs/a.wav")
      try tree.write("kaldi/wav.scp", "a \(tree.path("out.wav"))\n")
      try tree.write("kaldi/text", "a one\n")
      guard case .outside? = tree.error("kaldi") else {
        Issue.record("Kaldi")
        return
      }
      #expect(try tree.corpus("kaldi", allowsOutside: true).clips.count == 1)
      // Names in LJ Speech are those of files in its folder.
      try tree.write("lj/metadata.csv", "a|one|one\n../../out|two|two\n")
      #expect(try tree.corpus("lj").clips.map(\.text) == ["one"])
    }
  }

  @Test func `devices are neither opened nor waited for`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      try tree.write("a.txt", "one")
      try tree.write("b.txt", "two")
      try tree.link("b.wav", to: "/dev/random")
      try tree.link("c.wav", to: "/dev/zero")
      try tree.write("c.txt", "three")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.text) == ["one"])
      #expect(tree.skipped(of: corpus)["b.wav"] == .unreadableAudio("it is not a regular file"))
      #expect(tree.skipped(of: corpus)["c.wav"] == .unreadableAudio("it is not a regular file"))
      try tree.link("list.csv", to: "/dev/zero")
      #expect(tree.error("list.csv") == .file(FileError(tree.path("list.csv"), .read, .irregular)))
    }
  }

  @Test func `deeply nested JSON is no clip, and no crash`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      let deep = String(repeating: "[", count: 100_000)
      try tree.write(
        "clips.jsonl",
        "{\"file\": \"a.wav\", \"text\": \"one\"}\n{\"file\": \"a.wav\", \"x\": \(deep)\n"
          + String(repeating: "{\"file\":", count: 100_000) + "\n")
      let corpus = try tree.corpus("clips.jsonl")
      #expect(corpus.clips.count == 1)
      #expect(
        corpus.skipped.map(\.reason) == [
          .malformedLine(number: 2, fault: .form(expected: "JSON of less depth")),
          .malformedLine(number: 3, fault: .form(expected: "JSON of less depth")),
        ])
    }
  }
}

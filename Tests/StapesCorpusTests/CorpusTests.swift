import FoundationEssentials
import StapesCorpus
import StapesFiles
import StapesLayouts
import Testing

@Suite struct CorpusTests {
  @Test func sourcesAreJoinedInOrder() throws {
    try Tree.with { tree in
      try tree.sound("digits/7_b_1.wav", "digits/8_a_1.wav", seconds: 1)
      try tree.sound("words/yes/1.wav", "words/no/1.wav")
      let corpus = try tree.corpus("words", "digits")
      #expect(
        corpus.clips.map(\.identifier) == ["no/1", "yes/1", "7_b_1", "8_a_1"])
      #expect(corpus.sources.map(\.layout) == [.classFolders, .nameEncoded])
      #expect(corpus.sources.map(\.clipCount) == [2, 2])
      #expect(corpus.sources.map(\.seconds) == [1, 2])
      #expect(corpus.sources.map(\.speakerCount) == [0, 2])
      #expect(corpus.seconds == 3)
      #expect(corpus.hours == 3.0 / 3600)
    }
  }

  @Test func whatCameBeforeIsLeftOut() throws {
    try Tree.with { tree in
      try tree.sound("set/yes/1.wav", "set/no/1.wav")
      try tree.write(
        "list.csv", "file,text\n./set/yes/../yes/1.wav,Yes\nset/no/1.wav,no\nmore.wav,more\n")
      try tree.sound("more.wav")
      let corpus = try tree.corpus("set", "list.csv")
      #expect(corpus.clips.map(\.text) == ["no", "yes", "more"])
      #expect(corpus.skipped.map(\.reason.isDuplicate) == [true, true])
      guard case .noUsableClip(_, .classFolders, let skipped) = tree.error("set", "./set/") else {
        Issue.record("\(String(describing: tree.error("set", "./set/")))")
        return
      }
      #expect(skipped.count == 2)
    }
  }

  @Test func soundThatIsOfNoUseIsLeftOut() throws {
    try Tree.with { tree in
      try tree.sound("yes/good.wav", "no/good.wav")
      try tree.sound("yes/silent.wav", seconds: 0)
      try tree.write("yes/empty.wav", "")
      try tree.write("no/text.wav", "this is no sound at all, but text that goes on for a while")
      try tree.sound("no/good.flac")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.identifier) == ["no/good", "yes/good"])
      let skipped = tree.skipped(of: corpus)
      #expect(skipped["yes/silent.wav"] == .noSound)
      #expect(skipped["yes/empty.wav"] == .noSound)
      #expect(skipped["no/good.wav"] == .duplicate(identifier: "no/good"))
      guard case .unreadableAudio(let reason)? = skipped["no/text.wav"] else {
        Issue.record("\(skipped)")
        return
      }
      #expect(reason.contains("no/text.wav"))
      #expect(skipped.count == 4)
      #expect(corpus.sources[0].skippedCount == 4)
    }
  }

  @Test func linksAreFollowedAndLoopsEnd() throws {
    try Tree.with { tree in
      try tree.sound("elsewhere/a.wav", "elsewhere/more/b.wav", "set/no/c.wav")
      try tree.link("set/yes", to: "../elsewhere/more")
      try tree.link("set/no/d.wav", to: "../../elsewhere/a.wav")
      try tree.link("set/no/loop", to: "..")
      try tree.link("set/no/gone.wav", to: "nowhere.wav")
      let corpus = try tree.corpus("set")
      #expect(corpus.clips.map(\.identifier) == ["no/c", "no/d", "yes/b"])
      #expect(corpus.skipped.map(\.reason) == [.missingAudio])
      try tree.link("link", to: "set")
      #expect(try tree.corpus("link").clips.count == 3)
    }
  }

  @Test func orderIsThatOfThePathsBytes() throws {
    try Tree.with { tree in
      try tree.sound("a/é.wav", "a/z.wav", "B/1.wav", "a/Z.wav", "B-/1.wav")
      #expect(
        try tree.corpus().clips.map(\.identifier) == ["B-/1", "B/1", "a/Z", "a/z", "a/é"])
    }
  }

  @Test func severalSetsInOneFolderAreNamed() throws {
    try Tree.with { tree in
      for part in ["train", "dev"] {
        try tree.sound("\(part)/1/2/1-2-3.wav", "\(part)/4/5/4-5-6.wav")
        try tree.write("\(part)/1/2/1-2.trans.txt", "1-2-3 A")
        try tree.write("\(part)/4/5/4-5.trans.txt", "4-5-6 B")
      }
      try tree.sound("noise/1.wav")
      guard case .severalParts(tree.root, let parts)? = tree.error() else {
        Issue.record("\(String(describing: tree.error()))")
        return
      }
      #expect(parts.map(\.name) == ["dev", "train"])
      #expect(parts.map(\.layout) == [.libriSpeech, .libriSpeech])
      #expect(try tree.corpus("train", "dev").clips.count == 4)
    }
  }

  @Test func aFolderThatFitsNothingShowsWhatWould() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write("notes.md", "about")
      let description = tree.error()?.description ?? ""
      #expect(
        description.contains(
          "2 sound files in 1 folder and 1 other file (a.wav, b.wav, notes.md)"))
      for layout in CorpusLayout.allCases {
        #expect(description.contains(layout.name))
        #expect(description.contains(layout.example))
      }
    }
    try Tree.with { tree in
      #expect(tree.error()?.description.contains("holds no files") == true)
    }
  }

  @Test func missingAndForbiddenPathsAreNamed() throws {
    #expect(throws: LayoutError.noPath) { try Corpus(readingFrom: []) }
    try Tree.with { tree in
      #expect(tree.error("nowhere") == .file(FileError(tree.path("nowhere"), .read, .missing)))
      try tree.sound("yes/a.wav", "no/b.wav")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: tree.path("no"))
      defer {
        try? FileManager.default.setAttributes(
          [.posixPermissions: 0o700], ofItemAtPath: tree.path("no"))
      }
      let isRoot = (try? FileManager.default.contentsOfDirectory(atPath: tree.path("no"))) != nil
      #expect(
        isRoot
          || tree.error()
            == .file(
              FileError(tree.path("no"), role: "folder", .read, .forbidden))
      )
    }
  }

  @Test func descriptionTellsCountsAndReasons() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "c.wav", "d.wav", seconds: 90)
      for name in ["a", "b", "c"] { try tree.write(name + ".txt", name) }
      try tree.write("c.txt", "")
      try tree.write("e.txt", "e")
      try tree.write("f.txt", "f")
      #expect(
        try tree.corpus().description == """
          \(tree.root): text files beside the sound; 2 clips, 3.00 minutes, 2 different texts
          skipped: 1 empty text (\(tree.path("c.wav"))), 1 no text (\(tree.path("d.wav"))), \
          2 sound missing (first: \(tree.path("e.txt")))
          """)
    }
  }
}

extension SkipReason {
  fileprivate var isDuplicate: Bool {
    if case .duplicate = self { true } else { false }
  }
}

import StapesCorpus
import StapesLayouts
import Testing

@Suite struct ClassLayoutTests {
  @Test func namesTellLabelSpeakerAndNumber() throws {
    try Tree.with { tree in
      try tree.sound("7_jackson_32.wav", "0_theo_1.WAV", "7_theo_0.wav", "turn_on_theo_12.flac")
      try tree.write("README.md", "about")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .nameEncoded)
      #expect(
        corpus.texts == [
          "0_theo_1": "0", "7_jackson_32": "7", "7_theo_0": "7", "turn_on_theo_12": "turn on",
        ])
      #expect(corpus.speakersOfClips["7_jackson_32"] == "jackson")
      #expect(corpus.speakers == ["jackson", "theo"])
      #expect(corpus.clips.map(\.duration) == [0.5, 0.5, 0.5, 0.5])
      #expect(corpus.skipped.isEmpty)
    }
  }

  @Test func encodedNamesMayLieInFolders() throws {
    try Tree.with { tree in
      try tree.sound("a/yes_anna_1.wav", "a/no_anna_1.wav", "b/yes_ben_1.wav", "b/no_ben_1.wav")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .nameEncoded)
      #expect(corpus.texts["b/no_ben_1"] == "no")
    }
  }

  @Test(arguments: [
    ["take_anna_1.wav", "take_anna_2.wav"],  // one label that is no number
    ["7_jackson_32.wav", "intro.wav"],  // not all names
    ["7_32_1.wav", "8_32_1.wav"],  // speakers without a letter
    ["7_jackson_x.wav", "8_jackson_y.wav"],  // no number
    ["7__1.wav", "8__1.wav"],  // nobody
    ["jackson_1.wav", "theo_2.wav"],  // two parts only
  ])
  func otherNamesAreNoLabels(names: [String]) throws {
    try Tree.with { tree in
      for name in names { try tree.sound(name) }
      guard case .unrecognizedFolder(tree.root, let found) = tree.error() else {
        Issue.record("\(String(describing: tree.error()))")
        return
      }
      #expect(found.audioCount == 2)
    }
  }

  @Test func oneNumberMayBeTheOnlyLabel() throws {
    try Tree.with { tree in
      try tree.sound("7_jackson_1.wav", "7_theo_1.wav")
      #expect(try tree.corpus().layout == .nameEncoded)
    }
  }

  @Test func foldersAreLabels() throws {
    try Tree.with { tree in
      try tree.sound("alexa/0.wav", "alexa/1.wav", "smart mirror/x.wav", "turn_on/0.wav")
      try tree.write("LICENSE", "free")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .classFolders)
      #expect(
        corpus.texts == [
          "alexa/0": "alexa", "alexa/1": "alexa", "smart mirror/x": "smart mirror",
          "turn_on/0": "turn on",
        ])
      #expect(corpus.speakers.isEmpty)
      #expect(corpus.sources[0].textCount == 3)
    }
  }

  @Test func speechCommandsTellTheirSpeakersAndKeepTheirNoiseOut() throws {
    try Tree.with { tree in
      try tree.sound(
        "yes/0132a06d_nohash_0.wav", "yes/0132a06d_nohash_1.wav", "no/0132a06d_nohash_0.wav",
        "no/ffd2ba2f_nohash_0.wav", "_background_noise_/pink_noise.wav")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .classFolders)
      #expect(corpus.clips.count == 4)
      #expect(corpus.speakers == ["0132a06d", "ffd2ba2f"])
      #expect(tree.skipped(of: corpus) == ["_background_noise_/pink_noise.wav": .missingText])
    }
  }

  @Test(arguments: [
    ["yes/a.wav"],  // one folder
    ["yes/a.wav", "b.wav"],  // sound beside the folder
    ["x/yes/a.wav", "x/no/b.wav", "x/no/c.wav"],  // deeper, and x alone
    ["train/a.wav", "test/b.wav"],  // parts of an archive
  ])
  func otherFoldersAreNoLabels(names: [String]) throws {
    try Tree.with { tree in
      for name in names { try tree.sound(name) }
      #expect(throws: LayoutError.self) { try tree.corpus() }
    }
  }

  @Test func hiddenFilesAreNotThere() throws {
    try Tree.with { tree in
      try tree.sound("yes/a.wav", "no/b.wav", "yes/._a.wav", ".trash/c.wav")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.identifier) == ["no/b", "yes/a"])
      #expect(corpus.skipped.isEmpty)
    }
  }
}

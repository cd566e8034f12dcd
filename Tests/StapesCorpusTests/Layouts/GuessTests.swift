import StapesCorpus
import StapesLayouts
import Testing

/// Names of files and folders are taken for labels only where nothing else could hold them.
@Suite struct GuessTests {
  /// The files that stop a guess, by their paths.
  private func unread(_ tree: Tree) throws -> (files: [UnreadFile], sounds: [String]) {
    let error = try #require(tree.error())
    guard case .unreadLabels(tree.root, _, let files, let sounds) = error else {
      Issue.record("\(error)")
      return ([], [])
    }
    return (files, sounds)
  }

  @Test(arguments: ["txt", "lab", "srt", "TextGrid", "xyz"])
  func `a few texts beside the sound of speakers' folders stop the guess`(ending: String) throws {
    try Tree.with { tree in
      try tree.sound("anna/1.wav", "anna/2.wav", "ben/1.wav", "ben/2.wav", "ben/3.wav")
      try tree.write("anna/1." + ending, "yes please\n")
      try tree.write("anna/2." + ending, "no thanks\n")
      let found = try unread(tree)
      #expect(found.files.map(\.path) == ["anna/1." + ending, "anna/2." + ending])
      #expect(found.files.first?.appearance == "text: \"yes please\"")
      #expect(found.sounds == (ending == "xyz" ? [] : ["ben/1.wav", "ben/2.wav", "ben/3.wav"]))
    }
  }

  @Test(arguments: [
    "anna/yes-1.wav :: yes please\nben/no-1.wav :: no thanks\n",
    "<clips>\n<clip file=\"yes-1.wav\"><said>yes please</said></clip>\n</clips>\n",
    "1 yes please\n2 no thanks\n",
    "clip=anna/yes-1 said=yes\n",
  ])
  func `a list of texts in an unknown form stops the guess`(list: String) throws {
    try Tree.with { tree in
      try tree.sound("anna/yes-1.wav", "ben/no-1.wav")
      try tree.write("texts.xml", list)
      #expect(try unread(tree).files.map(\.path) == ["texts.xml"])
      let sentence = tree.error()?.description ?? ""
      #expect(sentence.contains("might be read as class folders, but labels may be in texts.xml"))
    }
  }

  @Test func `encoded names are guessed no more than folders`() throws {
    try Tree.with { tree in
      try tree.sound("7_anna_1.wav", "8_anna_2.wav", "9_ben_3.wav")
      try tree.write("8_anna_2.txt", "eight, that is\n")
      #expect(try unread(tree).sounds == ["7_anna_1.wav", "9_ben_3.wav"])
    }
  }

  @Test func `files that are about something else stop no guess`() throws {
    try Tree.with { tree in
      try tree.sound(
        "yes/a_nohash_0.wav", "yes/b_nohash_0.wav", "no/a_nohash_0.wav", "no/b_nohash_0.wav",
        "no/c_nohash_0.wav", "no/d_nohash_0.wav")
      try tree.write("validation_list.txt", "yes/a_nohash_0.wav\nno/b_nohash_0.wav\n")
      try tree.write("SHA256SUMS", "0123456789abcdef0123456789abcdef  yes/a_nohash_0.wav\n")
      try tree.write("README.md", "yes/a_nohash_0.wav says yes\n")
      try tree.write("LICENSE.txt", "yes/a_nohash_0.wav is free\n")
      try tree.write("notes.txt", "made in May\n")
      try tree.write("make.py", "open('yes/a_nohash_0.wav') # yes\n")
      try tree.write("yes/picture.jpg", bytes: [0xFF, 0xD8, 0, 1])
      #expect(try tree.corpus().layout == .classFolders)
    }
  }

  @Test func `speakers' folders with texts are read, not guessed`() throws {
    try Tree.with { tree in
      try tree.sound("spk0/yes.wav", "spk1/no.wav")
      try tree.write("spk0/yes.lab", "yes")
      try tree.write("spk1/no.lab", "no")
      let corpus = try tree.corpus()
      #expect(corpus.texts == ["spk0/yes": "yes", "spk1/no": "no"])
      #expect(corpus.speakers == ["spk0", "spk1"])
    }
  }

  @Test func `a list in one of several folders is not the list of all`() throws {
    try Tree.with { tree in
      try tree.sound("clips/a.wav", "clips/b.wav", "rest/x/c.wav", "rest/x/d.wav", "rest/x/e.wav")
      try tree.write("clips/list.csv", "file,text\na.wav,one\nb.wav,two\n")
      guard case .severalParts(_, let parts)? = tree.error() else {
        Issue.record("\(String(describing: tree.error()))")
        return
      }
      #expect(parts.map(\.name) == ["clips"])
    }
  }

  @Test func `a third of a flat folder is read, and the rest named`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "c.wav")
      try tree.write("a.txt", "one")
      let corpus = try tree.corpus()
      #expect(corpus.texts == ["a": "one"])
      #expect(tree.skipped(of: corpus) == ["b.wav": .missingText, "c.wav": .missingText])
    }
  }
}

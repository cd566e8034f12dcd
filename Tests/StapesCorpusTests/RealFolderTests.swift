import Foundation
import StapesCorpus
import StapesLayouts
import Testing

/// Folders as programs, systems and people leave them.
@Suite struct RealFolderTests {
  /// Runs commands of a shell in a folder: names that are no text can be made by no other means.
  private func run(_ commands: String, in folder: String) throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", "cd '\(folder)'; " + commands]
    try shell.run()
    shell.waitUntilExit()
    try #require(shell.terminationStatus == 0)
  }

  @Test func `names that are not UTF-8 are each told, and hide no other`() throws {
    try Tree.with { tree in
      try tree.sound("n\u{FFFD}.wav", "ok.wav")
      try tree.write("n\u{FFFD}.txt", "yes")
      try tree.write("ok.txt", "no")
      try run("touch $'n\\xff.wav' $'n\\xfe.wav'; mkdir $'\\xc3\\xa9\\xe9'", in: tree.root)
      let corpus = try tree.corpus()
      #expect(corpus.texts == ["n\u{FFFD}": "yes", "ok": "no"])
      #expect(
        tree.skipped(of: corpus) == [
          "n\\xFF.wav": .foreignName, "n\\xFE.wav": .foreignName, "é\\xE9/": .foreignName,
        ])
    }
    try Tree.with { tree in
      try run("touch $'\\xff.wav'", in: tree.root)
      #expect(
        tree.error()?.description.contains("1 name not in UTF-8, to be changed (\\xFF.wav)") == true
      )
    }
  }

  @Test func `what systems leave behind is not there`() throws {
    try Tree.with { tree in
      try tree.sound("yes/a.wav", "no/a.wav", "__MACOSX/yes/b.wav", "@eaDir/a.wav")
      try tree.write("yes/._a.wav", bytes: [0, 5, 22, 7])
      try tree.write(".DS_Store", bytes: [0])
      try tree.write("Thumbs.db", bytes: [0xD0, 0xCF, 0x11, 0xE0])
      try tree.write("desktop.ini", "[.ShellClassInfo]\r\n")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .classFolders && corpus.skipped.isEmpty)
      #expect(corpus.texts == ["yes/a": "yes", "no/a": "no"])
    }
  }

  @Test
  func `files that differ from the sound's name in case are its labels, where it is the only one`()
    throws
  {
    try Tree.with { tree in
      try tree.sound("YES.WAV", "no.wav", "Go.wav", "GO.wav")
      try tree.write("yes.TXT", "yes")
      try tree.write("NO.txt", "no")
      try tree.write("go.txt", "go")
      #expect(try tree.corpus().texts == ["YES": "yes", "no": "no"])
    }
  }

  private static func grid(_ text: String) -> String {
    """
    File type = "ooTextFile"
    Object class = "TextGrid"

    0 0.5 <exists> 1
    "IntervalTier" "text" 0 0.5 1
    0 0.4 "\(text)"

    """
  }

  @Test func `a TextGrid in Latin-1 is read, and it is told`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      let bytes = Self.grid("caf\u{E9} \u{92}").unicodeScalars.map { UInt8($0.value) }
      try tree.write("a.TextGrid", bytes: bytes)
      let corpus = try tree.corpus()
      #expect(corpus.layout == .textGrid && corpus.texts == ["a": "café ’"])
      #expect(corpus.sources[0].windows1252Count == 1)
      #expect(corpus.description.contains("1 text file read as Windows-1252"))
    }
  }

  @Test(arguments: [true, false], ["a.TextGrid", "a.txt", "list.csv"])
  func `UTF-16 without a byte order mark is read`(isLittle: Bool, name: String) throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      let text =
        name == "a.txt"
        ? "oui, ça va"
        : name == "list.csv"
          ? "file,text\r\na.wav,\"oui, ça va\"\r\n"
          : Self.grid("oui, ça va")
      let bytes = text.utf16.flatMap { unit in
        let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        return isLittle ? pair : pair.reversed()
      }
      try tree.write(name, bytes: bytes)
      #expect(try Array(tree.corpus().texts.values) == ["oui, ça va"])
    }
  }

  @Test(arguments: [
    ("TextGrid", "Praat TextGrids"), ("eaf", "ELAN annotations"), ("srt", "subtitles"),
    ("wrd", "TIMIT words"),
  ])
  func `labels that cannot be read are called by their own form`(ending: String, name: String)
    throws
  {
    for bytes in [Array("hello there".utf8), [0x63, 0xE9, 0x20]] {
      try Tree.with { tree in
        try tree.sound("a.wav")
        try tree.write("a." + ending, bytes: bytes)
        let sentence = tree.error()?.description ?? ""
        #expect(sentence.contains("was read as \(name), but"), "\(sentence)")
        let remedy = bytes.count == 3 ? "iconv -f" : "not in the form of \(name)"
        #expect(sentence.contains(remedy), "\(sentence)")
      }
    }
  }

  @Test func `a list that hides labels beside other sounds says so`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "c.wav", "d.wav")
      try tree.write("list.csv", "file,text\nd.wav,four\n")
      try tree.write("a.txt", "one")
      try tree.write("b.lab", "two")
      let corpus = try tree.corpus()
      #expect(
        tree.skipped(of: corpus) == [
          "a.wav": .unlisted(labels: tree.path("a.txt")),
          "b.wav": .unlisted(labels: tree.path("b.lab")), "c.wav": .missingText,
        ])
      #expect(corpus.description.contains("but labels lie in \(tree.path("a.txt")); add it"))
    }
  }

  @Test(arguments: [
    ("list.csv", "id,utterance\na,one\n"), ("list.csv", "utterance,words\na,one\n"),
    ("list.tsv", "utt_id\ttext\na\tone\n"), ("list.csv", "name;transcript\na;one\n"),
    ("list.txt", "id words\na one\n"), ("list.csv", "file|sentence\na.wav|one\n"),
    ("metadata.csv", "id|text|normalized_text\na|One.|one\n"),
    ("metadata.csv", "file_name|transcription\na.wav|one\n"),
    ("list.csv", "sep=;\r\nfile;text\r\na.wav;one\r\n"),
    ("list.csv", "a.wav;one\nb.wav;one, two\n"),
    ("list.csv", "file,text\ra.wav,one\r"),
  ])
  func `a row of headers is no clip`(name: String, list: String) throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write(name, list)
      let corpus = try tree.corpus()
      #expect(corpus.clips.first?.text == "one")
      #expect(corpus.skipped.allSatisfy { $0.path == tree.path("b.wav") }, "\(corpus.description)")
    }
  }

  @Test func `a table whose names are of no sounds is none of clips`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write("people.csv", "name,text\nAnna,likes tea\nBen,likes coffee\n")
      try tree.write("a.txt", "one")
      try tree.write("b.txt", "two")
      #expect(try tree.corpus().texts == ["a": "one", "b": "two"])
    }
  }

  @Test func `one class alone is told, with what helps`() throws {
    try Tree.with { tree in
      try tree.sound("yes/a.wav", "yes/b.wav", "_noise_/c.wav")
      #expect(tree.error() == .singleClass(path: tree.root, label: "yes"))
      try tree.sound("no/a.wav")
      #expect(try tree.corpus().layout == .classFolders)
    }
  }

  @Test(arguments: [
    "[{\"file\": \"a.wav\", \"text\": \"one\"},\n {\"file\": \"b.wav\", \"text\": \"two\"}]",
    "\u{FEFF}[{\"file\": \"a.wav\", \"text\": \"one\"},\n{\"file\": \"b.wav\", \"text\": \"two\"}]\n",
    "{\"file\": \"a.wav\", \"text\": \"one\", \"duration\": NaN}\n"
      + "{\"file\": \"b.wav\", \"text\": \"two\", \"offset\": null, \"snr\": -Infinity}\n",
  ])
  func `an array with an object a line, and numbers that Python has not, are read`(list: String)
    throws
  {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write("list.json", list)
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.text) == ["one", "two"] && corpus.skipped.isEmpty)
    }
  }

  @Test func `folders that are a corpus each are named, not taken for classes`() throws {
    try Tree.with { tree in
      for part in ["one", "two"] {
        try tree.sound("\(part)/a.wav", "\(part)/b.wav")
        try tree.write("\(part)/list.csv", "file,text\na.wav,yes\nb.wav,no\n")
      }
      guard case .severalParts(_, let parts)? = tree.error() else {
        Issue.record("\(String(describing: tree.error()))")
        return
      }
      #expect(parts.map(\.name) == ["one", "two"])
    }
  }

  @Test func `an archive beside sound without labels is named`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write("labels.zip", bytes: [0x50, 0x4B, 3, 4])
      let sentence = tree.error()?.description ?? ""
      #expect(sentence.contains("Labels may be in labels.zip (an archive, to be unpacked first)"))
    }
  }
}

import FoundationEssentials
import StapesCorpus
import StapesLayouts
import StapesScanning
import StapesText
import Testing

/// Lists as people and programs write them.
@Suite struct ListTests {
  /// Writes a list beside `a.wav`, `wavs/b.wav` and `c.d.flac`, and reads the folder.
  private func read(_ name: String, _ text: String) throws -> Corpus {
    try Tree.with { tree in
      try tree.sound("a.wav", "wavs/b.wav", "c.d.flac")
      try tree.write(name, text)
      return try tree.corpus(name)
    }
  }

  @Test(arguments: [
    "a.wav", "a", "A.WAV", ".\\a.wav", "./a.wav", "C:\\data\\a.wav", "d:/x/y/a", "/home/me/a.wav",
    "\\\\server\\share\\a.wav", "a.mp3", "file:///home/me/a.wav",
  ])
  func `a sound by any of its names`(name: String) throws {
    let corpus = try read("list.csv", "file,text\n\(name),one\n")
    #expect(corpus.clips.map { $0.path.split(separator: "/").last } == ["a.wav"])
  }

  @Test(arguments: ["b", "b.wav", "wavs\\b.wav", "C:\\data\\wavs\\b.wav", "C:\\data\\b", "wavs/b"])
  func `a sound in a folder beside the list`(name: String) throws {
    #expect(try read("list.csv", "file,text\n\(name),one\n").clips.map(\.text) == ["one"])
  }

  @Test(arguments: ["x/a.wav", "wavs/a.wav", "x/b.wav", "c"])
  func `a sound elsewhere or of another name is not taken for it`(name: String) throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "wavs/b.wav", "c.d.flac")
      try tree.write("list.csv", "file,text\n\(name),one\n")
      guard case .noUsableClip(_, .table, let skipped) = tree.error("list.csv") else {
        Issue.record("\(String(describing: tree.error("list.csv")))")
        return
      }
      #expect(skipped.map(\.reason) == [.missingAudio])
      #expect(skipped[0].line?.number == 2)
    }
  }

  @Test func `a path with backslashes leads no further out than one with slashes`() throws {
    try Tree.with { tree in
      try tree.sound("secret.wav", "data/a.wav")
      try tree.write("data/list.csv", "file,text\n..\\secret.wav,one\na.wav,two\n")
      guard case .outside(_, _, 1)? = tree.error("data/list.csv") else {
        Issue.record("\(String(describing: tree.error("data/list.csv")))")
        return
      }
    }
  }

  @Test(arguments: [
    "{\"audio_filepath\": \"a.wav\", \"text\": \"one\"},\n{\"audio\": \"c.d.flac\", \"text\": \"two\"},\n",
    "\n{\"file\": \"a.wav\", \"sentence\": \"one\"}\n\n{\"file\": \"c.d\", \"transcript\": \"two\"}",
    "[{\"audio_filename\": \"a.wav\", \"text\": \"one\"}, {\"path\": \"c.d\", \"text\": \"two\"}]",
    "[\n  {\"AUDIO\": {\"path\": \"a.wav\"},\n   \"transcription\": \"one\"\n  }\n  {\n  \"wav\": "
      + "\"c.d.flac\",\n  \"text\": \"two\",\n  },\n]\n",
    "{\"version\": [1], \"data\": [{\"file\": \"a\", \"text\": \"one\"},\n{\"file\": \"c.d\", "
      + "\"text\": \"\\u0074\\u0077o\"}]}",
    "{\"a.wav\": \"one\", \"c.d.flac\": {\"text\": \"two\", \"speaker\": 7}}",
    "{\n\"file\": \"a.wav\",\n\"text\": \"one\"\n}\n{\n\"file\": \"c.d\",\n\"text\": \"two\"\n}\n",
  ])
  func `JSON of any form`(text: String) throws {
    let corpus = try read("clips.json", text)
    #expect(corpus.layout == .jsonLines)
    #expect(corpus.clips.map(\.text) == ["one", "two"])
    #expect(corpus.skipped.isEmpty)
  }

  @Test func `faults in JSON are named by their lines, and the other clips are used`() throws {
    let good = "{\"file\": \"a.wav\", \"text\": \"one\"}"
    let lines = try read(
      "clips.json",
      "{\"file\": \"c.d\", \"text\": null}\n\(good)\n{\"file\": \"b\" \"text\" \"x\"}\n{\"text\": \"x\"}\n"
    )
    #expect(lines.clips.map(\.text) == ["one"])
    #expect(lines.skipped.first { $0.reason == .missingText }?.line?.number == 1)
    #expect(
      Set(lines.skipped.map(\.reason)) == [
        .missingText,
        .malformedLine(number: 3, fault: .form(expected: "valid JSON: a : is missing")),
        .malformedLine(number: 4, fault: .missing("sound file")),
      ])
    let array = try read(
      "clips.json",
      "[\n {\n  \"file\": \"b.wav\",\n  \"text\": \"un\n },\n {\n  \"file\": \"a.wav\",\n"
        + "  \"text\": \"one\"\n }\n]\n")
    #expect(array.clips.map(\.text) == ["one"])
    #expect(array.skipped.map(\.reason) == [.malformedLine(number: 2, fault: .unclosedQuote)])
  }

  @Test(arguments: [
    ("list.csv", "a.wav,one\nc.d.flac,two, or three\n"),
    ("list.tsv", "a\tone\r\nc.d\ttwo, or three\r\n"),
    ("list.csv", "one,a.wav\n\"two, or three\",c.d.flac\n"),
    ("list.txt", "a.wav|0|one\nc.d.flac|12|two, or three\n"),
    ("list.txt", "a one\nc.d two, or three\n"),
    ("list.txt", "a.wav|1|one\nc.d.flac|2, or 3|two, or three\n"),
    ("list.csv", "a.wav,anna,one\nc.d.flac,ben,\"two, or three\"\n"),
    ("text", "a.wav one\nc.d.flac   two, or three\n"),
    ("list.csv", "a.wav;0.5;one\nc.d.flac;1.5;\"two, or three\"\n"),
  ])
  func `lists without a header`(name: String, text: String) throws {
    let corpus = try read(name, text)
    #expect(corpus.layout == .plainList)
    #expect(corpus.clips.map(\.text) == ["one", "two, or three"])
  }

  @Test func `lines of a list without a header that cannot be used`() throws {
    let corpus = try read("list.tsv", "a\tone\nc.d\ttwo\nc.d\ngone.wav\tfour\n")
    #expect(corpus.clips.map(\.text) == ["one", "two"])
    #expect(
      Set(corpus.skipped.map(\.reason)) == [
        .malformedLine(number: 3, fault: .fieldCount(found: 1, expected: 2)), .missingAudio,
      ])
    #expect(corpus.description.contains("list.tsv, line 3: 1 fields instead of 2"))
  }

  @Test func `lists of two folders are joined, two of one folder are not`() throws {
    try Tree.with { tree in
      try tree.sound("anna/1.wav", "ben/1.wav")
      try tree.write("anna/texts.txt", "1.wav one\n")
      try tree.write("ben/texts.txt", "1.wav two\n")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .plainList)
      #expect(Set(corpus.clips.map(\.text)) == ["one", "two"])
      try tree.write("ben/again.txt", "1.wav three\n")
      #expect(
        tree.error()
          == .severalManifests(path: tree.path("ben"), names: ["again.txt", "texts.txt"]))
    }
  }

  @Test func `segment times and times of words`() throws {
    let segments = try read(
      "list.stm",
      ";; comment\na 1 anna 0.00 0.25 <o,f0,male> { i'm / i am } here <unk>\n"
        + "a 1 anna 0.25 0.25 <NA> point\na 1 anna x 0.5 word\nb A ben 0.1 0.4\n"
        + "a 1 inter_segment_gap 0.25 0.5 <o,,>\nc.d 1 s 0 1 ignore_time_segment_in_scoring\n")
    #expect(segments.clips.map(\.text) == ["i'm here <unk>"])
    #expect(segments.clips.map(\.speaker) == ["anna"])
    #expect(
      Set(segments.skipped.map(\.reason)) == [
        .malformedLine(number: 3, fault: .times(start: 0.25, end: 0.25)),
        .malformedLine(number: 4, fault: .number(field: "start", found: "x")), .emptyText,
      ])
    let words = try read(
      "list.ctm",
      "a 1 0.00 0.10 go 0.9\na 1 0.10 0.10 left\na 1 0.40 0.05 <eps>\na 1 0.45 0.05 stop\nb A 0 x no\n"
    )
    #expect(words.clips.map(\.text) == ["go left", "stop"])
    #expect(words.clips.map(\.offset) == [0, 0.45])
    #expect(
      words.skipped.map(\.reason) == [
        .malformedLine(number: 5, fault: .number(field: "duration", found: "x"))
      ])
  }

  @Test(arguments: [
    ("list.stm", "a A anna 0.0 0.2 yes\na B ben 0.1 0.3 no\nb 1 x 0 0.5 one\n"),
    ("list.ctm", "a A 0.0 0.2 yes\na B 0.1 0.2 no\nb 1 0 0.5 one\n"),
  ])
  func `recordings of which several channels are labelled are named`(
    name: String, text: String
  ) throws {
    let corpus = try read(name, text)
    #expect(corpus.clips.map(\.text) == ["one"])
    #expect(
      corpus.skipped.map(\.reason) == [
        .malformedLine(number: 1, fault: .channel("A")),
        .malformedLine(number: 2, fault: .channel("B")),
      ])
  }

  @Test func `lists in etc lead to the sound beside it, read as a folder or by name`() throws {
    try Tree.with { tree in
      try tree.sound("v/anna-20100101-abc/flac/a1.flac", "s/wav/x/b1.wav")
      try tree.write("v/anna-20100101-abc/etc/PROMPTS", "anna-20100101-abc/mfc/a1 GO LEFT\n")
      try tree.write("s/etc/t.fileids", "x/b1\n")
      try tree.write("s/etc/t.transcription", "<s> stop </s> (b1)\nno name\n")
      let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in "../" }
      let relative = try Corpus(readingFrom: [up.joined() + tree.root.dropFirst() + "/v"])
      #expect(relative.clips.map(\.text) == ["GO LEFT"])
      for path in ["v", "v/anna-20100101-abc/etc/PROMPTS"] {
        let corpus = try tree.corpus(path)
        #expect(corpus.clips.map(\.text) == ["GO LEFT"])
        #expect(corpus.speakers == ["anna"])
      }
      for path in ["s", "s/etc/t.transcription"] {
        #expect(try tree.corpus(path).clips.map(\.text) == ["stop"])
        #expect(
          try tree.corpus(path).skipped.map(\.reason) == [
            .malformedLine(number: 2, fault: .form(expected: "<s> the words </s> (name)"))
          ])
      }
    }
  }

  @Test func `texts in a tree of their own`() throws {
    try Tree.with { tree in
      try tree.sound("wav48/p1/x.wav", "wav48/p1/y.wav", "wav48/p2/x.wav", "wav48/p2/z_mic2.flac")
      try tree.write("txt/p1/x.txt", "one")
      try tree.write("txt/p2/x.txt", "two")
      try tree.write("txt/p2/z.txt", "three")
      try tree.write("txt/p2/lost.txt", "four")
      try tree.write("speaker-info.txt", "p1 23 F\np2 24 M\n")
      let corpus = try tree.corpus()
      #expect(
        corpus.texts == [
          "wav48/p1/x": "one", "wav48/p2/x": "two", "wav48/p2/z_mic2": "three",
        ])
      #expect(corpus.speakers == ["p1", "p2"])
      #expect(
        tree.skipped(of: corpus) == [
          "wav48/p1/y.wav": .missingText, "txt/p2/lost.txt": .missingAudio,
        ])
    }
  }

  @Test func `a text in another speaker's folder goes with no sound`() throws {
    try Tree.with { tree in
      try tree.sound("p1/a.wav", "p2/b.wav", "p2/a.wav")
      for name in ["p1/b.txt", "p2/b.txt", "p2/a.txt"] { try tree.write(name, name) }
      #expect(try tree.corpus().texts == ["p2/a": "p2/a.txt", "p2/b": "p2/b.txt"])
    }
  }
}

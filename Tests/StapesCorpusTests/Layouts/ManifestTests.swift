import StapesCorpus
import StapesLayouts
import StapesScanning
import StapesText
import Testing

@Suite struct ManifestTests {
  @Test func tableWithTheColumnsOfDeepSpeech() throws {
    try Tree.with { tree in
      try tree.sound("wav/a.wav", "wav/b.wav", "wav/c, d.wav")
      try tree.write(
        "train.csv",
        "\u{FEFF}wav_filename,wav_filesize,transcript\r\nwav/a.wav,8044,\"one, \"\"two\"\"\"\r\n"
          + "./wav/b.wav,8044,line\r\n\"wav/c, d.wav\",1,\"across\r\nlines\"\r\n")
      let corpus = try tree.corpus("train.csv")
      #expect(corpus.layout == .table)
      #expect(
        corpus.texts == [
          "wav/a.wav": "one, \"two\"", "wav/b.wav": "line", "wav/c, d.wav": "across\r\nlines",
        ])
      #expect(try tree.corpus().clips == corpus.clips)
    }
  }

  @Test func tableInAFolderTellsOfSoundItDoesNotList() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "extra.wav")
      try tree.write(
        "clips.csv", "file,text\na.wav,one\nb.wav,\ngone.wav,three\na.wav,One!\nx,y,z\n")
      try tree.write("notes.csv", "name,value\nmood,fine\n")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .table)
      #expect(corpus.texts == ["a.wav": "one"])
      #expect(
        tree.skipped(of: corpus) == [
          "b.wav": .emptyText, "gone.wav": .missingAudio, "extra.wav": .missingText,
          "a.wav": .duplicate(identifier: "a.wav"),
          "clips.csv": .malformedLine(number: 6, fault: .fieldCount(found: 3, expected: 2)),
        ])
      #expect(try tree.corpus("clips.csv").skipped.count == 4)
    }
  }

  @Test func tableWithSemicolonsSpeakersAndParts() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 3)
      try tree.write(
        "clips.csv",
        "Speaker;File;Offset;Duration;Text\nanna;a.wav;0;1;one\nben;a.wav;1;;two, three\n;a.wav;x;1;no\n"
      )
      let corpus = try tree.corpus("clips.csv")
      #expect(corpus.clips.map(\.text) == ["one", "two, three"])
      #expect(corpus.clips.map(\.speaker) == ["anna", "ben"])
      #expect(corpus.clips.map(\.offset) == [0, 1])
      #expect(corpus.clips.map(\.duration) == [1, 2])
      #expect(
        corpus.skipped.map(\.reason) == [
          .malformedLine(number: 4, fault: .number(field: "offset", found: "x"))
        ])
    }
  }

  @Test func durationsWithoutOffsetsAreOfTheWholeFile() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 3)
      try tree.write("clips.csv", "file,duration,text\na.wav,3000,one\n")
      #expect(try tree.corpus("clips.csv").clips.map(\.duration) == [3])
    }
  }

  @Test func tableWithTheNamesOfHuggingFace() throws {
    try Tree.with { tree in
      try tree.sound("data/a.wav")
      try tree.write("metadata.csv", "file_name,transcription\ndata/a.wav,one | two\n")
      #expect(try tree.corpus().layout == .table)
      #expect(try tree.corpus("metadata.csv").texts == ["data/a.wav": "one | two"])
    }
  }

  @Test func tableAsSpreadsheetsSaveUnicodeText() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      let units = Array("file\ttext\r\na.wav\t\"café, \"\"au lait\"\"\"\r\nb.wav\tthé\r\n".utf16)
      try tree.write(
        "clips.txt", bytes: [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
      let corpus = try tree.corpus("clips.txt")
      #expect(corpus.texts == ["a.wav": "café, \"au lait\"", "b.wav": "thé"])
      #expect(corpus.sources[0].byteOrderMarkCount == 1)
    }
  }

  /// The quotation mark that is too many is closed by none, or by the next that opens a field.
  @Test(arguments: ["c.wav,three", "c.wav,\"three\""])
  func `a quote without end is named, and the lines behind it are used`(next: String) throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "c.wav")
      try tree.write("clips.csv", "file,text\na.wav,\"on\ne\"\nb.wav,\"two\n\(next)\n")
      let corpus = try tree.corpus("clips.csv")
      #expect(corpus.texts == ["a.wav": "on\ne", "c.wav": "three"])
      #expect(corpus.skipped.map(\.reason) == [.malformedLine(number: 4, fault: .unclosedQuote)])
    }
  }

  @Test func commonVoiceTable() throws {
    try Tree.with { tree in
      try tree.sound("clips/a.mp3", "clips/b.mp3", "clips/c.mp3", "clips/unlisted.mp3")
      try tree.write(
        "validated.tsv",
        "client_id\tpath\tsentence\tup_votes\nf00\ta.mp3\tShe said \"no\", twice.\t2\n"
          + "f00\tb.mp3\t\"\"\"Yes\"\" he said.\"\t2\nba5\tc.mp3\t\"Quoted\"\t2\nba5\tshort\n")
      let corpus = try tree.corpus("validated.tsv")
      #expect(corpus.layout == .commonVoice)
      #expect(
        corpus.texts == [
          "a.mp3": "She said \"no\", twice.", "b.mp3": "\"Yes\" he said.", "c.mp3": "Quoted",
        ])
      #expect(corpus.speakersOfClips == ["a.mp3": "f00", "b.mp3": "f00", "c.mp3": "ba5"])
      #expect(
        corpus.skipped.map(\.reason) == [
          .malformedLine(number: 5, fault: .fieldCount(found: 2, expected: 4))
        ])
      #expect(try tree.corpus().clips == corpus.clips)
      try tree.write("other.tsv", "client_id\tpath\tsentence\nf00\ta.mp3\tYes\n")
      #expect(
        tree.error()
          == .severalManifests(path: tree.root, names: ["other.tsv", "validated.tsv"]))
    }
  }

  @Test func jsonLines() throws {
    try Tree.with { tree in
      try tree.sound("sub/a.wav", "b.wav", seconds: 4)
      try tree.write(
        "sub/train.jsonl",
        #"{"audio_filepath": "a.wav", "text": "one \"two\"", "duration": 4.0, "speaker": "anna"}"#
          + "\r\n\n"
          + #"{"audio_filepath": "../b.wav", "text": "caf\u00e9", "offset": 1.5, "duration": 2}"#
          + "\n"
          + #"{"audio_filepath": "../b.wav", "text": "end", "offset": 3.5, "speaker": 7}"# + "\n"
          + #"{"audio_filepath": "../b.wav", "duration": 1}"# + "\n"
          + #"{"text": "no sound"}"# + "\nnot json\n"
          + #"{"audio_filepath": "a.wav", "text": "x", "offset": -1}"# + "\n")
      let corpus = try tree.corpus("sub/train.jsonl", allowsOutside: true)
      #expect(corpus.layout == .jsonLines)
      #expect(corpus.clips.map(\.text) == ["café", "end", "one \"two\""])
      #expect(corpus.clips.map(\.offset) == [1.5, 3.5, 0])
      #expect(corpus.clips.map(\.duration) == [2, 0.5, 4])
      #expect(corpus.clips.map(\.speaker) == [nil, "7", "anna"])
      #expect(
        Set(corpus.skipped.map(\.reason)) == [
          .missingText, .malformedLine(number: 6, fault: .missing("sound file")),
          .malformedLine(number: 7, fault: .form(expected: "valid JSON: a value is missing")),
          .malformedLine(number: 8, fault: .number(field: "offset", found: "-1")),
        ])
      #expect(try tree.corpus("sub", allowsOutside: true).clips == corpus.clips)
    }
  }

  @Test func theBeginningOfAFileIsNotTheFile() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 2)
      try tree.write("whole.csv", "file,text\na.wav,one two\n")
      try tree.write("parts.csv", "file,offset,duration,text\na.wav,0,1,one\na.wav,1,1,two\n")
      try tree.write("again.csv", "file,offset,duration,text\na.wav,0,2,one two\na.wav,1.5,0.5,o\n")
      let corpus = try Corpus(readingFrom: ["whole.csv", "parts.csv", "again.csv"].map(tree.path))
      #expect(corpus.clips.map(\.text) == ["one two", "one", "two", "o"])
      #expect(corpus.skipped.map(\.reason) == [.duplicate(identifier: "a.wav")])
    }
  }

  @Test func aManifestInAnotherEncodingIsNamed() throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      try tree.write("clips.csv", bytes: Array("file,text\na.wav,caf".utf8) + [0xE9, 0x0A])
      #expect(tree.error("clips.csv") == .notUnicode(path: tree.path("clips.csv")))
      #expect(tree.error() == .notUnicode(path: tree.path("clips.csv")))
    }
  }

  @Test(arguments: ["a.wav", "notes.txt", "empty.csv", "words.csv"])
  func otherFilesAreNoManifests(name: String) throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      try tree.write("notes.txt", "some words, and more\n")
      try tree.write("empty.csv", "")
      try tree.write("words.csv", "word,count\nthe,7\n")
      #expect(tree.error(name) == .unrecognizedFile(path: tree.path(name)))
    }
  }
}

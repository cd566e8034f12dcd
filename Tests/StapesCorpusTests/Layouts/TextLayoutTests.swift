import StapesCorpus
import StapesLayouts
import StapesScanning
import StapesText
import Testing

@Suite struct TextLayoutTests {
  @Test func textsLieBesideTheSound() throws {
    try Tree.with { tree in
      try tree.sound("en/digits/1.wav", "en/hello.wav", "en_AU/hello.wav", "en/alone.wav")
      try tree.write("en/digits/1.txt", "1\n")
      try tree.write("en/hello.txt", "\u{FEFF}Hello,\r\nthere!\r\n")
      try tree.write("en_AU/hello.TXT", " G'day\n")
      try tree.write("en/lost.txt", "nobody says this")
      try tree.write("README.txt", "about")
      try tree.write("en/LICENSE.txt", "free")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .sidecarText)
      #expect(
        corpus.texts == [
          "en/digits/1": "1", "en/hello": "Hello,\r\nthere!", "en_AU/hello": "G'day",
        ])
      #expect(
        corpus.speakersOfClips
          == ["en/digits/1": "en", "en/hello": "en", "en_AU/hello": "en_AU"])
      #expect(
        tree.skipped(of: corpus)
          == ["en/alone.wav": .missingText, "en/lost.txt": .missingAudio])
      #expect(corpus.sources[0].byteOrderMarkCount == 1)
      #expect(corpus.sources[0].carriageReturnCount == 2)
    }
  }

  @Test(arguments: [["a.wav", "b.wav"], ["train/a.wav", "test/a.wav"], ["x/a.wav", "x/b.wav"]])
  func foldersThatAreNobodyNameNoSpeaker(names: [String]) throws {
    try Tree.with { tree in
      for name in names {
        try tree.sound(name)
        try tree.write(name.replacing(".wav", with: ".txt"), "text")
      }
      #expect(try tree.corpus().layout == .sidecarText)
      #expect(try tree.corpus().speakers.isEmpty)
    }
  }

  @Test func textsInOtherEncodings() throws {
    try Tree.with { tree in
      try tree.sound("latin.wav", "little.wav", "big.wav", "plain.wav", "lost.wav")
      try tree.link("lost.txt", to: "nowhere.txt")
      try tree.write("latin.txt", bytes: [0x63, 0x61, 0x66, 0xE9])
      try tree.write("little.txt", bytes: [0xFF, 0xFE, 0xE9, 0x00, 0x0D, 0x00, 0x0A, 0x00])
      try tree.write("big.txt", bytes: [0xFE, 0xFF, 0x00, 0xE9])
      try tree.write("plain.txt", "é")
      let corpus = try tree.corpus()
      #expect(corpus.texts == ["little": "é", "big": "é", "plain": "é"])
      #expect(
        tree.skipped(of: corpus) == ["latin.txt": .textNotUnicode, "lost.txt": .unreadableText])
      #expect(corpus.sources[0].byteOrderMarkCount == 2)
      #expect(corpus.sources[0].carriageReturnCount == 1)
    }
  }

  @Test(arguments: ["", " \r\n\t", "\u{FEFF}", "\u{A0}\u{200B}"])
  func emptyTextsAreLeftOut(text: String) throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write("a.txt", text)
      try tree.write("b.txt", "b")
      let corpus = try tree.corpus()
      #expect(corpus.texts == ["b": "b"])
      #expect(tree.skipped(of: corpus) == ["a.wav": .emptyText])
    }
  }

  @Test func libriSpeechTree() throws {
    try Tree.with { tree in
      try tree.sound(
        "19/198/19-198-0000.flac", "19/198/19-198-0001.flac", "26/495/26-495-0000.flac",
        "26/495/26-495-0009.flac")
      try tree.write(
        "19/198/19-198.trans.txt",
        "19-198-0000 NORTHANGER ABBEY\r\n19-198-0001   TWO  WORDS \r\n19-198-0002 GONE\r\n")
      try tree.write("26/495/26-495.trans.txt", "26-495-0000 LAST")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .libriSpeech)
      #expect(
        corpus.texts == [
          "19-198-0000": "NORTHANGER ABBEY", "19-198-0001": "TWO  WORDS", "26-495-0000": "LAST",
        ])
      #expect(corpus.speakersOfClips["26-495-0000"] == "26")
      #expect(
        tree.skipped(of: corpus) == [
          "19/198/19-198-0002": .missingAudio, "26/495/26-495-0009.flac": .missingText,
        ])
      #expect(corpus.sources[0].carriageReturnCount == 3)
      #expect(try tree.corpus("19").clips.count == 2)
      #expect(try tree.corpus("19/198").clips.count == 2)
    }
  }

  @Test func ljSpeechMetadata() throws {
    try Tree.with { tree in
      try tree.sound("wavs/LJ1.wav", "wavs/LJ2.wav", "wavs/LJ3.wav", "wavs/LJ9.wav")
      try tree.write(
        "metadata.csv",
        "LJ1|Dr. 7, \"so\"|doctor seven, \"so\"\nLJ2|raw only\nLJ3|raw|\nLJ4|gone|gone\n"
          + "no bar\n|||\n")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .ljSpeech)
      #expect(
        corpus.texts == ["LJ1": "doctor seven, \"so\"", "LJ2": "raw only", "LJ3": "raw"])
      #expect(
        tree.skipped(of: corpus) == [
          "wavs/LJ4": .missingAudio, "wavs/LJ9.wav": .missingText,
          "metadata.csv": .malformedLine(
            number: 5, fault: .fieldCount(found: 1, expected: 3)),
        ])
      #expect(corpus.skipped.count == 4)
      #expect(try tree.corpus("metadata.csv").clips == corpus.clips)
    }
  }
}

import StapesCorpus
import StapesLayouts
import StapesScanning
import StapesText
import Testing

@Suite struct KaldiTests {
  @Test func directoryOfWholeRecordings() throws {
    try Tree.with { tree in
      try tree.sound("audio/a.wav", "audio/b.wav", "audio/c.wav")
      try tree.write(
        "wav.scp",
        "u1 audio/a.wav\nu2\t\(tree.path("audio/b.wav"))\nu3 audio/c.wav\nu4 audio/no.wav\nu1 audio/b.wav\n"
      )
      try tree.write("text", "u1 ONE\nu2 TWO TWO\nu4 FOUR\nu5 FIVE\nu2 AGAIN\n")
      try tree.write("utt2spk", "u1 anna\nu2 ben\n")
      let corpus = try tree.corpus()
      #expect(corpus.layout == .kaldi)
      #expect(corpus.texts == ["u1": "ONE"])
      #expect(corpus.speakersOfClips == ["u1": "anna"])
      let list = tree.path("text")
      let conflict =
        "\(tree.path("audio/b.wav")): with different texts (“TWO TWO” (\(list), line 2) and "
        + "“AGAIN” (\(list), line 5) and “ONE” (\(list), line 1); keep the right one)"
      #expect(corpus.conflicts.map(\.description) == [conflict])
      var skipped = tree.skipped(of: corpus)
      skipped["audio/b.wav"] = nil
      #expect(
        skipped == [
          "audio/c.wav": .missingText, "audio/no.wav": .missingAudio, "u5": .missingAudio,
        ])
    }
  }

  @Test func segmentsAreParts() throws {
    try Tree.with { tree in
      try tree.sound("long.wav", seconds: 10)
      try tree.write("wav.scp", "rec long.wav")
      try tree.write(
        "segments",
        "b rec 2.5 4\na rec 0 2.5\nc rec 8 -1\nd rec 9 10.25\ne rec 9.5 12\nf rec 11 12\n"
          + "g rec 4 4\nh other 0 1\ni rec x 1\n")
      try tree.write("text", "a A\nb B\nc C\nd D\ne E\nf F\nh H\n")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.identifier) == ["a", "b", "c", "d"])
      #expect(corpus.clips.map(\.offset) == [0, 2.5, 8, 9])
      #expect(corpus.clips.map(\.duration) == [2.5, 1.5, 2, 1])
      #expect(corpus.seconds == 7)
      let reasons = corpus.skipped.map(\.reason)
      #expect(reasons.contains(.outsideAudio(start: 9.5, end: 12, fileSeconds: 10)))
      #expect(reasons.contains(.outsideAudio(start: 11, end: 12, fileSeconds: 10)))
      #expect(reasons.contains(.malformedLine(number: 7, fault: .times(start: 4, end: 4))))
      #expect(
        reasons.contains(.malformedLine(number: 9, fault: .number(field: "start", found: "x"))))
      #expect(tree.skipped(of: corpus)["other"] == .missingAudio)
    }
  }

  @Test func commandsAreRefused() throws {
    try Tree.with { tree in
      try tree.sound("a.wav")
      try tree.write("wav.scp", "a a.wav\nb sph2pipe -f wav b.sph |\n")
      try tree.write("text", "a A\nb B\n")
      #expect(
        tree.error()
          == .command(path: tree.path("wav.scp"), line: 2, command: "sph2pipe -f wav b.sph |"))
      #expect(
        tree.error()?.description.contains("asks for a command to be run (sph2pipe") == true)
    }
  }
}

import StapesCorpus
import StapesFiles
import StapesLayouts
import Testing

/// Files, clips and lists whose names only Unicode calls equal.
@Suite struct ByteNameCorpusTests {
  let composed = "caf\u{E9}"
  let decomposed = "cafe\u{301}"

  private func texts(_ corpus: Corpus) -> [[UInt8]: String] {
    Dictionary(uniqueKeysWithValues: corpus.clips.map { (Array($0.identifier.utf8), $0.text) })
  }

  @Test func `each sound goes with the text of its very name`() throws {
    try Tree.with { tree in
      try tree.sound("\(composed).wav", "\(decomposed).wav")
      try tree.write("\(composed).txt", "one")
      try tree.write("\(decomposed).txt", "two")
      let found = texts(try tree.corpus())
      #expect(found == [Array(composed.utf8): "one", Array(decomposed.utf8): "two"])
    }
  }

  @Test func `a text of an equal name is used only where no other sound has it`() throws {
    try Tree.with { tree in
      try tree.sound("alone/\(composed).wav")
      try tree.write("alone/\(decomposed).txt", "one")
      #expect(try tree.corpus("alone").clips.map(\.text) == ["one"])
      try tree.sound("two/\(composed).wav", "two/\(decomposed).wav")
      try tree.write("two/\(decomposed).txt", "two")
      let corpus = try tree.corpus("two")
      #expect(texts(corpus) == [Array(decomposed.utf8): "two"])
      #expect(corpus.skipped.map(\.reason) == [.missingText])
    }
  }

  @Test func `lists keep entries apart that only Unicode calls equal`() throws {
    try Tree.with { tree in
      try tree.sound("list/\(composed).wav", "list/\(decomposed).wav", seconds: 0.25)
      try tree.write("list/list.csv", "file,text\n\(composed).wav,one\n\(decomposed).wav,two\n")
      let corpus = try tree.corpus("list")
      #expect(corpus.skipped.isEmpty, "\(corpus)")
      #expect(Set(corpus.clips.map(\.text)) == ["one", "two"])

      try tree.sound("kaldi/a.wav", "kaldi/b.wav")
      try tree.write("kaldi/wav.scp", "\(composed) a.wav\n\(decomposed) b.wav\n")
      try tree.write("kaldi/text", "\(decomposed) two\n\(composed) one\n")
      #expect(
        texts(try tree.corpus("kaldi"))
          == [Array(composed.utf8): "one", Array(decomposed.utf8): "two"])

      try tree.sound("lj/wavs/\(composed).wav", "lj/wavs/\(decomposed).wav")
      try tree.write("lj/metadata.csv", "\(composed)|one\n\(decomposed)|two\n")
      #expect(
        texts(try tree.corpus("lj"))
          == [Array(composed.utf8): "one", Array(decomposed.utf8): "two"])

      try tree.sound("libri/1/2/1-\(composed).flac", "libri/1/2/1-\(decomposed).flac")
      try tree.write("libri/1/2/1-2.trans.txt", "1-\(composed) ONE\n1-\(decomposed) TWO\n")
      #expect(try tree.corpus("libri").clips.count == 2)
    }
  }

  @Test func `folders that are equal only to Unicode are two`() throws {
    try Tree.with { tree in
      for (number, folder) in [composed, decomposed].enumerated() {
        try tree.sound("\(folder)/1.wav", "other/\(number).wav")
      }
      #expect(try tree.corpus().clips.count == 4)
      // A list that lies in one must not name sound in the other.
      try tree.write("\(composed)/list.csv", "file,text\n../\(decomposed)/1.wav,one\n")
      guard case .outside = tree.error("\(composed)/list.csv") else {
        Issue.record("\(String(describing: tree.error("\(composed)/list.csv")))")
        return
      }
    }
  }

  @Test func `clips of equal names are different clips`() {
    let clips = [composed, decomposed].map {
      LabelledClip(path: $0 + ".wav", text: "a", duration: 1, identifier: $0)
    }
    #expect(clips[0] != clips[1] && Set(clips).count == 2)
    #expect(Set(clips + clips).count == 2)
  }

  @Test func `clips without sound are counted apart from those without text`() throws {
    try Tree.with { tree in
      try tree.sound("good.wav", "untyped.wav")
      try tree.write("broken.wav", "this is no sound")
      for name in ["good", "broken", "missing"] { try tree.write("\(name).txt", "word") }
      let corpus = try tree.corpus()
      #expect(corpus.clips.count == 1)
      #expect(
        corpus.clipsWithoutSound.map(\.path)
          == [tree.path("broken.wav"), tree.path("missing.txt")])
    }
  }
}

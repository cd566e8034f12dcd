import StapesCorpus
import StapesLayouts
import Testing

/// Names that only Unicode calls equal.
@Suite struct EqualNameTests {
  private let composed = "caf\u{E9}"
  private let decomposed = "cafe\u{301}"

  @Test func `labels go with the sound of their very name, and else with the only one`() throws {
    try Tree.with { tree in
      try tree.sound("two/\(composed).wav", "two/\(decomposed).wav", "one/\(composed).wav")
      try tree.write("two/\(composed).lab", "first")
      try tree.write("two/\(decomposed).lab", "second")
      try tree.write("one/\(decomposed).lab", "only")
      let clips = try tree.corpus("two").clips
      for clip in clips {
        #expect(clip.text == (clip.path.utf8.contains(0xCC) ? "second" : "first"))
      }
      #expect(!clips.isEmpty)
      #expect(try tree.corpus("one").clips.map(\.text) == ["only"])
    }
  }

  @Test func `a list finds a sound whose name is written in the other form`() throws {
    try Tree.with { tree in
      try tree.sound("wavs/\(decomposed).wav")
      try tree.write("list.csv", "file,text\n\(composed).wav,one\n")
      #expect(try tree.corpus("list.csv").clips.map(\.text) == ["one"])
    }
  }
}

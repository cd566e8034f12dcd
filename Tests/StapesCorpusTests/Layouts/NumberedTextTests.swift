import StapesCorpus
import StapesLayouts
import Testing

/// Texts that begin with figures, beside labels that begin with times.
@Suite struct NumberedTextTests {
  @Test(arguments: ["1 51 90", "7 9 plus", "1 2 3 4 5", "0 0 seven", "3.5 4.5 volts"])
  func `figures of a text are no times`(text: String) throws {
    try Tree.with { tree in
      for (name, ending) in [("a", "txt"), ("b", "txt")] {
        try tree.sound("\(name).wav", seconds: 4)
        try tree.write("\(name).\(ending)", text)
      }
      let corpus = try tree.corpus()
      #expect(corpus.sources.map(\.layout) == [.sidecarText])
      #expect(corpus.clips.map(\.text) == [text, text])
      #expect(corpus.clips.allSatisfy { $0.duration == 4 })
    }
  }

  @Test func `words of a lab file are no times`() throws {
    try Tree.with { tree in
      for name in ["a", "b"] {
        try tree.sound("\(name).wav", seconds: 4)
        try tree.write("\(name).lab", "5 6 pick up")
      }
      #expect(try tree.corpus().clips.map(\.text) == ["5 6 pick up", "5 6 pick up"])
    }
  }

  @Test func `a line that is no label is named, and the others cut the sound`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 10)
      try tree.sound("b.wav", seconds: 10)
      try tree.write("a.txt", "0.1\t0.6\tyes\n0.7\t0.9\tno\n2\t9\tgo\nhello\n")
      try tree.write("b.lab", "1000000 5500000 left\nnoise\n20000000 26000000 right\n")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.text) == ["yes", "no", "go", "left", "right"])
      #expect(corpus.clips.map(\.offset) == [0.1, 0.7, 2, 0.1, 2])
      let lines = corpus.skipped.compactMap { skipped -> Int? in
        guard case .malformedLine(let number, _) = skipped.reason else { return nil }
        return number
      }
      #expect(lines == [4, 2])
    }
  }

  @Test(
    arguments: [
      ("labels.yaml", "- file: ann/yes.wav\n  text: yes\n- file: bob/no.wav\n  text: no\n"),
      ("labels.xlsx", "PK\u{3}\u{4}\0\0"), ("data.db", "SQLite format 3\0"),
    ])
  func `a file that may hold labels stops a guess`(name: String, content: String) throws {
    try Tree.with { tree in
      for path in ["ann/yes.wav", "ann/no.wav", "bob/yes.wav", "bob/no.wav"] {
        try tree.sound(path)
      }
      #expect(try tree.corpus().sources.map(\.layout) == [.classFolders])
      try tree.write(name, content)
      let error = #expect(throws: LayoutError.self) { try tree.corpus() }
      #expect(error?.description.contains(name) == true, "\(String(describing: error))")
    }
  }

  @Test func `two files that disagree about a sound are named, and neither is learnt`() throws {
    try Tree.with { tree in
      for name in ["a", "b", "c"] { try tree.sound("\(name).wav") }
      for (name, text) in [("a.txt", "yes"), ("a.lab", "no"), ("b.txt", "go"), ("b.lab", "Go.")] {
        try tree.write(name, text)
      }
      try tree.write("c.txt", "left")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.text).map { $0.lowercased().prefix(2) } == ["go", "le"])
      let found = corpus.skipped.map { "\($0.reason)" }.joined()
      #expect(found.contains("a.txt") && found.contains("a.lab"), "\(found)")
    }
  }

  @Test func `texts in one folder belong to the sounds of their names`() throws {
    try Tree.with { tree in
      for name in ["p1/p1_1", "p1/p1_2", "p2/p2_1", "p2/p2_2"] {
        try tree.sound("wav/\(name).wav")
        try tree.write("txt/\(name.split(separator: "/")[1]).txt", "text \(name.last ?? "-")")
      }
      #expect(try tree.corpus().clips.map(\.text) == ["text 1", "text 2", "text 1", "text 2"])
    }
  }

  @Test func `times in seconds and scores of lab files are no words`() throws {
    try Tree.with { tree in
      for name in ["a", "b"] { try tree.sound("\(name).wav", seconds: 4) }
      try tree.write("a.lab", "0.10 0.80 yes\n1.20 1.90 please\n")
      try tree.write("b.lab", "1000000 5500000 left -12.3\n20000000 26000000 right -9.5 -1.0\n")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.text) == ["yes", "please", "left", "right"])
      #expect(corpus.clips.map(\.offset) == [0.1, 1.2, 0.1, 2])
    }
  }

  @Test func `time slots of ELAN without a time lie between the others`() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 10)
      let slots = ["\"1\" TIME_VALUE=\"1000\"", "\"2\"", "\"3\"", "\"4\" TIME_VALUE=\"4000\""]
      let annotations = [("1", "2", "yes"), ("2", "3", "no"), ("3", "4", "go")]
      try tree.write(
        "a.eaf",
        "<ANNOTATION_DOCUMENT><TIME_ORDER>"
          + slots.map { "<TIME_SLOT TIME_SLOT_ID=\($0)/>" }.joined()
          + "</TIME_ORDER><TIER TIER_ID=\"text\">"
          + annotations.map {
            "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a\($0)\" TIME_SLOT_REF1=\"\($0)\" "
              + "TIME_SLOT_REF2=\"\($1)\"><ANNOTATION_VALUE>\($2)</ANNOTATION_VALUE>"
              + "</ALIGNABLE_ANNOTATION></ANNOTATION>"
          }.joined() + "</TIER></ANNOTATION_DOCUMENT>")
      let clips = try tree.corpus().clips
      #expect(clips.map(\.text) == ["yes", "no", "go"] && clips.map(\.offset) == [1, 2, 3])
    }
  }
}

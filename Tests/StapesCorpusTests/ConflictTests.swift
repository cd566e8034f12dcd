import FoundationEssentials
import StapesCorpus
import StapesLayouts
import Testing

/// A clip that is there with several texts is skipped and named, wherever the texts stand.
@Suite struct ConflictTests {
  /// The texts and places of each conflict.
  private func conflicts(_ corpus: Corpus, in tree: Tree) -> [[String]] {
    corpus.conflicts.compactMap { conflict in
      guard case .conflictingTexts(let texts) = conflict.reason else { return nil }
      return texts.map {
        "\($0)".replacing(tree.root + "/", with: "")
      }
    }
  }

  @Test func withinAList() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav")
      try tree.write("clips.csv", "file,text\na.wav,one\nb.wav,two\na.wav,other\n")
      let corpus = try tree.corpus()
      #expect(corpus.texts == ["b.wav": "two"])
      #expect(
        conflicts(corpus, in: tree) == [
          ["“one” (clips.csv, line 2)", "“other” (clips.csv, line 4)"]
        ])
      #expect(corpus.sources[0].skippedCount == 1 && corpus.sources[0].clipCount == 1)
    }
  }

  @Test func betweenListsAndArguments() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "c.wav")
      try tree.write("one.csv", "file,text\na.wav,one\nb.wav,two\n")
      try tree.write("two.jsonl", #"{"audio_filepath": "./a.wav", "text": "other"}"#)
      try tree.write("three.csv", "file,text\nc.wav,three\na.wav,One.\n")
      let corpus = try tree.corpus("one.csv", "three.csv")
      #expect(corpus.conflicts.isEmpty)
      #expect(corpus.texts == ["a.wav": "one", "b.wav": "two", "c.wav": "three"])
      // The second list has no clip left then.
      guard case .noUsableClip(_, _, let skipped) = tree.error("one.csv", "two.jsonl") else {
        Issue.record("\(String(describing: tree.error("one.csv", "two.jsonl")))")
        return
      }
      #expect(skipped.count == 1)
      #expect("\(skipped[0])".contains("“one”") && "\(skipped[0])".contains("“other”"))
      let three = try tree.corpus("three.csv", "one.csv")
      #expect(three.clips.count == 3)
    }
  }

  @Test(arguments: [true, false])
  func byLinksToOneFile(isSymbolic: Bool) throws {
    try Tree.with { tree in
      try tree.sound("yes/a.wav", "yes/c.wav", "no/d.wav")
      if isSymbolic {
        try tree.link("no/b.wav", to: "../yes/a.wav")
      } else {
        try FileManager.default.linkItem(
          atPath: tree.path("yes/a.wav"), toPath: tree.path("no/b.wav"))
      }
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.identifier) == ["no/d", "yes/c"])
      #expect(conflicts(corpus, in: tree) == [["“no” (no/b.wav)", "“yes” (yes/a.wav)"]])
    }
  }

  @Test func partsOfAFileAreClipsOfTheirOwn() throws {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 3)
      try tree.write(
        "parts.csv", "file,offset,duration,text\na.wav,0,1,one\na.wav,1,1,two\na.wav,1,1,three\n")
      let corpus = try tree.corpus()
      #expect(corpus.clips.map(\.text) == ["one"])
      #expect(
        conflicts(corpus, in: tree) == [
          ["“two” (parts.csv, line 3)", "“three” (parts.csv, line 4)"]
        ])
    }
  }
}

@Suite struct CandidateTests {
  private func corpus(_ count: Int, speakers: Int? = nil) -> Corpus {
    Corpus(
      clips: (0..<count).map { number in
        LabelledClip(
          path: "\(number)", text: "text \(number % 3)",
          speaker: speakers.map { "s\(number % $0)" }, duration: 1, identifier: "\(number)")
      })
  }

  /// Clips that cannot be validated on are not held out as long as there is another, and where all
  /// can be, the choice is as it always was.
  @Test(arguments: [2, 6, 25, 60])
  func heldOutClipsAreCandidates(count: Int) {
    let corpus = corpus(count)
    for seed in 0..<20 as Range<UInt64> {
      #expect(
        corpus.holdingOut(seed: seed) == corpus.holdingOut(seed: seed, isCandidate: { _ in true }))
      for usableCount in [2, count / 2, count - 1] where usableCount > 1 {
        let parts = corpus.holdingOut(seed: seed) { $0 < usableCount }
        #expect(!parts.validation.clips.isEmpty)
        #expect(parts.validation.clips.allSatisfy { (Int($0.path) ?? 0) < usableCount })
        #expect(parts.training.clips.count + parts.validation.clips.count == count)
        #expect(parts.training.clips.contains { (Int($0.path) ?? 0) < usableCount })
      }
    }
  }

  @Test func whereNoHeldOutSpeakerServesClipsAreHeldOut() {
    let corpus = corpus(100, speakers: 10)
    guard case .speakers(let held) = corpus.holdingOut(seed: 1).rule else {
      Issue.record("no speakers")
      return
    }
    let parts = corpus.holdingOut(seed: 1) { index in
      !held.contains(corpus.clips[index].speaker ?? "")
    }
    #expect(parts.rule == .clips && !parts.validation.clips.isEmpty)
  }
}

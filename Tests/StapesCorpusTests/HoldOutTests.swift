import StapesCorpus
import StapesLayouts
import Testing

private func clip(
  _ index: Int, _ text: String, speaker: String? = nil, seconds: Double = 1
) -> LabelledClip {
  LabelledClip(
    path: "/data/\(index).wav", text: text, speaker: speaker, duration: seconds,
    identifier: "\(index)")
}

@Suite struct HoldOutTests {
  @Test func wholeSpeakersWhereTenAreKnown() {
    let corpus = Corpus(
      clips: (0..<400).map {
        clip($0, "text \($0)", speaker: "s\($0 % 20)", seconds: 1 + Double($0 % 3))
      })
    for seed in 0..<20 as Range<UInt64> {
      let parts = corpus.holdingOut(seed: seed)
      guard case .speakers(let held) = parts.rule else {
        Issue.record("\(parts.rule)")
        return
      }
      #expect(parts.validation.speakers == held)
      #expect(Set(parts.training.speakers).isDisjoint(with: held))
      #expect(parts.training.clips.count + parts.validation.clips.count == 400)
      #expect(abs(parts.validation.seconds / corpus.seconds - 0.1) <= 0.025)
    }
  }

  @Test func clipsOfUnknownSpeakersAreTrainedOn() {
    let known = (0..<100).map { clip($0, "a", speaker: "s\($0 % 10)") }
    let unknown = (100..<150).map { clip($0, "a") }
    let parts = Corpus(clips: known + unknown).holdingOut(seed: 1)
    #expect(parts.validation.clips.allSatisfy { $0.speaker != nil })
    #expect(parts.training.clips.count { $0.speaker == nil } == 50)
    // With most of the sound by people unknown, ten known ones tell nothing about the set.
    let mostly = Corpus(clips: known + (100..<300).map { clip($0, "a") }).holdingOut(seed: 1)
    #expect(mostly.rule == .clips)
  }

  @Test func speakersOfUnlikeLengthLeaveSomethingOnBothSides() {
    let clips = (0..<10).map { clip($0, "a", speaker: "s\($0)", seconds: $0 == 0 ? 1000 : 1) }
    for seed in 0..<20 as Range<UInt64> {
      let parts = Corpus(clips: clips).holdingOut(seed: seed)
      #expect(!parts.validation.clips.isEmpty)
      #expect(!parts.training.clips.isEmpty)
      #expect(parts.validation.seconds < 100)
    }
  }

  @Test func clipsAreSpreadOverSpeakersAndTexts() {
    // The counts of the Free Spoken Digit Dataset: six speakers, ten digits, 45 clips of each.
    let clips = (0..<2700).map { clip($0, "\($0 / 6 % 10)", speaker: "s\($0 % 6)") }
    for seed in 0..<10 as Range<UInt64> {
      let parts = Corpus(clips: clips).holdingOut(seed: seed)
      #expect(parts.rule == .clips)
      #expect(parts.validation.clips.count == 270)
      #expect(parts.training.clips.count == 2430)
      #expect(Set(parts.training.clips).isDisjoint(with: parts.validation.clips))
      var counts: [String: Int] = [:]
      for clip in parts.validation.clips {
        counts["\(clip.text) \(clip.speaker ?? "")", default: 0] += 1
      }
      #expect(counts.count == 60)
      #expect(counts.values.allSatisfy { (4...5).contains($0) })
    }
  }

  @Test func neitherSideIsEmpty() {
    for count in 2...30 {
      for fraction in [0, 0.01, 0.1, 0.5, 0.99, 1] {
        let corpus = Corpus(clips: (0..<count).map { clip($0, "\($0)") })
        let parts = corpus.holdingOut(fraction: fraction, seed: 5)
        #expect(!parts.training.clips.isEmpty)
        #expect(!parts.validation.clips.isEmpty)
        #expect(parts.training.clips.count + parts.validation.clips.count == count)
        let spoken = Corpus(clips: (0..<10 + count).map { clip($0, "a", speaker: "s\($0 % 10)") })
        #expect(!spoken.holdingOut(fraction: fraction, seed: 5).training.clips.isEmpty)
        #expect(!spoken.holdingOut(fraction: fraction, seed: 5).validation.clips.isEmpty)
      }
    }
    #expect(Corpus(clips: [clip(0, "a")]).holdingOut(seed: 1).training.clips.count == 1)
    #expect(Corpus(clips: []).holdingOut(seed: 1).validation.clips.isEmpty)
  }

  @Test func theSeedAloneDecides() {
    let corpus = Corpus(clips: (0..<300).map { clip($0, "\($0 % 7)", speaker: "s\($0 % 3)") })
    #expect(corpus.holdingOut(seed: 1) == corpus.holdingOut(seed: 1))
    #expect(corpus.holdingOut(seed: 1) != corpus.holdingOut(seed: 2))
    let speakers = Corpus(clips: (0..<300).map { clip($0, "a", speaker: "s\($0 % 30)") })
    #expect(speakers.holdingOut(seed: 1) == speakers.holdingOut(seed: 1))
    #expect(speakers.holdingOut(seed: 1).rule != speakers.holdingOut(seed: 2).rule)
  }

  @Test func theRuleIsSaid() {
    let speakers = Corpus(
      clips: (0..<20).map { clip($0, "a", speaker: "s\($0 % 10)", seconds: 60) })
    let said = speakers.holdingOut(seed: 1)
    guard case .speakers(let held) = said.rule else { return }
    #expect(
      said.description
        == "held out for validation: 2 clips (2.00 minutes) of 1 whole speaker (\(held[0]))")
    let clips = Corpus(clips: (0..<20).map { clip($0, "a", seconds: 600) }).holdingOut(seed: 1)
    #expect(
      clips.description.hasPrefix("held out for validation: 2 clips (0.33 hours), spread evenly"))
  }
}

@Suite struct FingerprintTests {
  private let clips = [
    clip(1, "one", speaker: "anna"), clip(2, "two", speaker: "ben"), clip(3, "three"),
  ]

  @Test func isTheSameWhereverAndInWhateverOrder() {
    let print = Corpus(clips: clips).fingerprint
    #expect(print.count == 16)
    #expect(print.allSatisfy { $0.isHexDigit })
    #expect(Corpus(clips: clips.reversed()).fingerprint == print)
    let moved = clips.map {
      LabelledClip(
        path: "/other" + $0.path, text: $0.text, speaker: $0.speaker, duration: $0.duration + 1e-5,
        identifier: "/home/me/" + $0.identifier)
    }
    #expect(Corpus(clips: moved).fingerprint == print)
  }

  @Test func anyDifferenceShows() {
    let first = clips[0]
    let others = [
      clip(1, "One", speaker: "anna"), clip(1, "one", speaker: "ann"), clip(1, "one"),
      clip(1, "one", speaker: "anna", seconds: 1.002), clip(4, "one", speaker: "anna"),
      LabelledClip(
        path: first.path, text: "one", speaker: "anna", offset: 0.5, duration: 1, identifier: "1"),
    ]
    let prints = ([first] + others).map { Corpus(clips: [$0] + clips[1...]).fingerprint }
    #expect(Set(prints).count == prints.count)
    #expect(Corpus(clips: clips + [first]).fingerprint != Corpus(clips: clips).fingerprint)
  }

  @Test func isWhatFNVMakesOfTheEmptySet() {
    #expect(Corpus(clips: []).fingerprint == "cbf29ce484222325")
  }
}

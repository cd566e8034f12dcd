import StapesAugmentation
import StapesCorpus
import StapesKernels
import StapesModel
import StapesScoring
import StapesTraining
import TestSupport
import Testing

/// Training that spots phrases among other sound.
@Suite struct SpottingTrainingTests {
  private func corpora(in folder: String) throws -> (clips: Corpus, background: Corpus) {
    var random = SplitMix64(seed: 7)
    func clips(_ words: [String], _ count: Int) throws -> [LabelledClip] {
      try (0..<count).map { index in
        let word = words[index % words.count]
        return try ToneCorpus.write(word, to: "\(folder)/\(word)-\(index).wav", using: &random)
      }
    }
    let phrases = try clips(["ab", "cca"], 40)
    let background = try clips(["b", "cb", "bbc", "aa"], 60).map {
      LabelledClip(path: $0.path, text: "", duration: $0.duration, identifier: $0.identifier)
    }
    return (Corpus(clips: phrases), Corpus(clips: background))
  }

  @Test func `a model writes the phrases, and nothing of the background`() async throws {
    try await withTemporaryFolder { folder in
      let (clips, background) = try corpora(in: folder)
      var options = ToneCorpus.options
      options.task = .spot
      options.epochCount = 30
      options.fineTuning.replayShare = 0.5
      options.augmentation.joining.clipShare = 1
      options.augmentation.joining.clipCount = 1...3
      let outcome = try #require(
        await RunReport(
          of: Trainer(corpus: clips, options: options, threadCount: 2, replayed: background)
        ).outcome)
      #expect(
        outcome.model.spotting
          == SpottingSettings(phrases: [.init(text: "ab"), .init(text: "cca")]))
      // Every twentieth of the background is validated on, and counts as right where it is empty.
      #expect(outcome.validation.rates.utteranceCount == 4 + 3)
      #expect(outcome.validation.rates.exact.value == 1)
    }
  }

  @Test func `background that sounds like a phrase is found, and learnt most`() async throws {
    try await withTemporaryFolder { folder in
      var random = SplitMix64(seed: 9)
      func clips(_ words: [String], _ count: Int, _ name: String) throws -> [LabelledClip] {
        try (0..<count).map { index in
          try ToneCorpus.write(
            words[index % words.count], to: "\(folder)/\(name)-\(index).wav", using: &random)
        }
      }
      // Three of 120 parts of the background hold the phrase.
      let phrases = try clips(["ab"], 20, "phrase")
      let background = try clips(["c", "cc", "bbc"], 117, "other") + clips(["ab"], 3, "planted")
      var options = ToneCorpus.options
      options.task = .spot
      options.epochCount = 8
      options.fineTuning.replayShare = 0.5
      var searched: [Int] = []
      let report = try await RunReport(
        of: Trainer(
          corpus: Corpus(clips: phrases), options: options, threadCount: 2,
          replayed: Corpus(
            clips: background.map {
              LabelledClip(
                path: $0.path, text: "", duration: $0.duration, identifier: $0.identifier)
            }))
      ) { if case .searching(let done, let count) = $0 { searched.append(done * 100 / count) } }
      let found = report.notices.compactMap { notice -> [String]? in
        guard case .foundHardBackground(let clips, _, _) = notice else { return nil }
        return clips
      }
      #expect(found.count == 3 && searched.count { $0 == 100 } == 3)
      #expect(found.last?.allSatisfy { $0.contains("planted") } == true)
    }
  }

  @Test func `sound without text is for spotting only`() throws {
    try withTemporaryFolder { folder in
      let (clips, background) = try corpora(in: folder)
      #expect(throws: TrainingError.replayWithoutModel) {
        try Trainer(corpus: clips, options: ToneCorpus.options, replayed: background)
      }
    }
  }

  @Test func `recordings are cut into parts without text`() throws {
    try withTemporaryFolder { folder in
      let (clips, _) = try corpora(in: folder)
      let seconds = clips.clips.reduce(0) { $0 + $1.duration }
      let sound = try Corpus(background: [folder], longestSeconds: 0.25)
      #expect(sound.clips.allSatisfy { $0.text.isEmpty && $0.duration <= 0.25 })
      #expect(sound.seconds > seconds)
      #expect(Set(sound.clips.map(\.path)).count == 100)
      #expect(Set(sound.clips.map(\.identifier)).count == sound.clips.count)
    }
  }

  @Test func `what is recommended for spotting suits live sound`() throws {
    try withTemporaryFolder { folder in
      let options = TrainingOptions.recommended(
        for: try corpora(in: folder).clips, task: .spot)
      try options.validate()
      #expect(options.task == .spot && !options.isBidirectional && options.vocabulary == .open)
      #expect(options.normalization == .sliding && options.augmentation.joining.clipShare == 1)
    }
  }
}

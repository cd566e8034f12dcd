import StapesCorpus
import StapesKernels
import StapesTraining
import TestSupport
import Testing

/// Few clips, and clips of which some are of no use: each gives a model, or one sentence that says
/// what is wrong and what to do.
@Suite struct SmallDataTests {
  /// Writes a clip for each text that is said, with that text or another.
  private func corpus(
    _ clips: [(said: String, text: String)], in folder: String
  ) throws -> Corpus {
    var random = SplitMix64(seed: 3)
    return Corpus(
      clips: try clips.enumerated().map { index, clip in
        let spoken = try ToneCorpus.write(
          clip.said, to: "\(folder)/\(index).wav", using: &random)
        return LabelledClip(
          path: spoken.path, text: clip.text, duration: spoken.duration,
          identifier: spoken.identifier)
      })
  }

  private var options: TrainingOptions {
    var options = ToneCorpus.options
    options.epochCount = 1
    return options
  }

  private struct Run {
    var summary: TrainingSummary?
    var notices: [TrainingNotice] = []
    var outcome: TrainingOutcome?
  }

  private func run(_ trainer: Trainer) async throws -> Run {
    var run = Run()
    for try await event in trainer.run() {
      switch event {
      case .prepared(let summary): run.summary = summary
      case .notice(let notice): run.notices.append(notice)
      case .finished(let outcome): run.outcome = outcome
      default: break
      }
    }
    return run
  }

  private func train(_ corpus: Corpus, _ options: TrainingOptions) async throws -> Run {
    try await run(Trainer(corpus: corpus, options: options, threadCount: 1))
  }

  @Test func theOnlyClipWhoseCharactersOthersHaveIsHeldOut() throws {
    let texts = ["stop", "go", "left", "no", "right", "yes"]
    let corpus = Corpus(
      clips: texts.map {
        LabelledClip(path: "/\($0).wav", text: $0, duration: 2, identifier: $0)
      })
    for seed in 0..<6 as Range<UInt64> {
      var options = TrainingOptions()
      options.seed = seed
      let holdOut = try #require(try Trainer(corpus: corpus, options: options).holdOut)
      let trained = Set(holdOut.training.clips.map(\.text).joined())
      #expect(holdOut.validation.clips.map(\.text).allSatisfy { trained.isSuperset(of: $0) })
    }
  }

  @Test func aTextWithoutACharacterIsNotHeldOut() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try corpus(
        [("ab", "ab"), ("ba", "ba"), ("abc", "👩‍👩‍👧"), ("ca", "ca"), ("cb", "cb")],
        in: folder)
      for seed in 0..<6 as Range<UInt64> {
        var options = options
        options.seed = seed
        let run = try await train(corpus, options)
        #expect(run.outcome != nil)
        #expect(run.summary?.unused.map(\.reason) == [.noText])
        #expect(run.summary?.validationClipCount == 1 && run.notices.isEmpty)
      }
    }
  }

  @Test func whatIsHeldOutHasCharactersThatAreTrainedOn() async throws {
    try await withTemporaryFolder { folder in
      // Only the first two have a letter that is in no other.
      let corpus = try corpus(
        [("a", "xa"), ("b", "yb"), ("ab", "ab"), ("ba", "ba"), ("aab", "aab")], in: folder)
      for seed in 0..<6 as Range<UInt64> {
        var options = options
        options.seed = seed
        let run = try await train(corpus, options)
        #expect(run.outcome?.validation.hasLoss == true && run.notices.isEmpty)
      }
    }
  }

  @Test func clipsThatCannotBeScoredAreTold() async throws {
    try await withTemporaryFolder { folder in
      let training = try corpus([("a", "a"), ("b", "b")], in: folder)
      for text in ["пять", String(repeating: "ab", count: 100)] {
        let validation = Corpus(
          clips: training.clips.map {
            LabelledClip(path: $0.path, text: text, duration: $0.duration, identifier: "v")
          })
        let run = try await run(
          Trainer(corpus: training, validation: validation, options: options, threadCount: 1))
        #expect(run.outcome?.validation.hasLoss == false)
        #expect(
          run.notices == [
            .nothingToScore(
              clipCount: 2, example: validation.clips[0].path, text: text,
              isTooLong: text != "пять")
          ])
        #expect(run.notices.first?.isWarning == true)
      }
    }
  }

  @Test func aSingleClipHasNothingToBeValidatedOn() throws {
    try withTemporaryFolder { folder in
      let corpus = try corpus([("a", "a")], in: folder)
      #expect(throws: TrainingError.singleClip(path: corpus.clips[0].path)) {
        try Trainer(corpus: corpus, options: options)
      }
    }
  }

  @Test(arguments: [[("a", "a"), ("b", "b")], [("a", "a"), ("b", "a"), ("c", "a")]])
  func aSingleClassIsNothingToTellApart(clips: [(String, String)]) async throws {
    try await withTemporaryFolder { folder in
      let corpus = try corpus(clips.map { (said: $0.0, text: $0.1) }, in: folder)
      let options = TrainingOptions.recommended(for: corpus, task: .classify)
      let error = await #expect(throws: TrainingError.self) { try await train(corpus, options) }
      guard case .singleClass(_, clips.count - 1)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("--validation"))
    }
  }

  @Test func theSameSoundWithTwoTextsIsNotLearnt() async throws {
    try await withTemporaryFolder { folder in
      let once = try corpus(
        [("ab", "ab"), ("ba", "ba"), ("abc", "abc"), ("cab", "cab"), ("b", "b")], in: folder)
      var random = SplitMix64(seed: 9)
      let sound = try ToneCorpus.write("ca", to: folder + "/x.wav", using: &random)
      random = SplitMix64(seed: 9)
      let copy = try ToneCorpus.write("ca", to: folder + "/y.wav", using: &random)
      let other = LabelledClip(
        path: copy.path, text: "bb", duration: copy.duration, identifier: "y.wav")
      let run = try await train(Corpus(clips: once.clips + [sound, other]), options)
      #expect(
        run.summary?.unused.sorted { $0.clip.path < $1.clip.path }.map(\.reason) == [
          .soundWithOtherText(path: copy.path, text: "bb"),
          .soundWithOtherText(path: sound.path, text: "ca"),
        ])
      #expect(run.summary.map { $0.clipCount + $0.validationClipCount } == 5)
      #expect(run.summary?.findings.contains { $0.kind == .soundWithTwoTexts } == true)
    }
  }

  /// A text that was swapped with a much longer one does not slow the model down for all others.
  @Test(arguments: [5, 24, 40])
  func oneTextThatIsTooLongDoesNotSetTheStride(count: Int) {
    func clip(_ text: String) -> LabelledClip {
      LabelledClip(path: "none.wav", text: text, duration: 1, identifier: "")
    }
    let usual = Array(repeating: clip("some word"), count: count - 1)
    for text in [String(repeating: "word ", count: 8), String(repeating: "word ", count: 60)] {
      let options = TrainingOptions.recommended(for: Corpus(clips: usual + [clip(text)]))
      #expect(options.stride == 3)
    }
    // Where a fifth of the clips is spoken fast, all of them matter.
    let fast = Array(
      repeating: clip("forty characters are spoken in a second"), count: count / 5 + 2)
    #expect(TrainingOptions.recommended(for: Corpus(clips: usual + fast)).stride < 3)
  }

  @Test func oneSoundOnBothSidesOfAFoldIsFound() async throws {
    try await withTemporaryFolder { folder in
      let clips = try corpus([("a", "a"), ("b", "b"), ("c", "c")], in: folder).clips
      var random = SplitMix64(seed: 9)
      let sound = try ToneCorpus.write("ca", to: folder + "/x.wav", using: &random)
      random = SplitMix64(seed: 9)
      let copy = try ToneCorpus.write("ca", to: folder + "/y.wav", using: &random)
      let all = Corpus(clips: clips + [sound, copy])
      let check = try await CorpusCheck(
        listeningTo: all, requirements: options.clipRequirements, threadCount: 1)
      func shared(_ test: [LabelledClip]) -> [String]? {
        let training = Corpus(clips: all.clips.filter { !test.contains($0) })
        let part = CorpusFold(name: "", training: training, test: Corpus(clips: test))
        return check.soundShared(in: [part])?.items.map(\.path)
      }
      #expect(shared([copy]) == [copy.path] && shared([sound, clips[0]]) == [sound.path])
      #expect(shared([sound, copy]) == nil && shared(clips) == nil)
      #expect(check.soundConflicts.isEmpty)
    }
  }
}

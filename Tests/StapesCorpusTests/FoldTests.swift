import StapesCorpus
import StapesLayouts
import Testing

@Suite struct FoldTests {
  private func corpus(_ count: Int, speakers: [String?]) -> Corpus {
    Corpus(
      clips: (0..<count).map { number in
        LabelledClip(
          path: "\(number)", text: "text \(number % 4)", speaker: speakers[number % speakers.count],
          duration: 1, identifier: "\(number)")
      })
  }

  @Test(arguments: [2, 3, 7])
  func everyClipIsMeasuredOnce(count: Int) throws {
    let corpus = corpus(24, speakers: ["a", "b", "c"])
    let folds = try #require(corpus.folds(count: count, seed: 1))
    #expect(folds.count == count)
    #expect(
      folds.flatMap { $0.test.clips.map(\.path) }.sorted() == corpus.clips.map(\.path).sorted())
    for fold in folds {
      #expect(Set(fold.training.clips).isDisjoint(with: fold.test.clips))
      #expect(fold.training.clips.count + fold.test.clips.count == 24)
      #expect(fold.test.speakers == ["a", "b", "c"])
    }
    #expect(corpus.folds(count: count, seed: 1) == folds)
    #expect(corpus.folds(count: 25, seed: 1) == nil)
  }

  @Test func speakersAreLeftOutOneAtATime() throws {
    let folds = try #require(corpus(12, speakers: ["a", "b", "c"]).foldsBySpeaker())
    #expect(folds.map(\.name) == ["a", "b", "c"])
    #expect(folds.map(\.test.speakers) == [["a"], ["b"], ["c"]])
    #expect(folds.map(\.training.speakers) == [["b", "c"], ["a", "c"], ["a", "b"]])
    #expect(corpus(12, speakers: ["a"]).foldsBySpeaker() == nil)
    #expect(corpus(12, speakers: ["a", "b", nil]).foldsBySpeaker() == nil)
  }

  @Test func sharesOfALearningCurveGrow() throws {
    let curve = try #require(corpus(40, speakers: ["a", "b"]).learningCurve(seed: 1))
    #expect(curve.map(\.test) == Array(repeating: curve[0].test, count: 3))
    let sizes = curve.map(\.training.clips.count)
    #expect(sizes[2] + curve[0].test.clips.count == 40)
    #expect(abs(sizes[0] * 3 - sizes[2]) <= 2 && abs(sizes[1] * 3 - 2 * sizes[2]) <= 2)
    for (less, more) in zip(curve, curve.dropFirst()) {
      #expect(Set(less.training.clips).isSubset(of: more.training.clips))
    }
    #expect(corpus(5, speakers: [nil]).learningCurve(seed: 1) == nil)
  }
}

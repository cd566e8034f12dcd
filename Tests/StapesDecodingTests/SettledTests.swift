import StapesDecoding
import StapesKernels
import StapesLanguage
import TestSupport
import Testing

/// Label 3 is the separator; the words are made of labels 1 and 2.
@Suite struct SettledTests {
  private static let words = [[1], [1, 2], [2, 2, 1], [2], [2, 1]]

  private func searches() throws -> [BeamSearch] {
    let lexicon = Lexicon(words: Self.words, separator: 3)
    var trainer = try NGramTrainer(options: NGramOptions(order: 3))
    for sentence in ["a ab", "ab a bba", "b ba a", "ba bba"] { try trainer.add(line: sentence) }
    let model = try trainer.estimate().0
    var fusion = LanguageFusion(
      words: model, lexicon: lexicon,
      numbers: ["a", "ab", "bba", "b", "ba"].map { model.index(of: $0) ?? model.unknownWord })
    let hotwords = Hotwords([.init(words: [[1], [2, 2, 1]], boost: 1)])
    fusion.hotwords = hotwords
    let options = BeamOptions(beamWidth: 12)
    return [
      BeamSearch(options: options), BeamSearch(options: options, lexicon: lexicon),
      BeamSearch(options: options, language: fusion),
      BeamSearch(
        options: options,
        language: LanguageFusion(hotwords: hotwords, separator: 3, lexicon: lexicon)),
    ]
  }

  @Test func `a search goes on as it would have when settled labels are taken off`() throws {
    var generator = SplitMix64(seed: 5)
    var takenCount = 0
    for search in try searches() {
      for _ in 0..<40 {
        var (whole, cut) = (search, search)
        var (taken, logProbability, languageScore) = ([Int](), 0.0, 0.0)
        for _ in 0..<8 {
          let frames = randomLogProbabilities(6, 4, scale: 9, using: &generator)
          whole.step(frames)
          cut.step(frames)
          let count = Int.random(in: 0...3, using: &generator)
          if cut.settledLabels.count > count {
            taken += cut.settledLabels[..<count]
            languageScore += cut.removeFirst(count, logProbability: -1.5)
            logProbability -= 1.5
            takenCount += count
          }
          #expect(taken + cut.settledLabels == whole.settledLabels)
          #expect(taken + cut.bestLabels == whole.bestLabels)
          let (expected, found) = (whole.hypotheses(count: 5), cut.hypotheses(count: 5))
          #expect(found.map { taken + $0.labels } == expected.map(\.labels))
          for (a, b) in zip(found, expected) {
            #expect(abs(a.logProbability + logProbability - b.logProbability) < 1e-9)
            #expect(abs(a.languageScore + languageScore - b.languageScore) < 1e-9)
          }
        }
      }
    }
    #expect(takenCount > 200)
  }

  @Test func `labels that are chosen are settled`() throws {
    var generator = SplitMix64(seed: 7)
    for var search in try searches() {
      search.step(randomLogProbabilities(20, 4, scale: 1, using: &generator))
      let best = search.bestLabels
      let expected = search.hypotheses(count: 12).filter {
        $0.labels.starts(with: best.dropLast(2))
      }
      search.settle(Array(best.dropLast(2)))
      #expect(search.settledLabels.starts(with: best.dropLast(2)))
      #expect(search.hypotheses(count: 12) == expected)
      search.step(randomLogProbabilities(20, 4, scale: 1, using: &generator))
      #expect(search.bestLabels.starts(with: best.dropLast(2)))
    }
  }
}

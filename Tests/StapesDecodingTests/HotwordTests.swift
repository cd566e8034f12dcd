import Glibc
import StapesDecoding
import StapesKernels
import StapesLanguage
import TestSupport
import Testing

/// Labels 1 and 2 are letters, label 3 is the separator.
@Suite struct HotwordTests {
  static let phrases = [
    Hotwords.Phrase(words: [[1, 2]], boost: 0.8),
    Hotwords.Phrase(words: [[1]], boost: -0.5),
    Hotwords.Phrase(words: [[1], [1, 2]], boost: 1.5),
    Hotwords.Phrase(words: [[2], [1]], boost: 2),
    Hotwords.Phrase(words: [[2, 2], [2]], boost: 0.3),
    Hotwords.Phrase(words: [[2]], boost: 0.1),
  ]

  /// The boosts of the phrases that stand in labels as whole words, by looking everywhere.
  private func boost(of labels: [Int], separator: Int? = 3) -> Double {
    let words = labels.split { $0 == separator }.map(Array.init)
    var sum = 0.0
    for phrase in Self.phrases {
      let letterCount = phrase.words.joined().count
      for begin in words.indices where words[begin...].starts(with: phrase.words) {
        sum += phrase.boost * Double(letterCount)
      }
    }
    return sum
  }

  private func expectSame(_ found: [Hypothesis], _ expected: [Hypothesis]) {
    #expect(found.map(\.labels) == expected.map(\.labels))
    for (a, b) in zip(found, expected) {
      #expect(abs(a.logProbability - b.logProbability) < 1e-10)
      #expect(abs(a.languageScore - b.languageScore) < 1e-5)
    }
  }

  private func ranked(_ hypotheses: [Hypothesis]) -> [Hypothesis] {
    hypotheses.sorted {
      $0.score > $1.score
        || $0.score == $1.score && $0.labels.lexicographicallyPrecedes($1.labels)
    }
  }

  @Test(arguments: [3, nil] as [Int?])
  func `an unlimited beam adds the boosts of whole matches and nothing else`(
    separator: Int?
  ) {
    var generator = SplitMix64(seed: 1)
    let fusion = LanguageFusion(hotwords: Hotwords(Self.phrases), separator: separator)
    let decoder = BeamDecoder(options: BeamOptions(beamWidth: 100_000), language: fusion)
    for frameCount in 0...7 {
      let classCount = separator == nil ? 3 : 4
      let frames = randomLogProbabilities(frameCount, classCount, scale: 1.5, using: &generator)
      let expected = exhaustive(frames).map {
        Hypothesis(
          labels: $0.labels, logProbability: $0.logProbability,
          languageScore: boost(of: $0.labels, separator: separator))
      }
      expectSame(decoder.decode(frames, hypothesisCount: 100_000), ranked(expected))
    }
  }

  /// A beam that keeps the best by credits alone would lose the phrase before it is whole.
  @Test func `a phrase is found by a narrow beam, and half a phrase gains nothing`() {
    let letters: [Float] = [-9, -2.5, -0.1, -9]
    let separator: [Float] = [-9, -9, -9, -0.01]
    let blank: [Float] = [-0.01, -9, -9, -9]
    // Heard is 2 2; favoured is 1 1, or 1 1 and another word.
    let frames = Matrix(rows: [letters, blank, letters, separator])
    for (words, isFound) in [([[1, 1]], true), ([[1, 1], [1]], false)] {
      let hotwords = Hotwords([Hotwords.Phrase(words: words, boost: 3)])
      let fusion = LanguageFusion(hotwords: hotwords, separator: 3)
      for width in [2, 3, 50] {
        let found = BeamDecoder(options: BeamOptions(beamWidth: width), language: fusion)
          .decode(frames)
        #expect(found.first?.labels == (isFound ? [1, 0, 1, 3] : [2, 0, 2, 3]).filter { $0 > 0 })
        #expect(found.first?.languageScore == (isFound ? 6 : 0))
      }
    }
  }

  @Test func `boosts come on top of a language model of characters`() throws {
    var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: .character))
    for sentence in ["a ab", "ab a", "b"] { try trainer.add(line: sentence) }
    let model = try trainer.estimate().0
    let numbers = ["<unk>", "a", "b", "<space>"].map { model.index(of: $0) ?? 0 }
    let weights = LanguageWeights(languageWeight: 0.6, wordBonus: 0.7)
    var fusion = LanguageFusion(
      characters: model, numbers: numbers, separator: 3, weights: weights)
    fusion.hotwords = Hotwords(Self.phrases)
    var generator = SplitMix64(seed: 2)
    let frames = randomLogProbabilities(6, 4, scale: 1.5, using: &generator)
    let expected = exhaustive(frames).map { hypothesis in
      let characters = hypothesis.labels.map { ["", "a", "b", "<space>"][$0] }
      let wordCount = hypothesis.labels.split(separator: 3).count
      return Hypothesis(
        labels: hypothesis.labels, logProbability: hypothesis.logProbability,
        languageScore: 0.6 * model.logProbability(of: characters) + 0.7 * Double(wordCount)
          + boost(of: hypothesis.labels))
    }
    expectSame(
      BeamDecoder(options: BeamOptions(beamWidth: 100_000), language: fusion)
        .decode(frames, hypothesisCount: 100_000), ranked(expected))
  }

  @Test func `boosts come on top of a language model of words, which need not have the word`()
    throws
  {
    var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: .word))
    for sentence in ["a ab", "ab a", "b b"] { try trainer.add(line: sentence) }
    let model = try trainer.estimate().0
    let words = ["a", "ab", "b", "bb"]
    let lexicon = Lexicon(words: words.map { $0.map { $0 == "a" ? 1 : 2 } }, separator: 3)
    var generator = SplitMix64(seed: 3)
    let frames = randomLogProbabilities(6, 4, scale: 1.5, using: &generator)
    for penalty in [nil, 0.4] as [Double?] {
      let weights = LanguageWeights(
        languageWeight: 0.6, wordBonus: 0.7, unknownWordPenalty: penalty)
      var fusion = LanguageFusion(
        words: model, lexicon: lexicon, numbers: words.map { model.index(of: $0) }, isClosed: true,
        weights: weights)
      fusion.hotwords = Hotwords(Self.phrases)
      let expected = exhaustive(frames).compactMap { hypothesis -> Hypothesis? in
        var parts = hypothesis.labels.split(separator: 3, omittingEmptySubsequences: false)
          .map { String($0.map { $0 == 1 ? "a" : "b" as Character }) }
        if parts.last == "" { parts.removeLast() }
        guard parts.allSatisfy(words.contains) else { return nil }
        return Hypothesis(
          labels: hypothesis.labels, logProbability: hypothesis.logProbability,
          languageScore: 0.6 * model.logProbability(of: parts) + 0.7 * Double(parts.count)
            - (penalty ?? 0) * Double(parts.count { $0 == "bb" }) + boost(of: hypothesis.labels))
      }
      expectSame(
        BeamDecoder(options: BeamOptions(beamWidth: 100_000), language: fusion)
          .decode(frames, hypothesisCount: 100_000), ranked(expected))
    }
  }

  @Test func `of a phrase that is there twice the last counts`() {
    let twice = [(1.0, 5.0), (5.0, 1.0)].map { first, last in
      let phrases = [first, last].map { Hotwords.Phrase(words: [[1]], boost: $0) }
      let fusion = LanguageFusion(hotwords: Hotwords(phrases), separator: 3)
      return BeamDecoder(language: fusion).decode(Matrix(rows: [[-9, 0, -9, -9]])).first?
        .languageScore
    }
    #expect(twice == [5, 1])
  }
}

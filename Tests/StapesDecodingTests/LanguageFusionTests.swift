import Glibc
import StapesDecoding
import StapesKernels
import StapesLanguage
import TestSupport
import Testing

/// Labels 1 and 2 are the letters a and b, label 3 is the separator.
@Suite struct LanguageFusionTests {
  /// Words that letters may be joined to; the last three the language model does not have.
  static let words = ["a", "ab", "bba", "b", "aab", "ba"]
  static let sentences = ["a ab", "ab a bba", "bba ab a", "a ab ab", "b", "a", "ab a"]

  private func model(of unit: LanguageUnit) throws -> NGramModel {
    var trainer = try NGramTrainer(options: NGramOptions(order: 3, unit: unit))
    for sentence in Self.sentences { try trainer.add(line: sentence) }
    return try trainer.estimate().0
  }

  private func wordFusion(
    _ words: [String], isClosed: Bool = false, _ weights: LanguageWeights
  ) throws -> LanguageFusion {
    let model = try model(of: .word)
    return LanguageFusion(
      words: model, lexicon: Lexicon(words: words.map(labels), separator: 3),
      numbers: words.map { model.index(of: $0) ?? model.unknownWord }, isClosed: isClosed,
      weights: weights)
  }

  private func characterFusion(_ weights: LanguageWeights) throws -> LanguageFusion {
    let model = try model(of: .character)
    let numbers = ["<unk>", "a", "b", "<space>"].map { model.index(of: $0) ?? 0 }
    return LanguageFusion(characters: model, numbers: numbers, separator: 3, weights: weights)
  }

  private func labels(_ word: String) -> [Int] { word.map { $0 == "a" ? 1 : 2 } }

  private func text(_ labels: [Int]) -> String {
    String(labels.map { [" ", "a", "b", " "][$0] as Character })
  }

  /// What a model of words adds by definition; nil where the labels may not stand.
  private func score(
    _ labels: [Int], by fusion: LanguageFusion, words: [String]?
  ) throws -> Double? {
    let (weights, model) = (fusion.weights, try #require(fusion.model))
    var parts = text(labels).split(separator: " ", omittingEmptySubsequences: false)
    if parts.last == "" { parts.removeLast() }
    if parts.contains("") { return nil }
    if let words, !parts.allSatisfy({ words.contains(String($0)) }) { return nil }
    let unknownCount = parts.count { model.index(of: $0) == nil }
    guard unknownCount == 0 || weights.unknownWordPenalty != nil else { return nil }
    return weights.languageWeight * model.logProbability(of: parts)
      + weights.wordBonus * Double(parts.count)
      - (weights.unknownWordPenalty ?? 0) * Double(unknownCount)
  }

  /// What a model of characters adds by definition.
  private func characterScore(_ labels: [Int], by fusion: LanguageFusion) -> Double {
    let characters = labels.map { ["", "a", "b", "<space>"][$0] }
    let wordCount = text(labels).split(separator: " ").count
    return fusion.weights.languageWeight * (fusion.model?.logProbability(of: characters) ?? .nan)
      + fusion.weights.wordBonus * Double(wordCount)
  }

  /// All sequences of the frames, best first by the sum of both scores.
  private func expected(
    _ logProbabilities: Matrix, _ score: ([Int]) throws -> Double?
  ) rethrows -> [Hypothesis] {
    try exhaustive(logProbabilities).compactMap { hypothesis in
      guard let language = try score(hypothesis.labels) else { return nil }
      var hypothesis = hypothesis
      hypothesis.languageScore = language
      return hypothesis
    }.sorted {
      $0.score > $1.score
        || $0.score == $1.score && $0.labels.lexicographicallyPrecedes($1.labels)
    }
  }

  private func expectSame(_ found: [Hypothesis], _ expected: [Hypothesis]) {
    #expect(found.map(\.labels) == expected.map(\.labels))
    for (a, b) in zip(found, expected) {
      #expect(abs(a.logProbability - b.logProbability) < 1e-10)
      // The model adds up 32-bit floats.
      #expect(abs(a.languageScore - b.languageScore) < 1e-5)
    }
  }

  static let weights = [
    LanguageWeights(languageWeight: 0.7, wordBonus: 1.5),
    LanguageWeights(languageWeight: 2, wordBonus: -0.3, unknownWordPenalty: 0.4),
    LanguageWeights(languageWeight: 0.1, wordBonus: 4, unknownWordPenalty: 0),
    LanguageWeights(languageWeight: 0, wordBonus: 0, unknownWordPenalty: 3),
  ]

  @Test(arguments: weights)
  func `words: an unlimited beam is the sum by definition`(weights: LanguageWeights) throws {
    var generator = SplitMix64(seed: 1)
    let known = Array(Self.words.prefix(4))
    for (words, isClosed) in [(known, false), (Self.words, true), (["ab", "ba"], true)] {
      let fusion = try wordFusion(words, isClosed: isClosed, weights)
      let decoder = BeamDecoder(options: BeamOptions(beamWidth: 100_000), language: fusion)
      let isOpen = !isClosed && weights.unknownWordPenalty != nil
      for frameCount in 0...6 {
        let frames = randomLogProbabilities(frameCount, 4, scale: 1.5, using: &generator)
        expectSame(
          decoder.decode(frames, hypothesisCount: 100_000),
          try expected(frames) { try score($0, by: fusion, words: isOpen ? nil : words) })
      }
    }
  }

  @Test(arguments: weights)
  func `characters: an unlimited beam is the sum by definition`(weights: LanguageWeights) throws {
    var generator = SplitMix64(seed: 2)
    let fusion = try characterFusion(weights)
    let decoder = BeamDecoder(options: BeamOptions(beamWidth: 100_000), language: fusion)
    for frameCount in 0...6 {
      let frames = randomLogProbabilities(frameCount, 4, scale: 1.5, using: &generator)
      expectSame(
        decoder.decode(frames, hypothesisCount: 100_000),
        expected(frames) { characterScore($0, by: fusion) })
    }
  }

  /// Long enough that prefixes are cleared away, and their places given anew.
  @Test(arguments: weights, [1, 8])
  func `a narrow beam drops prefixes, but scores those that it keeps by definition`(
    weights: LanguageWeights, width: Int
  ) throws {
    var generator = SplitMix64(seed: 3)
    let frames = randomLogProbabilities(1500, 4, scale: 2, using: &generator)
    let options = BeamOptions(beamWidth: width)
    let words = try wordFusion(Array(Self.words.prefix(4)), weights)
    for found in BeamDecoder(options: options, language: words).decode(frames, hypothesisCount: 9) {
      if let expected = try score(found.labels, by: words, words: nil) {
        #expect(abs(found.languageScore - expected) < 1e-3)
      }
    }
    let characters = try characterFusion(weights)
    let decoder = BeamDecoder(options: options, language: characters)
    for found in decoder.decode(frames, hypothesisCount: 9) {
      let expected = characterScore(found.labels, by: characters)
      #expect(abs(found.languageScore - expected) < 1e-3)
    }
  }

  @Test func `it is the same however the frames are divided`() throws {
    var generator = SplitMix64(seed: 4)
    let frames = randomLogProbabilities(20, 4, scale: 2, using: &generator)
    let fusion = try wordFusion(Self.words, Self.weights[1])
    let options = BeamOptions(beamWidth: 12)
    let whole = BeamDecoder(options: options, language: fusion).decode(frames, hypothesisCount: 12)
    var search = BeamSearch(options: options, language: fusion)
    for frame in 0..<20 {
      search.step(frames.rows(frame..<frame + 1))
      _ = search.hypotheses(count: 3)
    }
    #expect(search.hypotheses(count: 12) == whole)
  }

  @Test func `what is heard alike, the language decides`() throws {
    // Either letter, the separator, then either letter.
    let letter: [Float] = [-20, -0.7, -0.69, -20]
    let space: [Float] = [-20, -20, -20, -0.01]
    let frames = Matrix(rows: [letter, space, letter])
    #expect(BeamDecoder().decode(frames).map(\.labels) == [[2, 3, 2]])
    let fusion = try wordFusion(Self.words, LanguageWeights(languageWeight: 1, wordBonus: 0))
    let texts = ["a a", "a b", "b a", "b b"]
    let model = try #require(fusion.model)
    let expected = texts.max {
      model.logProbability(of: $0.split(separator: " "))
        < model.logProbability(of: $1.split(separator: " "))
    }
    for width in [4, 100] {
      let decoder = BeamDecoder(options: BeamOptions(beamWidth: width), language: fusion)
      #expect(decoder.decode(frames).map { text($0.labels) } == [expected])
    }
  }

  @Test func `a word that is cut off is left out`() throws {
    let impossible = -Float.infinity
    func sure(_ label: Int) -> [Float] { (0..<4).map { $0 == label ? 0 : impossible } }
    let frames = Matrix(rows: [sure(1), sure(3), sure(2), sure(0), sure(2)])
    let fusion = try wordFusion(["a", "bba"], LanguageWeights(languageWeight: 1, wordBonus: 2))
    let found = BeamDecoder(language: fusion).decode(frames, hypothesisCount: 5)
    #expect(found.map(\.labels) == [[1]])
    let expected = try score([1], by: fusion, words: nil) ?? 0
    #expect(abs(found[0].languageScore - expected) < 1e-5)
  }

  @Test func `weights out of range are refused`() throws {
    let wrong: [(LanguageWeights, String)] = [
      (LanguageWeights(languageWeight: -1), "the language model weight"),
      (LanguageWeights(languageWeight: .infinity), "the language model weight"),
      (LanguageWeights(wordBonus: .nan), "the word bonus"),
      (LanguageWeights(unknownWordPenalty: -0.1), "the penalty of unknown words"),
      (LanguageWeights(labelPriorWeight: -0.1), "the weight of label priors"),
    ]
    for (weights, name) in wrong {
      #expect {
        try weights.validate()
      } throws: { "\($0)".hasPrefix("\(name) is ") }
    }
  }
}

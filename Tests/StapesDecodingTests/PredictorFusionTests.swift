import Glibc
import StapesDecoding
import StapesKernels
import StapesLanguage
import TestSupport
import Testing

/// A predictor that remembers the last two tokens: 0 is the end, 1 unknown, 2 to 4 a, b and space.
private struct TablePredictor: CharacterPredictor {
  let unknownToken = 1
  let endToken = 0

  var begin: CharacterPrediction { prediction([0, 0]) }

  /// Random, but always the same after the same two tokens.
  private func prediction(_ memory: [Float]) -> CharacterPrediction {
    var generator = SplitMix64(seed: 9, stream: UInt64(memory[0]), UInt64(memory[1]))
    var row = randomMatrix(rowCount: 1, columnCount: 5, using: &generator)
    row.scale(by: 2)
    row.takeLogSoftmaxOfRows()
    return CharacterPrediction(memory: memory, logProbabilities: Array(row.row(0)))
  }

  func predictions(
    after texts: [(before: CharacterPrediction, token: Int)]
  ) -> [CharacterPrediction] {
    texts.map { prediction([$0.before.memory[1], Float($0.token)]) }
  }

  func token(of character: String) -> Int {
    ["a", "b", " "].firstIndex(of: character).map { $0 + 2 } ?? 1
  }

  func character(of token: Int) -> String? { token < 2 ? nil : ["a", "b", " "][token - 2] }

  /// ln P of a whole text of tokens.
  func logProbability(of tokens: [Int]) -> Double {
    var (sum, place) = (0.0, begin)
    for token in tokens {
      sum += Double(place.logProbabilities[token])
      place = predictions(after: [(before: place, token: token)])[0]
    }
    return sum + Double(place.logProbabilities[0])
  }
}

/// Labels 1 and 2 are the letters a and b, label 3 is the separator.
@Suite struct PredictorFusionTests {
  private let predictor = TablePredictor()

  private func expected(
    _ frames: Matrix, weights: LanguageWeights, tokens: [Int], where isAllowed: ([Int]) -> Bool
  ) -> [Hypothesis] {
    exhaustive(frames).filter { isAllowed($0.labels) }.compactMap { hypothesis in
      let text = hypothesis.labels.map { tokens[$0] }
      let unknownCount = text.count { $0 == 1 }
      guard unknownCount == 0 || weights.unknownWordPenalty != nil else { return nil }
      var hypothesis = hypothesis
      hypothesis.languageScore =
        weights.languageWeight * predictor.logProbability(of: text)
        + weights.wordBonus * Double(hypothesis.labels.split(separator: 3).count)
        - (weights.unknownWordPenalty ?? 0) * Double(unknownCount)
      return hypothesis
    }.sorted {
      $0.score > $1.score
        || $0.score == $1.score && $0.labels.lexicographicallyPrecedes($1.labels)
    }
  }

  @Test(arguments: [[0, 2, 3, 4], [0, 2, 1, 4]])
  func `an unlimited beam is the sum by definition`(tokens: [Int]) {
    var generator = SplitMix64(seed: 1)
    for weights in [
      LanguageWeights(languageWeight: 0.7, wordBonus: 1.2),
      LanguageWeights(languageWeight: 2, wordBonus: -0.5, unknownWordPenalty: 0.4),
    ] {
      for lexicon in [nil, Lexicon(words: [[1], [1, 2], [2, 2]], separator: 3)] {
        let fusion = LanguageFusion(
          predictor: predictor, numbers: tokens, separator: 3, lexicon: lexicon, weights: weights)
        let decoder = BeamDecoder(options: BeamOptions(beamWidth: 100_000), language: fusion)
        for frameCount in 0...6 {
          let frames = randomLogProbabilities(frameCount, 4, scale: 1.5, using: &generator)
          let expected = expected(frames, weights: weights, tokens: tokens) { labels in
            guard lexicon != nil else { return true }
            var parts = labels.split(separator: 3, omittingEmptySubsequences: false).map(Array.init)
            if parts.last == [] { parts.removeLast() }
            return parts.allSatisfy { [[1], [1, 2], [2, 2]].contains($0) }
          }
          let found = decoder.decode(frames, hypothesisCount: 100_000)
          #expect(found.map(\.labels) == expected.map(\.labels))
          for (a, b) in zip(found, expected) { #expect(abs(a.score - b.score) < 1e-5) }
        }
      }
    }
  }

  @Test(arguments: [1, 6])
  func `a narrow beam scores what it keeps by definition`(width: Int) {
    var generator = SplitMix64(seed: 3)
    let frames = randomLogProbabilities(800, 4, scale: 2, using: &generator)
    let weights = LanguageWeights(languageWeight: 0.7, wordBonus: 1.2)
    let fusion = LanguageFusion(
      predictor: predictor, numbers: [0, 2, 3, 4], separator: 3, weights: weights)
    let found = BeamDecoder(options: BeamOptions(beamWidth: width), language: fusion)
      .decode(frames, hypothesisCount: 6)
    #expect(!found.isEmpty)
    for hypothesis in found {
      let words = hypothesis.labels.split(separator: 3).count
      let expected =
        0.7 * predictor.logProbability(of: hypothesis.labels.map { $0 + 1 }) + 1.2 * Double(words)
      #expect(abs(hypothesis.languageScore - expected) < 1e-3)
    }
  }

  @Test func `a text goes on by drawing, or by what is most probable`() throws {
    var trainer = try NGramTrainer(options: NGramOptions(order: 3, unit: .character))
    for _ in 0..<20 { try trainer.add(line: "abba") }
    let model = try trainer.estimate().0
    var generator = SplitMix64(seed: 1)
    for begin in [CharacterContinuation(by: model), CharacterContinuation(by: predictor)] {
      var text = begin
      text.append("a")
      let next = text.next
      #expect(next.map(\.probability) == next.map(\.probability).sorted(by: >))
      #expect(next.count { $0.character == nil } == 1)
      var counts: [String?: Int] = [:]
      for _ in 0..<2000 {
        var longer = text
        let goesOn = longer.extend(temperature: 1, using: &generator)
        counts[goesOn ? String(longer.text.suffix(1)) : nil, default: 0] += 1
      }
      let sum = next.reduce(0) { $0 + $1.probability }
      for candidate in next {
        let share = Double(counts[candidate.character] ?? 0) / 2000
        #expect(abs(share - candidate.probability / sum) < 0.05)
      }
    }
    var likely = CharacterContinuation(by: model)
    while likely.extend(temperature: 0.01, using: &generator) {}
    #expect(likely.text == "abba")
  }
}

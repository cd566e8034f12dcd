import Glibc
import StapesDecoding
import StapesKernels
import TestSupport
import Testing

/// Label 3 is the separator; the words are made of labels 1 and 2.
@Suite struct LexiconTests {
  let words = [[1], [1, 2], [2, 2, 1]]

  /// Whether labels are words with single separators between them, perhaps one more at the end.
  private func isInLanguage(_ labels: [Int], separator: Int?) -> Bool {
    guard !labels.isEmpty else { return true }
    var parts = labels.split(separator: separator ?? -1, omittingEmptySubsequences: false)
    if separator == nil, parts.count > 1 { return false }
    if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    return parts.allSatisfy { words.contains(Array($0)) }
  }

  @Test(arguments: [3, nil] as [Int?])
  func ranksTheSequencesOfItsLanguageAsAnUnboundedSumDoes(separator: Int?) {
    var generator = SplitMix64(seed: 1)
    for frameCount in 1...6 {
      for scale: Float in [0.3, 3] {
        let logProbabilities = randomLogProbabilities(
          frameCount, 4, scale: scale, using: &generator)
        let decoder = BeamDecoder(
          options: BeamOptions(beamWidth: 10_000),
          lexicon: Lexicon(words: words, separator: separator))
        let found = decoder.decode(logProbabilities, hypothesisCount: 10_000)
        let expected = exhaustive(logProbabilities).filter {
          isInLanguage($0.labels, separator: separator)
        }
        #expect(found.map(\.labels) == expected.map(\.labels))
        for (a, b) in zip(found, expected) {
          #expect(abs(a.logProbability - b.logProbability) < 1e-10)
        }
      }
    }
  }

  @Test func `words are found among labels of any number`() {
    let words = [
      [62], [62, 63], [62, 64], [62, 65, 127], [65], [65, 62], [127, 63], [200, 64, 63],
    ]
    let lexicon = Lexicon(words: words, separator: 201)
    let decoder = BeamDecoder(options: BeamOptions(beamWidth: 64), lexicon: lexicon)
    for word in words + [[63], [64], [65, 64], [127, 200], [62, 65, 126]] {
      // Each label for certain, with blanks between; all others are nearly impossible.
      var logProbabilities = Matrix(rowCount: 2 * word.count, columnCount: 202)
      for (place, label) in word.enumerated() {
        logProbabilities[2 * place, label] = 50
        logProbabilities[2 * place + 1, 0] = 50
      }
      logProbabilities.takeLogSoftmaxOfRows()
      let found = decoder.decode(logProbabilities).first
      #expect((found?.labels == word) == words.contains(word), "\(word)")
      #expect(words.contains(word) == ((found?.logProbability ?? -.infinity) > -1), "\(word)")
    }
  }

  @Test func correctsALetterThatFitsNoWord() {
    // The best path reads 2 2 2; the word 2 2 1 is the nearest.
    let rows: [[Float]] = [
      [0, 0, 9, 0], [9, 0, 0, 0], [0, 0, 9, 0], [9, 0, 0, 0], [0, 5, 6, 0],
    ]
    var logProbabilities = Matrix(rows: rows)
    logProbabilities.takeLogSoftmaxOfRows()
    #expect(BeamDecoder().decode(logProbabilities).map(\.labels) == [[2, 2, 2]])
    let decoder = BeamDecoder(
      options: BeamOptions(beamWidth: 8), lexicon: Lexicon(words: words, separator: 3))
    #expect(decoder.decode(logProbabilities).map(\.labels) == [[2, 2, 1]])
  }

  @Test func leavesOutAWordThatIsCutOff() {
    // 1, the separator, and the beginning of 2 2 1; nothing else has a probability.
    let impossible = -Float.infinity
    func sure(_ label: Int) -> [Float] { (0..<4).map { $0 == label ? 0 : impossible } }
    let logProbabilities = Matrix(rows: [sure(1), sure(3), sure(2)])
    let lexicon = Lexicon(words: words, separator: 3)
    #expect(
      BeamDecoder(lexicon: lexicon).decode(logProbabilities, hypothesisCount: 5)
        == [Hypothesis(labels: [1], logProbability: 0)])
    #expect(
      BeamDecoder(lexicon: lexicon).decode(Matrix(rows: [sure(2)])).map(\.labels) == [[]])
  }

  @Test func withoutWordsNothingIsWritten() {
    var generator = SplitMix64(seed: 2)
    let logProbabilities = randomLogProbabilities(5, 4, scale: 1, using: &generator)
    let found = BeamDecoder(lexicon: Lexicon(words: [[]], separator: 3))
      .decode(logProbabilities, hypothesisCount: 9)
    #expect(found.map(\.labels) == [[]])
  }

  /// The order of the words, and saying one twice, change nothing.
  @Test func isTheSameInAnyOrder() {
    var generator = SplitMix64(seed: 3)
    let all = allSequences(ofLength: 4, symbolCount: 3).map { $0.prefix { $0 > 0 } }
    let several = all.filter { $0.count != 3 }.map(Array.init)
    let logProbabilities = randomLogProbabilities(6, 4, scale: 1, using: &generator)
    let results = [several, several.reversed(), several.shuffled(using: &generator)].map { words in
      BeamDecoder(
        options: BeamOptions(beamWidth: 10_000), lexicon: Lexicon(words: words, separator: 3)
      ).decode(logProbabilities, hypothesisCount: 10_000)
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    let expected = exhaustive(logProbabilities).filter { hypothesis in
      var parts = hypothesis.labels.split(separator: 3, omittingEmptySubsequences: false)
      if parts.last?.isEmpty == true { parts.removeLast() }
      return parts.allSatisfy { several.contains(Array($0)) && !$0.isEmpty }
    }
    #expect(results[0].map(\.labels) == expected.map(\.labels))
  }
}

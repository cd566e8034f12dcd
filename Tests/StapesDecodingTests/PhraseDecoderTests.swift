import Glibc
import StapesCTC
import StapesDecoding
import StapesKernels
import TestSupport
import Testing

@Suite struct PhraseDecoderTests {
  @Test func `phrases have the sum of all their paths`() {
    var generator = SplitMix64(seed: 1)
    for frameCount in 0...6 {
      let phrases = (0...3).flatMap { length in
        allSequences(ofLength: length, symbolCount: 3).map { $0.map { $0 + 1 } }
      }
      let frames = randomLogProbabilities(frameCount, 4, scale: 2, using: &generator)
      let expected = exhaustive(frames).filter { $0.labels.count <= 3 }
      let found = PhraseDecoder(phrases: phrases.shuffled(using: &generator)).decode(frames)
      #expect(Set(found.map(\.labels)) == Set(expected.map(\.labels)))
      for (a, b) in zip(found, expected) {
        #expect(abs(a.logProbability - b.logProbability) < 1e-10)
      }
    }
  }

  @Test func `a tree of phrases gives what each has alone`() {
    var generator = SplitMix64(seed: 2)
    // Few labels, so that most phrases share prefixes, and labels come twice.
    let phrases = (0..<300).map { _ in
      (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        Int.random(in: 1...4, using: &generator)
      }
    }
    let frames = randomLogProbabilities(30, 5, scale: 3, using: &generator)
    let found = PhraseDecoder(phrases: phrases + phrases.prefix(50)).decode(frames)
    #expect(found.map(\.logProbability) == found.map(\.logProbability).sorted(by: >))
    let alone = Set(phrases).map { ($0, -CTC.loss(logits: frames, labels: $0).loss) }
    #expect(found.count == alone.count { $0.1 > -.infinity })
    for (phrase, expected) in alone where expected > -.infinity {
      let score = found.first { $0.labels == phrase }?.logProbability ?? .nan
      #expect(abs(score - expected) < 1e-4, "\(phrase)")
    }
  }

  @Test func `what cannot have been said is left out`() {
    let impossible = -Float.infinity
    let frames = Matrix(rows: [[impossible, 0, impossible], [impossible, 0, .nan]])
    let found = PhraseDecoder(phrases: [[1], [2], [1, 1], [1, 2], []]).decode(frames)
    #expect(found == [Hypothesis(labels: [1], logProbability: 0)])
    #expect(PhraseDecoder(phrases: []).decode(frames).isEmpty)
    let nothing = Matrix(rowCount: 0, columnCount: 3)
    #expect(
      PhraseDecoder(phrases: [[1], []]).decode(nothing)
        == [Hypothesis(labels: [], logProbability: 0)])
  }

  @Test func `equally good phrases are in the order of their labels`() {
    let frames = Matrix(rows: [[-1, -2, -2, -2]])
    let found = PhraseDecoder(phrases: [[3], [1], [2]]).decode(frames)
    #expect(found.map(\.labels) == [[1], [2], [3]])
  }
}

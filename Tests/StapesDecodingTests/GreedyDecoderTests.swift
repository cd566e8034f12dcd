import StapesDecoding
import StapesKernels
import TestSupport
import Testing

@Suite struct GreedyDecoderTests {
  @Test func mergesRepeatsAndDropsBlanks() {
    let path = [0, 2, 2, 0, 2, 1, 1, 3, 0, 0]
    var logProbabilities = Matrix(rowCount: path.count, columnCount: 4, repeating: -3)
    for (frame, label) in path.enumerated() { logProbabilities[frame, label] = -0.25 }
    let found = GreedyDecoder().decode(logProbabilities)
    #expect(found == Hypothesis(labels: [2, 2, 1, 3], logProbability: -2.5))
  }

  @Test func isTheMostProbablePath() {
    var generator = SplitMix64(seed: 1)
    for frameCount in 1...5 {
      let logProbabilities = randomLogProbabilities(frameCount, 3, scale: 2, using: &generator)
      var (best, bestScore) = ([Int](), -Double.infinity)
      for path in allSequences(ofLength: frameCount, symbolCount: 3) {
        let score = path.indices.map { Double(logProbabilities[$0, path[$0]]) }.reduce(0, +)
        if score > bestScore { (best, bestScore) = (path, score) }
      }
      let found = GreedyDecoder().decode(logProbabilities)
      #expect(found == Hypothesis(labels: collapsed(best), logProbability: bestScore))
    }
  }

  @Test func takesTheSmallestOfEquallyProbableClasses() {
    let logProbabilities = Matrix(rows: [[-2, -1, -1], [-1, -1, -2], [-1, -0.5, -0.5]])
    #expect(GreedyDecoder().decode(logProbabilities).labels == [1, 1])
  }

  @Test func neverTakesWhatIsNoProbability() {
    let logProbabilities = Matrix(rows: [[.nan, -1, .infinity], [-.infinity, .nan, -2]])
    let found = GreedyDecoder().decode(logProbabilities)
    #expect(found == Hypothesis(labels: [1, 2], logProbability: -3))
    let nothing = Matrix(rows: [[-1, -2], [.nan, -.infinity]])
    #expect(GreedyDecoder().decode(nothing).logProbability == -.infinity)
  }
}

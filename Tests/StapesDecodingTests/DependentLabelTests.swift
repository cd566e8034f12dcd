import Glibc
import StapesDecoding
import StapesKernels
import TestSupport
import Testing

/// Labels 3 and 4 stand only behind others; label 1 is the space.
private let dependents = DependentLabels([3, 4], separator: 1)

private func isAllowed(_ labels: [Int]) -> Bool {
  labels.indices.allSatisfy { index in
    labels[index] < 3 || index > 0 && labels[index - 1] != 1
  }
}

@Suite struct DependentLabelTests {
  @Test func aBeamRanksJustTheAllowedSequences() {
    var generator = SplitMix64(seed: 11)
    for scale: Float in [0.5, 3] {
      let logProbabilities = randomLogProbabilities(5, 5, scale: scale, using: &generator)
      let found = BeamDecoder(options: BeamOptions(beamWidth: 10_000, dependents: dependents))
        .decode(logProbabilities, hypothesisCount: 10_000)
      let expected = exhaustive(logProbabilities).filter { isAllowed($0.labels) }
      #expect(found.map(\.labels) == expected.map(\.labels))
      for (a, b) in zip(found, expected) {
        #expect(abs(a.logProbability - b.logProbability) < 1e-9)
      }
    }
  }

  @Test func greedyDecodingTakesTheBestAllowedClass() {
    var generator = SplitMix64(seed: 12)
    var differs = 0
    for _ in 0..<200 {
      let logProbabilities = randomLogProbabilities(12, 5, scale: 3, using: &generator)
      let found = GreedyDecoder(dependents: dependents).decode(logProbabilities)
      let free = GreedyDecoder().decode(logProbabilities)
      #expect(isAllowed(found.labels))
      if isAllowed(free.labels) {
        #expect(found == free)
      } else {
        differs += 1
        #expect(found.logProbability < free.logProbability)
      }
    }
    #expect(differs > 20)
  }

  @Test func streamsAndNarrowBeamsKeepToItToo() {
    var generator = SplitMix64(seed: 13)
    for width in [1, 2, 8] {
      let logProbabilities = randomLogProbabilities(40, 5, scale: 2, using: &generator)
      var search = BeamSearch(options: BeamOptions(beamWidth: width, dependents: dependents))
      for frame in 0..<40 {
        search.step(logProbabilities.rows(frame..<frame + 1))
        #expect(search.hypotheses(count: width).allSatisfy { isAllowed($0.labels) })
      }
    }
    #expect(DependentLabels([], separator: 1) == nil)
  }
}

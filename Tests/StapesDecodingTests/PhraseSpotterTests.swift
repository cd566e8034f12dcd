import Glibc
import StapesDecoding
import StapesKernels
import TestSupport
import Testing

@Suite struct PhraseSpotterTests {
  /// The best score of a phrase that ends at a frame, by all starts and all paths, each path tried.
  private func exhaustive(
    _ labels: [Int], endingAt end: Int, of frames: Matrix, longestSpan: Int
  ) -> (start: Int, value: Double)? {
    let ratios = (0...end).map { frame in
      let row = frames.row(frame).map(Double.init)
      let best = row.max() ?? 0
      return row.map { exp($0 - best) }
    }
    var best: (start: Int, value: Double)?
    for start in max(0, end - longestSpan + 1)...end {
      let paths = allSequences(ofLength: end - start + 1, symbolCount: frames.columnCount).filter {
        collapsed($0) == labels && $0.first == labels.first && $0.last == labels.last
      }
      let sum = paths.reduce(0.0) { sum, path in
        sum + path.indices.reduce(1.0) { $0 * ratios[start + $1][path[$1]] }
      }
      guard sum > 0 else { continue }
      let value = log(sum) / Double(labels.count)
      if value >= (best?.value ?? -.infinity) - 1e-12 { best = (start, value) }
    }
    return best
  }

  @Test func `scores are those of all starts and all alignments`() {
    var generator = SplitMix64(seed: 3)
    let phrases = (1...3).flatMap { length in
      allSequences(ofLength: length, symbolCount: 2).map { $0.map { $0 + 1 } }
    }
    for longestSpan in [1, 3, 5] {
      let frames = randomLogProbabilities(7, 3, scale: 2, using: &generator)
      var spotter = PhraseSpotter(
        phrases.map { PhraseSpotter.Phrase(labels: $0, longestSpan: longestSpan) })
      for frame in 0..<frames.rowCount {
        let scores = spotter.step(frames.row(frame))
        for (index, labels) in phrases.enumerated() {
          let expected = exhaustive(labels, endingAt: frame, of: frames, longestSpan: longestSpan)
          let found = scores.first { $0.phrase == index }
          #expect(found?.start == expected?.start, "\(labels) at \(frame)")
          #expect(abs((found?.value ?? 9) - (expected?.value ?? 9)) < 1e-9, "\(labels) at \(frame)")
        }
      }
    }
  }

  @Test func `what the best path writes has no loss, wherever it stands`() {
    // Blank, 1, blank, 2 in a row, and nothing else possible.
    let path = [0, 0, 1, 1, 0, 2, 0, 0, 1, 2]
    let impossible = -Float.infinity
    var spotter = PhraseSpotter([PhraseSpotter.Phrase(labels: [1, 2], longestSpan: 5)])
    var ends: [Int: Int] = [:]
    for (frame, label) in path.enumerated() {
      let row = (0..<3).map { $0 == label ? Float(0) : $0 == 1 ? .nan : impossible }
      for score in spotter.step(row[...]) {
        #expect(score.value == 0)
        ends[frame] = score.start
      }
    }
    #expect(ends == [5: 3, 9: 8])
  }

  @Test func `nothing is found in frames without a probability`() {
    var spotter = PhraseSpotter([PhraseSpotter.Phrase(labels: [1], longestSpan: 5)])
    #expect(spotter.step([.nan, -.infinity]).isEmpty)
    #expect(spotter.step([-.infinity, .infinity]).isEmpty)
    #expect(spotter.step([0, 0]) == [PhraseSpotter.Score(phrase: 0, start: 2, value: 0)])
  }
}

@Suite struct PhraseTriggerTests {
  private typealias Score = PhraseSpotter.Score

  private func phrases(_ labels: [[Int]]) -> [PhraseSpotter.Phrase] {
    labels.map { PhraseSpotter.Phrase(labels: $0, longestSpan: 10) }
  }

  @Test func `a phrase is hit once where its score passes its threshold, and again after its rest`()
  {
    var trigger = PhraseTrigger(phrases([[1], [2, 3]]), thresholds: [-1, -2], refractory: 4)
    var hits: [PhraseTrigger.Hit] = []
    let values: [Double] = [-3, -0.9, -0.5, -0.1, -0.1, -0.1, -1.1]
    for (frame, value) in values.enumerated() {
      hits += trigger.step([Score(phrase: 0, start: frame, value: value)], frame: frame)
    }
    #expect(hits.map(\.frames) == [1..<2, 5..<6])
    #expect(hits.map(\.score) == [-0.9, -0.1])
    // Another phrase need not rest, but does not begin within the hit before.
    #expect(trigger.step([Score(phrase: 1, start: 5, value: 0)], frame: 7).isEmpty)
    #expect(trigger.step([Score(phrase: 1, start: 6, value: -2)], frame: 8).map(\.phrase) == [1])
    #expect(trigger.finish().isEmpty)
  }

  @Test func `a phrase within another waits for it`() {
    let list = phrases([[1, 2], [1, 2, 3]])
    func hits(_ scores: [[Score]]) -> [[Int]] {
      var trigger = PhraseTrigger(list, thresholds: [-1, -1], refractory: 2, hold: 2)
      let steps = scores.enumerated().map { frame, scores in
        trigger.step(scores, frame: frame).map(\.phrase)
      }
      return steps + [trigger.finish().map(\.phrase)]
    }
    let (short, long) = (
      Score(phrase: 0, start: 0, value: 0), Score(phrase: 1, start: 0, value: -0.5)
    )
    #expect(hits([[short], [], [], []]) == [[], [], [0], [], []])
    #expect(hits([[short], [long], [], []]) == [[], [1], [], [], []])
    #expect(hits([[short]]) == [[], [0]])
    #expect(hits([[short, long]]) == [[1], []])
    let later = Score(phrase: 0, start: 1, value: 0)
    #expect(hits([[short], [later], []]) == [[], [0], [], [0]])
  }
}

import StapesCTC
import StapesKernels
import TestSupport
import Testing

@Suite struct SegmentTests {
  /// A matrix, and what a way to lay texts into its frames costs by definition.
  private struct Layout {
    let matrix: Matrix
    let gapPenalty: Double

    func gap(_ frames: Range<Int>) -> Double {
      frames.reduce(0) { sum, frame in
        let best = Double(matrix.row(frame).max() ?? 0)
        return sum + max(Double(matrix[frame, 0]), best - gapPenalty)
      }
    }

    func said(_ labels: [Int], in frames: Range<Int>) -> Double {
      allSequences(ofLength: frames.count, symbolCount: matrix.columnCount)
        .filter { $0.first != 0 && $0.last != 0 && collapsed($0) == labels }
        .map { $0.enumerated().reduce(0) { $0 + Double(matrix[frames.lowerBound + $1.0, $1.1]) } }
        .max() ?? -.infinity
    }

    func score(_ texts: [[Int]], in segments: [Range<Int>]) -> Double {
      let ends = [0] + segments.map(\.upperBound)
      let begins = segments.map(\.lowerBound) + [matrix.rowCount]
      return zip(ends, begins).reduce(0) { $0 + gap($1.0..<$1.1) }
        + zip(texts, segments).reduce(0) { $0 + said($1.0, in: $1.1) }
    }

    /// The best score of all ways.
    func best(_ rest: ArraySlice<[Int]>, from frame: Int = 0, after: Int = 0) -> Double {
      guard let labels = rest.first else { return gap(frame..<matrix.rowCount) }
      var best = -Double.infinity
      for begin in frame..<matrix.rowCount where begin > frame || labels.first != after {
        for end in begin + 1...matrix.rowCount {
          let own = gap(frame..<begin) + said(labels, in: begin..<end)
          guard own > -.infinity else { continue }
          best = max(
            best, own + self.best(rest.dropFirst(), from: end, after: labels[labels.count - 1]))
        }
      }
      return best
    }
  }

  @Test func `is the best of all ways to lay the texts into the frames`() throws {
    var generator = SplitMix64(seed: 5)
    for texts in [[[1]], [[1, 2], [1]], [[2], [2]], [[1, 1], [2]]] {
      for gapPenalty in [0.1, 1] {
        for _ in 0..<6 {
          var matrix = randomMatrix(rowCount: 6, columnCount: 3, using: &generator)
          for index in matrix.values.indices { matrix[index / 3, index % 3] *= 3 }
          matrix.takeLogSoftmaxOfRows()
          let found = try #require(
            CTC.segments(logProbabilities: matrix, texts: texts, gapPenalty: gapPenalty))
          let layout = Layout(matrix: matrix, gapPenalty: gapPenalty)
          #expect(zip(found, found.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
          #expect(
            abs(layout.score(texts, in: found) - layout.best(texts[...])) < 1e-9, "\(texts)")
        }
      }
    }
  }

  @Test func `passes over what is of no text, with and without a beam`() {
    // Each text is said once, among other labels; frames are certain of their class.
    var generator = SplitMix64(seed: 6)
    var (path, texts, expected) = ([Int](), [[Int]](), [Range<Int>]())
    for _ in 0..<150 {
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        path.append(Int.random(in: 5...7, using: &generator))
      }
      path.append(0)
      let labels = (0..<Int.random(in: 2...20, using: &generator)).map { _ in
        Int.random(in: 1...4, using: &generator)
      }
      let begin = path.count
      for label in labels { path += [label, 0] }
      texts.append(labels)
      expected.append(begin..<path.count - 1)
    }
    var matrix = Matrix(rowCount: path.count, columnCount: 8)
    for (frame, label) in path.enumerated() { matrix[frame, label] = 12 }
    matrix.takeLogSoftmaxOfRows()
    for beam in [300.0, .infinity] {
      #expect(CTC.segments(logProbabilities: matrix, texts: texts, beam: beam) == expected)
    }
  }

  @Test func `no way is no segment, and no text needs none`() {
    let matrix = Matrix(rowCount: 2, columnCount: 3)
    #expect(CTC.segments(logProbabilities: matrix, texts: [[1, 2, 1]]) == nil)
    #expect(CTC.segments(logProbabilities: matrix, texts: []) == [])
  }
}

import StapesFeatures
import StapesKernels
import TestSupport
import Testing

struct FeatureStatisticsTests {
  @Test func `means and deviations are those of the definition, far from zero too`() {
    var generator = SplitMix64(seed: 5)
    let clips = (0..<20).map { clip in
      let count = clip * clip % 13  // some are empty
      return Matrix(
        rowCount: count, columnCount: 2,
        values: (0..<count * 2).map { index in
          index % 2 == 0
            ? Float.random(in: -3...1, using: &generator)
            : 4_000 + Float.random(in: 0...0.05, using: &generator)
        })
    }
    var statistics = FeatureStatistics(columnCount: 2)
    for clip in clips { statistics.add(clip) }
    #expect(statistics.frameCount == clips.reduce(0) { $0 + $1.rowCount })
    for column in 0..<2 {
      let values = clips.flatMap { clip in
        (0..<clip.rowCount).map { Double(clip[$0, column]) }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(statistics.means[column]) - mean) < 1e-6 * abs(mean))
      #expect(abs(Double(statistics.deviations[column]) / variance.squareRoot() - 1) < 1e-5)
    }
  }

  @Test func `parts merged are the whole`() {
    var generator = SplitMix64(seed: 6)
    let clip = randomMatrix(rowCount: 100, columnCount: 3, using: &generator)
    var whole = FeatureStatistics(columnCount: 3)
    whole.add(clip)
    for cut in [0, 1, 37, 100] {
      var (first, second) = (FeatureStatistics(columnCount: 3), FeatureStatistics(columnCount: 3))
      first.add(clip.rows(0..<cut))
      second.add(clip.rows(cut..<100))
      first.merge(second)
      #expect(first.frameCount == 100)
      for column in 0..<3 {
        #expect(abs(first.means[column] - whole.means[column]) < 1e-6)
        #expect(abs(first.deviations[column] - whole.deviations[column]) < 1e-6)
      }
    }
  }

  @Test func `no frames have means and deviations of zero`() {
    var statistics = FeatureStatistics(columnCount: 2)
    statistics.add(Matrix(rowCount: 0, columnCount: 2))
    #expect(statistics.means == [0, 0] && statistics.deviations == [0, 0])
  }
}

import Foundation
import StapesFeatures
import StapesKernels
import TestSupport
import Testing

struct FeatureNormalizationTests {
  private let clip: Matrix = {
    var generator = SplitMix64(seed: 8)
    var clip = randomMatrix(rowCount: 50, columnCount: 3, using: &generator)
    for row in 0..<50 {
      clip[row, 1] = 1_000 + 5 * clip[row, 1]
      clip[row, 2] = 0.5  // a feature that never changes
    }
    return clip
  }()
  private let means: [Float] = [0.1, 1_000, 0.25]
  private let deviations: [Float] = [2, 4, 0]

  @Test func `none changes nothing`() {
    var features = clip
    FeatureNormalization.none.apply(to: &features)
    #expect(features == clip)
  }

  @Test func `per clip gives mean 0 and deviation 1, and 0 for what never changes`() {
    var features = clip
    FeatureNormalization.perClip.apply(to: &features)
    var statistics = FeatureStatistics(columnCount: 3)
    statistics.add(features)
    #expect(statistics.means.allSatisfy { abs($0) < 1e-4 })
    #expect(zip(statistics.deviations, [1, 1, 0]).allSatisfy { abs($0 - $1) < 1e-4 })

    var empty = Matrix(rowCount: 0, columnCount: 3)
    FeatureNormalization.perClip.apply(to: &empty)
    #expect(empty.rowCount == 0)
  }

  @Test(arguments: [1, 50, 1_000])
  func `smoothed joins frames like those of the training with the clip's`(frameCount: Int) {
    var features = clip
    FeatureNormalization.smoothed(frameCount: frameCount, means: means, deviations: deviations)
      .apply(to: &features)
    let (count, prior) = (Double(clip.rowCount), Double(frameCount))
    for column in 0..<3 {
      let values = (0..<clip.rowCount).map { Double(clip[$0, column]) }
      let (priorMean, priorDeviation) = (Double(means[column]), Double(deviations[column]))
      let mean = (values.reduce(0, +) + prior * priorMean) / (count + prior)
      let variance =
        (values.reduce(0) { $0 + pow($1 - mean, 2) }
          + prior * (pow(priorDeviation, 2) + pow(priorMean - mean, 2))) / (count + prior)
      for row in 0..<clip.rowCount {
        let expected = (values[row] - mean) / max(1e-3, variance.squareRoot())
        #expect(abs(Double(features[row, column]) - expected) < 1e-3)
      }
    }
  }

  @Test func `global subtracts the means and divides by the deviations`() {
    var features = Matrix(rows: [[0.1, 1_002, 0.25], [4.1, 996, 0.251]])
    FeatureNormalization.global(means: means, deviations: deviations).apply(to: &features)
    #expect(largestDifference(features, Matrix(rows: [[0, 0.5, 0], [2, -1, 1]])) < 1e-4)
  }

  @Test(arguments: [1, 2, 7, 50, 80])
  func `sliding takes the last frames, the prior standing for those that lack`(frameCount: Int) {
    var features = clip
    let normalization = FeatureNormalization.sliding(
      frameCount: frameCount, means: means, deviations: deviations)
    normalization.apply(to: &features)
    for row in 0..<clip.rowCount {
      let window = max(0, row - frameCount + 1)...row
      let prior = Double(frameCount - window.count)
      for column in 0..<3 {
        let values = window.map { Double(clip[$0, column]) }
        let (priorMean, priorDeviation) = (Double(means[column]), Double(deviations[column]))
        let mean = (values.reduce(0, +) + prior * priorMean) / Double(frameCount)
        let variance =
          (values.reduce(0) { $0 + pow($1 - mean, 2) }
            + prior * (pow(priorDeviation, 2) + pow(priorMean - mean, 2))) / Double(frameCount)
        let expected = (Double(clip[row, column]) - mean) / max(1e-3, variance.squareRoot())
        #expect(abs(Double(features[row, column]) - expected) < 1e-3)
      }
    }
  }

  @Test func `streams are normalised bit for bit as whole clips`() throws {
    for normalization in [
      FeatureNormalization.none, .global(means: means, deviations: deviations),
      .sliding(frameCount: 9, means: means, deviations: deviations),
    ] {
      var whole = clip
      normalization.apply(to: &whole)
      var generator = SplitMix64(seed: 4)
      var stream = try IncrementalNormalizer(normalization)
      var joined = Matrix(rowCount: 0, columnCount: 3)
      while joined.rowCount < clip.rowCount {
        let end = min(clip.rowCount, joined.rowCount + Int.random(in: 0...12, using: &generator))
        var chunk = clip.rows(joined.rowCount..<end)
        stream.normalize(&chunk)
        joined.appendRows(of: chunk)
      }
      #expect(joined == whole)
    }
  }

  @Test func `a stream cannot be normalised by what is yet to come`() {
    let smoothed = FeatureNormalization.smoothed(
      frameCount: 9, means: means, deviations: deviations)
    for normalization in [.perClip, smoothed] {
      #expect(throws: FeatureError.needsWholeClip) { try IncrementalNormalizer(normalization) }
    }
  }

  @Test func `what does not fit the features is refused`() throws {
    let wrong = FeatureError.normalizationSize(meanCount: 3, deviationCount: 2, columnCount: 3)
    #expect(throws: wrong) {
      try FeatureNormalization.global(means: means, deviations: [1, 1]).validate(columnCount: 3)
    }
    #expect(throws: FeatureError.self) {
      try FeatureNormalization.smoothed(frameCount: 0, means: means, deviations: deviations)
        .validate(columnCount: 3)
    }
    #expect(throws: FeatureError.self) {
      try FeatureNormalization.sliding(frameCount: 0, means: means, deviations: deviations)
        .validate(columnCount: 3)
    }
    try FeatureNormalization.global(means: means, deviations: deviations).validate(columnCount: 3)
    try FeatureNormalization.perClip.validate(columnCount: 3)
  }

  @Test func `a normalisation survives JSON`() throws {
    for normalization in [
      FeatureNormalization.none, .perClip, .global(means: means, deviations: deviations),
      .smoothed(frameCount: 9, means: means, deviations: deviations),
      .sliding(frameCount: 9, means: means, deviations: deviations),
    ] {
      let data = try JSONEncoder().encode(normalization)
      #expect(try JSONDecoder().decode(FeatureNormalization.self, from: data) == normalization)
    }
  }
}

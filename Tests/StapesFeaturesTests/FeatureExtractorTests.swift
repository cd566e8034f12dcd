import Foundation
import StapesFeatures
import StapesKernels
import TestSupport
import Testing

struct FeatureExtractorTests {
  @Test(arguments: 0..<4)
  func `features are those of their definitions`(index: Int) throws {
    var configuration = assortedConfigurations()[index]
    configuration.deltas = nil
    var extractor = try FeatureExtractor(configuration: configuration)
    for sampleCount in [configuration.frameLength, 1_000, 1_777] {
      let samples = syntheticClip(sampleCount: sampleCount)
      let features = extractor.features(of: samples)
      #expect(features.rowCount == configuration.frameCount(forSampleCount: sampleCount))
      let expected = FeatureOracle(configuration: configuration).features(of: samples)
      #expect(largestDifference(features, expected) < 2e-3)
    }
  }

  @Test(arguments: 0..<4)
  func `deltas are slopes by least squares, ends repeated`(index: Int) throws {
    let configuration = assortedConfigurations()[index]
    guard let deltas = configuration.deltas else { return }
    var plain = configuration
    plain.deltas = nil
    var extractor = try FeatureExtractor(configuration: configuration)
    var plainExtractor = try FeatureExtractor(configuration: plain)
    let width = configuration.staticColumnCount
    for sampleCount in [0, 210, 300, 400, 2_000] {
      let samples = syntheticClip(sampleCount: sampleCount)
      let features = extractor.features(of: samples)
      #expect(features.columnCount == (1 + deltas.order) * width)
      var level = plainExtractor.features(of: samples)
      for order in 0...deltas.order {
        let columns = (0..<features.rowCount).map {
          Array(features.row($0).dropFirst(order * width).prefix(width))
        }
        #expect(columns.isEmpty || largestDifference(Matrix(rows: columns), level) < 1e-5)
        level = slopes(of: level, window: deltas.window)
      }
    }
  }

  /// A tone that grows by a constant factor has a log energy that grows by a constant step.
  @Test func `the slope of exponential growth is its rate, and the slope of that is zero`() throws {
    var configuration = FeatureConfiguration.mfcc(sampleRate: 8_000)
    configuration.energy = .raw
    configuration.frames.removesMean = false
    var extractor = try FeatureExtractor(configuration: configuration)
    let features = extractor.features(of: (0..<4_000).map { Float(1e-3 * exp(0.001 * Double($0))) })
    for row in 4..<features.rowCount - 4 {
      #expect(abs(features[row, 13] - 2 * 0.001 * 80) < 1e-4)
      #expect(abs(features[row, 26]) < 1e-4)
    }
  }

  @Test func `clips too short for a frame have no rows`() throws {
    for configuration in assortedConfigurations() {
      var extractor = try FeatureExtractor(configuration: configuration)
      let hop = configuration.hopLength
      for sampleCount in [0, 1, hop - hop / 2 - 1, configuration.frameLength - 1] {
        let features = extractor.features(of: syntheticClip(sampleCount: sampleCount))
        let expected = configuration.frames.snipsEdges ? 0 : (sampleCount + hop / 2) / hop
        #expect(features.rowCount == expected && features.columnCount == configuration.columnCount)
        #expect(features.values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func `a changed front end gives the bits of one made anew`() throws {
    let clip = syntheticClip(sampleCount: 3_000)
    for configuration in assortedConfigurations() {
      var generator = SplitMix64(seed: 9)
      let mel = configuration.mel
      let range = mel.highestFrequency - mel.lowestFrequency
      var extractor = try FeatureExtractor(configuration: configuration)
      for turn in 0..<6 {
        var varied = configuration
        if turn % 3 > 0 {
          varied.frames.hopSeconds *= Double.random(in: 0.8...1.2, using: &generator)
        }
        if turn % 3 < 2 {
          varied.mel.warp = FrequencyWarp(
            factor: Double.random(in: 0.9...1.1, using: &generator),
            lowerCutoff: mel.lowestFrequency + 0.02 * range,
            upperCutoff: mel.lowestFrequency + 0.8 * range)
        }
        try extractor.change(to: varied)
        #expect(extractor.configuration == varied)
        var anew = try FeatureExtractor(configuration: varied)
        #expect(extractor.features(of: clip) == anew.features(of: clip), "turn \(turn)")
      }
      // Another window is no variation: all tables change.
      var other = configuration
      other.frames.preemphasis = 0.5
      try extractor.change(to: other)
      var anew = try FeatureExtractor(configuration: other)
      #expect(extractor.features(of: clip) == anew.features(of: clip))
    }
  }

  @Test func `a front end that cannot be changed to stays as it was`() throws {
    let clip = syntheticClip(sampleCount: 2_000)
    let configuration = FeatureConfiguration()
    var extractor = try FeatureExtractor(configuration: configuration)
    let before = extractor.features(of: clip)
    let warp = FrequencyWarp(factor: 0.5, lowerCutoff: 100, upperCutoff: 7_500)
    for change: (inout FeatureConfiguration) -> Void in [
      { $0.mel.warp = warp }, { $0.frames.hopSeconds = 0 }, { $0.mel.bandCount = 0 },
    ] {
      var wrong = configuration
      change(&wrong)
      let asked = wrong
      #expect(throws: FeatureError.self) { try extractor.change(to: asked) }
      #expect(extractor.configuration == configuration)
      #expect(extractor.features(of: clip) == before)
    }
  }

  @Test func `silence and clipped noise give finite features`() throws {
    for sampleRate in [8_000, 16_000] {
      for configuration in [
        FeatureConfiguration(sampleRate: sampleRate), .mfcc(sampleRate: sampleRate),
      ] {
        var extractor = try FeatureExtractor(configuration: configuration)
        for level: Float in [0, 1] {
          let samples = (0..<5_000).map { $0 * $0 % 7 < 3 ? level : -level }
          #expect(extractor.features(of: samples).values.allSatisfy { $0.isFinite })
        }
      }
    }
  }

  @Test func `windows have their known values`() {
    func close(_ window: WindowFunction, _ expected: [Float]) -> Bool {
      zip(window.weights(length: 5), expected).allSatisfy { abs($0 - $1) < 1e-6 }
    }
    #expect(close(.hamming, [0.08, 0.54, 1, 0.54, 0.08]))
    #expect(close(.hann, [0, 0.5, 1, 0.5, 0]))
    #expect(close(.povey, [0, 0.554_784_7, 1, 0.554_784_7, 0]))
    #expect(close(.rectangular, [1, 1, 1, 1, 1]))
  }

  private func slopes(of level: Matrix, window: Int) -> Matrix {
    var result = Matrix(rowCount: level.rowCount, columnCount: level.columnCount)
    for row in 0..<level.rowCount {
      for column in 0..<level.columnCount {
        var (sum, norm) = (0.0, 0.0)
        for k in -window...window {
          let neighbour = min(max(row + k, 0), level.rowCount - 1)
          sum += Double(k) * Double(level[neighbour, column])
          norm += Double(k * k)
        }
        result[row, column] = Float(sum / norm)
      }
    }
    return result
  }
}

import StapesFeatures
import StapesKernels
import TestSupport
import Testing

/// Features that kaldi-native-fbank computed, by `scripts/reference/kaldi_features.py`.
struct GoldenFeatureTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let name: String
      let rows: Int
      let columns: Int
      let values: [Float]
    }
    let samples: [Float]
    let cases: [Case]
  }

  @Test func `features with many settings are Kaldi's`() throws {
    let golden: Golden = try goldenValues("features/kaldi")
    for expectation in golden.cases {
      let configuration = try #require(Self.configurations[expectation.name])
      var extractor = try FeatureExtractor(configuration: configuration)
      let features = extractor.features(of: golden.samples.map { $0 / 32_768 })
      let expected = Matrix(
        rowCount: expectation.rows, columnCount: expectation.columns, values: expectation.values)
      #expect(largestDifference(features, expected) < 2e-3, "\(expectation.name)")
    }
  }

  /// The settings of the cases, as the script has them.
  private static var configurations: [String: FeatureConfiguration] {
    var magnitude = FeatureConfiguration.kaldiFilterBank(bandCount: 30)
    magnitude.frames.frameSeconds = 0.020
    magnitude.frames.hopSeconds = 0.008
    magnitude.frames.window = .hann
    magnitude.frames.removesMean = false
    magnitude.frames.preemphasis = 0.9
    magnitude.mel.spectrum = .magnitude
    magnitude.mel.lowestFrequency = 60
    magnitude.mel.highestFrequency = 7_000
    magnitude.energy = .windowed

    var telephone = FeatureConfiguration.kaldiMFCC(sampleRate: 8_000)
    telephone.frames.window = .hamming
    telephone.frames.snipsEdges = false
    telephone.mel.bandCount = 15
    telephone.mel.lowestFrequency = 100
    telephone.mel.highestFrequency = 3_800
    telephone.cepstrum?.coefficientCount = 12
    telephone.cepstrum?.lifter = 0
    telephone.energy = nil

    var last = FeatureConfiguration.kaldiMFCC()
    last.frames.window = .rectangular
    last.frames.preemphasis = 0
    last.cepstrum?.scaling = .uniform
    last.energy = nil
    last.energyPosition = .last

    return [
      "fbank_default": .kaldiFilterBank(), "mfcc_default": .kaldiMFCC(),
      "fbank_magnitude": magnitude, "mfcc_telephone": telephone, "mfcc_c0_last": last,
    ]
  }
}

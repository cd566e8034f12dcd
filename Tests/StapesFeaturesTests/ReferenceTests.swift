import Foundation
import StapesFeatures
import StapesKernels
import TestSupport
import Testing

/// Features that Kaldi and HTK left of real clips.
@Suite(.enabled(if: speechDataPath != nil, "STAPES_DATA does not name the folder of real clips"))
struct ReferenceTests {
  private let folder = (speechDataPath ?? "") + "/reference"

  /// Bands must agree closely where Kaldi's file holds more than rounding errors.
  ///
  /// Its clip is a loud sweep, so that bands far from the sweep's frequency hold less than a
  /// ten-millionth of the frame's energy. There the file shows the error of Kaldi's Fourier
  /// transform, in single precision with recurring twiddle factors: up to 0.03.
  @Test(arguments: [("test", 23), ("test-40", 40)])
  func `Kaldi's filter banks come out again`(name: String, bandCount: Int) throws {
    let (features, expected) = try features(.kaldiFilterBank(bandCount: bandCount), ofKaldi: name)
    #expect(largestDifference(features, expected) < 0.05)
    for row in 0..<expected.rowCount {
      let total = expected.row(row).reduce(0) { $0 + exp(Double($1)) }
      for column in 0..<expected.columnCount where exp(Double(expected[row, column])) > 1e-7 * total
      {
        #expect(abs(features[row, column] - expected[row, column]) < 2e-3)
      }
    }
  }

  /// What the cepstra differ by must be the cosine transform of what the filter banks, of the same
  /// clip in the same run of Kaldi, differ by.
  @Test func `Kaldi's MFCC come out again but for the rounding of its filter banks`() throws {
    let (bands, expectedBands) = try features(.kaldiFilterBank(), ofKaldi: "test")
    let (cepstra, expected) = try features(.kaldiMFCC(), ofKaldi: "test-mfcc")
    #expect(largestDifference(cepstra, expected) < 0.1)
    for row in 0..<expected.rowCount {
      for k in 0..<13 {
        var difference = Double(cepstra[row, k] - expected[row, k])
        for band in 0..<23 where k > 0 {
          let lift = 1 + 11 * sin(.pi * Double(k) / 22)
          let cosine = cos(.pi * Double(k) * (Double(band) + 0.5) / 23)
          difference -=
            (2.0 / 23).squareRoot() * lift * cosine
            * Double(bands[row, band] - expectedBands[row, band])
        }
        #expect(abs(difference) < 2e-3)
      }
    }
  }

  @Test func `Kaldi's MFCC without snipped edges come out again`() throws {
    var configuration = FeatureConfiguration.kaldiMFCC()
    configuration.frames.snipsEdges = false
    let (cepstra, expected) = try features(configuration, ofKaldi: "test-mfcc-no-snip-edges")
    #expect(largestDifference(cepstra, expected) < 0.1)
    let squares = zip(cepstra.values, expected.values).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    #expect((squares / Float(expected.values.count)).squareRoot() < 0.01)
    for row in 0..<expected.rowCount { #expect(abs(cepstra[row, 0] - expected[row, 0]) < 2e-3) }
  }

  /// Kaldi's own tests allow 1.0, ten frames at each end left out; here all frames count.
  @Test(arguments: [
    ("hcopy1", "fea_htk.1"), ("hcopy2", "fea_htk.2"), ("hcopy3", "fea_htk.3"),
    ("hcopy4", "fea_htk.4"), ("hcopy5", "fea_htk.5"), ("hcopy6", "fea_htk.6"),
    ("fbank1", "fbank_htk.1"), ("fbank2", "fbank_htk.2"), ("fbank3", "fbank_htk.3"),
    ("fbank4", "fbank_htk.4"),
  ])
  func `HTK's features come out again`(settings: String, name: String) throws {
    let configuration = try ReferenceFiles.configuration(
      fromHTK: "\(folder)/kaldi/\(settings).conf")
    var extractor = try FeatureExtractor(configuration: configuration)
    let samples = try ReferenceFiles.samples(ofWAV: "\(folder)/kaldi/test.wav")
    let expected = try ReferenceFiles.htkMatrix(at: "\(folder)/kaldi/test.wav.\(name)")
    #expect(largestDifference(extractor.features(of: samples), expected) < 1e-3)
  }

  private func features(
    _ configuration: FeatureConfiguration, ofKaldi name: String
  ) throws -> (Matrix, Matrix) {
    var extractor = try FeatureExtractor(configuration: configuration)
    let samples = try ReferenceFiles.samples(ofWAV: "\(folder)/kaldifeat/test.wav")
    let expected = try ReferenceFiles.kaldiMatrix(at: "\(folder)/kaldifeat/\(name).txt")
    return (extractor.features(of: samples), expected)
  }
}

import Foundation
import StapesFeatures
import StapesKernels
import Testing

struct FeatureConfigurationTests {
  @Test(arguments: [4_000, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
  func `the defaults can be met at every usual rate`(sampleRate: Int) throws {
    try FeatureConfiguration(sampleRate: sampleRate).validate()
    try FeatureConfiguration.mfcc(sampleRate: sampleRate).validate()
  }

  @Test func `the bands of slower rates lie as densely`() {
    func spacing(_ sampleRate: Int) -> Double {
      let mel = FeatureConfiguration(sampleRate: sampleRate).mel
      func scale(_ frequency: Double) -> Double { 1127 * log(1 + frequency / 700) }
      return (scale(mel.highestFrequency) - scale(mel.lowestFrequency)) / Double(mel.bandCount + 1)
    }
    #expect(abs(spacing(8_000) / spacing(16_000) - 1) < 0.03)
  }

  @Test func `lengths follow the sample rate`() {
    var configuration = FeatureConfiguration(sampleRate: 11_025)  // 275.625 and 110.25 samples
    #expect(configuration.frameLength == 276 && configuration.hopLength == 110)
    #expect(configuration.transformLength == 512)
    configuration.frames.roundsToPowerOfTwo = false
    #expect(configuration.transformLength == 276)
    #expect(configuration.frameCount(forSampleCount: 275) == 0)
    #expect(configuration.frameCount(forSampleCount: 276 + 110) == 2)
    configuration.frames.snipsEdges = false
    #expect(configuration.frameCount(forSampleCount: 54) == 0)
    #expect(configuration.frameCount(forSampleCount: 55) == 1)
  }

  @Test func `what cannot be met is refused with the facts`() {
    expectError(.outOfRange(option: "sampleRate", found: 0, allowed: 1_000...768_000)) {
      $0.sampleRate = 0
    }
    expectError(.outOfRange(option: "sampleRate", found: -5_000, allowed: 1_000...768_000)) {
      $0 = FeatureConfiguration(sampleRate: -5_000)
    }
    expectError(.outOfRange(option: "frames.preemphasis", found: 1.5, allowed: 0...1)) {
      $0.frames.preemphasis = 1.5
    }
    expectError(.melRange(lowest: 20, highest: 9_000, nyquist: 8_000)) {
      $0.mel.highestFrequency = 9_000
    }
    expectError(.melRange(lowest: 7_600, highest: 7_600, nyquist: 8_000)) {
      $0.mel.lowestFrequency = 7_600
    }
    expectError(.emptyMelBand(index: 0, bandCount: 400, transformLength: 512)) {
      $0.mel.bandCount = 400
    }
    expectError(.moreCoefficientsThanBands(coefficientCount: 41, bandCount: 40)) {
      $0.cepstrum = CepstrumOptions()
      $0.cepstrum?.coefficientCount = 41
    }
    expectError(.outOfRange(option: "deltas.order", found: 3, allowed: 1...2)) {
      $0.deltas = DeltaOptions()
      $0.deltas?.order = 3
    }
    let warp = FrequencyWarp(factor: 0.5, lowerCutoff: 100, upperCutoff: 7_500)
    expectError(.warp(warp, lowest: 20, highest: 7_600)) { $0.mel.warp = warp }
    for value in [Double.nan, .infinity, 0, -1] {
      var configuration = FeatureConfiguration()
      configuration.frames.hopSeconds = value
      #expect(throws: FeatureError.self) { try configuration.validate() }
    }
  }

  @Test func `a warp of factor 1 changes nothing`() throws {
    let clip = syntheticClip(sampleCount: 4_000)
    var configuration = FeatureConfiguration()
    var plain = try FeatureExtractor(configuration: configuration)
    configuration.mel.warp = FrequencyWarp(factor: 1, lowerCutoff: 100, upperCutoff: 7_000)
    var warped = try FeatureExtractor(configuration: configuration)
    let pairs = zip(plain.features(of: clip).values, warped.features(of: clip).values)
    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func `a configuration survives JSON`() throws {
    for configuration in assortedConfigurations() {
      let data = try JSONEncoder().encode(configuration)
      #expect(try JSONDecoder().decode(FeatureConfiguration.self, from: data) == configuration)
    }
  }

  private func expectError(
    _ expected: FeatureError, after change: (inout FeatureConfiguration) -> Void
  ) {
    var configuration = FeatureConfiguration()
    change(&configuration)
    #expect(throws: expected) { try configuration.validate() }
    #expect(!expected.description.contains("\n"))
  }
}

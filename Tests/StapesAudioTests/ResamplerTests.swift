import StapesAudio
import Testing

private let rates = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000]

@Suite struct ResamplerTests {
  /// A sine at one rate becomes the same sine at the other, sample by sample.
  @Test(arguments: rates, rates)
  func sineStaysTheSameSine(from: Int, to: Int) throws {
    let seconds = 0.5
    let source = sine(1_000, sampleRate: from, count: Int(Double(from) * seconds))
    let result = try Resampler.resample(source, from: from, to: to)
    let wanted = sine(1_000, sampleRate: to, count: result.count)
    try #require(abs(Double(result.count) - Double(source.count * to) / Double(from)) <= 0.5)
    // At both ends the sine starts and stops abruptly, which no band-limited signal does.
    let edge = to / 20
    let inner = edge..<result.count - edge
    #expect(largestDifference(Array(result[inner]), Array(wanted[inner])) < 2e-5)
    if from == to { #expect(largestDifference(result, source) == 0) }
  }

  @Test func frequenciesAboveTheTargetVanish() throws {
    let source = sine(6_000, sampleRate: 48_000, count: 48_000)
    let result = try Resampler.resample(source, from: 48_000, to: 8_000)
    try #require(result.count == 8_000)
    let inner = result[400..<7_600]
    #expect(inner.allSatisfy { abs($0) < 2e-5 })
  }

  @Test(arguments: [(44_100, 16_000), (8_000, 16_000), (16_000, 16_000), (48_000, 11_127)])
  func piecesGiveTheSameAsTheWhole(from: Int, to: Int) throws {
    let source = sine(700, sampleRate: from, count: 30_011)
    let whole = try Resampler.resample(source, from: from, to: to)
    for length in [1, 7, 160, 4_096, 40_000] {
      var resampler = try Resampler(from: from, to: to)
      var result: [Float] = []
      for start in stride(from: 0, to: source.count, by: length) {
        result += resampler.append(Array(source[start..<min(start + length, source.count)]))
      }
      result += resampler.finish()
      #expect(largestDifference(result, whole) == 0, "pieces of \(length)")
    }
  }

  @Test func everyLengthIsScaled() throws {
    for count in 0...50 {
      let source = sine(500, sampleRate: 8_000, count: count)
      #expect(try Resampler.resample(source, from: 8_000, to: 16_000).count == 2 * count)
      let fewer = try Resampler.resample(source, from: 8_000, to: 3_000).count
      #expect(abs(Double(fewer) - Double(count) * 3 / 8) <= 0.5)
    }
  }

  @Test func impossibleRateIsRefused() {
    #expect(throws: AudioError.unsupportedTargetRate(0)) { _ = try Resampler(from: 8_000, to: 0) }
    #expect(throws: AudioError.unsupportedTargetRate(-16_000)) {
      _ = try AudioClip(contentsOf: "any.wav", options: AudioOptions(sampleRate: -16_000))
    }
  }
}

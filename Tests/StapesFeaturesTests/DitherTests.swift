import Foundation
import StapesFeatures
import StapesKernels
import Testing

struct DitherTests {
  private func features(seed: UInt64?, of samples: [Float]) throws -> Matrix {
    var configuration = FeatureConfiguration()
    configuration.energy = .raw
    configuration.energyFloor = 1e-20
    configuration.frames.dither = seed.map { .init(amplitude: 0.01, seed: $0) }
    var extractor = try FeatureExtractor(configuration: configuration)
    _ = extractor.features(of: [1, 2, 3])  // what came before does not matter
    return extractor.features(of: samples)
  }

  @Test func `noise follows the seed alone`() throws {
    let samples = syntheticClip(sampleCount: 3_000)
    #expect(try features(seed: 1, of: samples) == features(seed: 1, of: samples))
    #expect(try features(seed: 1, of: samples) != features(seed: 2, of: samples))
    #expect(try features(seed: 1, of: samples) != features(seed: nil, of: samples))
  }

  @Test func `noise in silence is normal and has the amplitude asked for`() throws {
    let silence = [Float](repeating: 0, count: 160_000)
    let logEnergies = try features(seed: 7, of: silence)
    let energies = (0..<logEnergies.rowCount).map { exp(Double(logEnergies[$0, 0])) / 400 }
    let variance = energies.reduce(0, +) / Double(energies.count)
    #expect(abs(variance / 1e-4 - 1) < 0.02)
    // The mean of 400 squares of normal numbers varies by sqrt(2 / 400) = 7.1 %; of uniform ones of
    // the same variance by 4.5 %.
    let spread = energies.reduce(0) { $0 + pow($1 / variance - 1, 2) } / Double(energies.count)
    #expect(abs(spread.squareRoot() - 0.0705) < 0.01)
  }
}

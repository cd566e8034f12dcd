import Foundation
import StapesFeatures
import StapesKernels

/// A gliding tone with harmonics in noise, in -1...1.
func syntheticClip(sampleCount: Int, seed: UInt64 = 0) -> [Float] {
  var generator = SplitMix64(seed: seed)
  return (0..<sampleCount).map { n in
    let phase = 0.05 * Double(n) + 2e-6 * Double(n) * Double(n)
    let tone = (1...8).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) }
    return Float(0.1 * tone + Double.random(in: -0.02...0.02, using: &generator) + 0.01)
  }
}

/// Settings that differ in every option, small enough for slow oracles.
func assortedConfigurations() -> [FeatureConfiguration] {
  var plain = FeatureConfiguration(sampleRate: 8_000)
  plain.energy = .raw

  var odd = FeatureConfiguration.mfcc(sampleRate: 4_000)
  odd.frames.frameSeconds = 0.02525  // 101 samples
  odd.frames.hopSeconds = 0.00925  // 37 samples
  odd.frames.roundsToPowerOfTwo = false
  odd.frames.snipsEdges = false
  odd.frames.window = .hann
  odd.mel.spectrum = .magnitude
  odd.mel.bandCount = 15
  odd.cepstrum?.lifter = 10
  odd.energyPosition = .last
  odd.deltas?.window = 3

  var scaled = FeatureConfiguration.mfcc(sampleRate: 8_000)
  scaled.frames.sampleScale = 100
  scaled.frames.preemphasis = 0.5
  scaled.frames.removesMean = false
  scaled.frames.window = .hamming
  scaled.energy = .windowed
  scaled.energyFloor = 50
  scaled.cepstrum?.scaling = .uniform
  scaled.deltas?.order = 1

  var sparse = FeatureConfiguration(sampleRate: 2_000)
  sparse.frames.hopSeconds = 0.040  // hops longer than frames
  sparse.frames.snipsEdges = false
  sparse.frames.window = .rectangular
  sparse.energy = .windowed
  sparse.energyPosition = .last
  sparse.mel.bandCount = 6
  return [plain, odd, scaled, sparse]
}

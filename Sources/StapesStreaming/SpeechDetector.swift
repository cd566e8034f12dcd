internal import Glibc
internal import StapesFeatures
internal import StapesKernels

/// Tells sound that holds no speech, whatever a network may read in it.
package enum SpeechDetector {
  /// The peak of what counts as silence: 70 dB below full scale.
  static let silentPeak: Float = 3.162_277_7e-4

  /// Below this probability of the text that was read, steady sound is no speech.
  package static let sureProbability = 0.9

  /// Whether nothing rises above silence; a constant offset of the samples does not count.
  package static func isSilent(_ samples: [Float]) -> Bool {
    let mean = samples.reduce(0) { $0 + Double($1) } / Double(max(samples.count, 1))
    return samples.allSatisfy { abs($0 - Float(mean)) < silentPeak }
  }

  /// How far the spectrum's shape departs at most from its median shape, in decibels; nil for too
  /// little sound to tell.
  ///
  /// Speech goes from vowels to consonants, which differ by 6 dB and more in the mean of the bands,
  /// and seldom by less than 4. Noise, hum and tones keep their shape however loud they become, so
  /// that only chance changes it: the shape is that of 12 mel bands less their mean, over blocks of
  /// 50 ms, each joined with the next. Blocks 30 dB below the loudest are pauses.
  static func spectralChange(of samples: [Float], sampleRate: Int) -> Double? {
    let blocks = loudBlocks(bandEnergies(of: samples, sampleRate: sampleRate))
    guard blocks.count >= leastBlocks else { return nil }
    let median = (0..<bandCount).map { band in
      let values = blocks.map { $0[band] }.sorted()
      return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }
    return zip(blocks, blocks.dropFirst()).map { block, next in
      let squares = (0..<bandCount).reduce(0.0) { sum, band in
        let difference = (block[band] + next[band]) / 2 - median[band]
        return sum + difference * difference
      }
      return (squares / Double(bandCount)).squareRoot()
    }.max()
  }

  /// Sound whose spectrum changes less, in decibels, is steady.
  private static let steadyChange = 3.0

  /// Whether sound is steady, as noise, hum and tones are; nil for too little sound to tell.
  package static func isSteady(_ samples: [Float], sampleRate: Int) -> Bool? {
    spectralChange(of: samples, sampleRate: sampleRate).map { $0 < steadyChange }
  }

  private static let (bandCount, framesPerBlock, leastBlocks) = (12, 3, 8)
  /// How far below the loudest block a block is a pause, and a band as good as empty.
  private static let (pauseShare, emptyShare) = (1e-3, 1e-4)

  /// The energies of the bands, [frames × bands].
  private static func bandEnergies(of samples: [Float], sampleRate: Int) -> Matrix {
    var features = FeatureConfiguration(sampleRate: sampleRate)
    (features.frames.frameSeconds, features.frames.hopSeconds) = (0.032, 0.016)
    features.frames.preemphasis = 0
    features.frames.window = .hann
    features.mel.bandCount = bandCount
    features.mel.lowestFrequency = 100
    features.mel.highestFrequency = min(3600, 0.45 * Double(sampleRate))
    features.energyFloor = .leastNormalMagnitude
    guard var extractor = try? FeatureExtractor(configuration: features) else {
      return Matrix(rowCount: 0, columnCount: bandCount)
    }
    return extractor.features(of: samples)
  }

  /// The shape of each block that is no pause: its bands in decibels less their mean.
  private static func loudBlocks(_ logEnergies: Matrix) -> [[Double]] {
    let starts = stride(
      from: 0, through: logEnergies.rowCount - framesPerBlock, by: framesPerBlock)
    let energies = starts.map { start in
      (0..<bandCount).map { band in
        (start..<start + framesPerBlock).reduce(0.0) { $0 + exp(Double(logEnergies[$1, band])) }
      }
    }
    let totals = energies.map { $0.reduce(0, +) }
    let loudest = totals.max() ?? 0
    return zip(energies, totals).filter { $1 > loudest * pauseShare }.map { bands, _ in
      let levels = bands.map { 10 * log10($0 + loudest * emptyShare / Double(bandCount)) }
      let mean = levels.reduce(0, +) / Double(bandCount)
      return levels.map { $0 - mean }
    }
  }
}

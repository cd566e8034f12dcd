internal import Glibc
public import StapesAudio
internal import StapesFiles
internal import StapesKernels

/// Measures the sound of clips, block by block, so that a long file takes no more memory than a
/// short one.
///
/// It owns the plan of a transform; one task at a time uses it.
public struct SoundMeter: ~Copyable {
  private var fft = RealFFT(frameLength: Self.frameLength)
  private var frames = Matrix(rowCount: Self.blockFrames, columnCount: Self.frameLength)
  private var spectra = Matrix(rowCount: Self.blockFrames, columnCount: Self.frameLength / 2 + 1)
  private let window = (0..<Self.frameLength).map { index in
    Float(0.5 - 0.5 * cos(2 * .pi * (Double(index) + 0.5) / Double(Self.frameLength)))
  }

  private static let frameLength = 1024
  private static let blockFrames = 32

  /// Makes a meter.
  public init() {}

  /// Decodes a clip and measures it.
  ///
  /// - Throws: `AudioError`, as for any sound file; `noFrames` where there is not one sample.
  public mutating func facts(of clip: LabelledClip) throws(AudioError) -> SoundFacts {
    var file = try SoundFile(
      contentsOf: clip.path, options: clip.audio, offset: clip.offset, duration: clip.duration)
    var samples = SampleMeter(rate: file.sampleRate)
    var power = [Double](repeating: 0, count: Self.frameLength / 2 + 1)
    while true {
      let block = try file.read(frameCount: Self.frameLength * Self.blockFrames)
      guard !block.isEmpty else { break }
      samples.add(block)
      addSpectra(of: block, to: &power)
    }
    guard samples.count > 0 else { throw .noFrames(path: clip.path) }
    var facts = samples.facts
    facts.channelCount = file.sourceChannelCount
    facts.bandLimit = BandLimit.frequency(ofSpectrum: power, sampleRate: file.sampleRate)
    for warning in file.warnings {
      switch warning {
      case .truncated, .segmentCutShort, .damaged, .unread, .decoderFailed:
        facts.shortfall = warning.description
      case .cancellingChannels(_, let taken): facts.takenChannel = taken
      case .beyondFullScale, .sameChannels, .resampled: continue
      }
    }
    return facts
  }

  private mutating func addSpectra(of block: [Float], to power: inout [Double]) {
    let count = block.count / Self.frameLength
    for index in 0..<count * Self.frameLength {
      frames.values[index] = block[index] * window[index % Self.frameLength]
    }
    fft.takePowerSpectra(ofFirst: count, in: frames, into: &spectra)
    for row in 0..<count {
      for bin in power.indices { power[bin] += Double(spectra.values[row * power.count + bin]) }
    }
  }
}

/// What is measured sample by sample.
package struct SampleMeter {
  private let rate: Int
  private(set) var count = 0
  private var (sum, squares) = (0.0, 0.0)
  private var peak: Float = 0
  /// The largest magnitude so far, and how much sound lies in runs at it.
  private var (ceiling, clipped, run): (Float, Int, Int) = (0, 0, 0)
  private var checksum = Checksum()
  /// The energy of each frame of 25 ms, about its mean.
  private var energies: [Float] = []
  private var (frameSum, frameSquares, frameCount): (Float, Float, Int) = (0, 0, 0)

  /// How near two samples at the limit of a recorder are to each other.
  private static let tolerance: Float = 1e-4
  /// A run this long is no crest of a wave.
  private static let shortestRun = 4

  package init(rate: Int) { self.rate = rate }

  package mutating func add(_ samples: [Float]) {
    let frameLength = max(rate / 40, 1)
    for sample in samples {
      checksum.add(UInt64(sample.bitPattern))
      sum += Double(sample)
      squares += Double(sample) * Double(sample)
      watchCeiling(abs(sample))
      frameSum += sample
      frameSquares += sample * sample
      frameCount += 1
      if frameCount == frameLength {
        let mean = frameSum / Float(frameCount)
        energies.append(frameSquares / Float(frameCount) - mean * mean)
        (frameSum, frameSquares, frameCount) = (0, 0, 0)
      }
    }
    count += samples.count
  }

  private mutating func watchCeiling(_ magnitude: Float) {
    peak = max(peak, magnitude)
    if magnitude > ceiling + Self.tolerance {
      (ceiling, clipped, run) = (magnitude, 0, 1)
    } else if magnitude >= ceiling - Self.tolerance {
      run += 1
      clipped += run == Self.shortestRun ? run : run > Self.shortestRun ? 1 : 0
    } else {
      run = 0
    }
  }

  /// What was found; the spectrum is left open.
  package var facts: SoundFacts {
    var facts = SoundFacts(sampleRate: rate, sampleCount: count, fingerprint: checksum.value)
    facts.peak = peak
    facts.mean = sum / Double(max(count, 1))
    facts.level = max(squares / Double(max(count, 1)) - facts.mean * facts.mean, 0).squareRoot()
    facts.clippedShare = ceiling >= 0.25 ? Double(clipped) / Double(max(count, 1)) : 0
    if energies.count >= 20 {
      let sorted = energies.map { 10 * log10(max(Double($0), 1e-12)) }.sorted()
      facts.dynamicRange = sorted[sorted.count * 19 / 20] - sorted[sorted.count / 20]
    }
    return facts
  }
}

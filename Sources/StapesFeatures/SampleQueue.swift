internal import Glibc
internal import StapesKernels

/// The samples of a stream, scaled and dithered, for as long as frames still need them.
struct SampleQueue: Sendable {
  /// The samples kept.
  private(set) var samples: [Float] = []
  /// The position in the stream of the first sample kept.
  private(set) var start = 0
  /// The number of samples that the stream has had so far.
  var end: Int { start + samples.count }

  private let scale: Float
  private let amplitude: Double
  private var noise: GaussianNoise?

  init(_ options: FrameOptions) {
    scale = options.sampleScale
    amplitude = Double(options.dither?.amplitude ?? 0)
    noise = options.dither.map { GaussianNoise(seed: $0.seed) }
  }

  /// Appends what comes next in the stream.
  mutating func append(_ newSamples: some Collection<Float>) {
    let first = samples.count
    samples.append(contentsOf: newSamples)
    if noise != nil {
      for index in first..<samples.count {
        samples[index] += Float(amplitude * (noise?.next() ?? 0))
      }
    }
    if scale != 1 {
      for index in first..<samples.count { samples[index] *= scale }
    }
  }

  /// Forgets the samples before a position in the stream.
  mutating func discard(before position: Int) {
    let count = min(max(0, position - start), samples.count)
    samples.removeFirst(count)
    start += count
  }

  /// The samples at some consecutive positions, some of which may lie before or after the stream.
  ///
  /// - Precondition: the stream has had samples, and their mirror images have been kept.
  func reflectedSamples(at positions: Range<Int>) -> [Float] {
    positions.map { samples[FrameLayout.reflected($0, sampleCount: end) - start] }
  }
}

/// A seeded sequence of independent normal numbers, by the polar method (Marsaglia and Bray, 1964).
struct GaussianNoise: Sendable {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  /// The next number, of mean 0 and deviation 1.
  mutating func next() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    while true {
      let x = Double.random(in: -1...1, using: &generator)
      let y = Double.random(in: -1...1, using: &generator)
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let scale = (-2 * log(square) / square).squareRoot()
      spare = y * scale
      return x * scale
    }
  }
}

internal import Glibc

/// How samples become windowed frames.
public struct FrameOptions: Codable, Sendable, Equatable {
  /// Noise that is added to the samples, so that digital silence has a spectrum too.
  public struct Dither: Codable, Sendable, Equatable {
    /// The standard deviation of the Gaussian noise, in the units of the unscaled samples.
    public var amplitude: Float
    /// The seed: each clip gets the same noise again, whatever was computed before it.
    public var seed: UInt64

    /// Makes the option; half a step of 16-bit samples by default.
    public init(amplitude: Float = 0.5 / 32_768, seed: UInt64 = 0) {
      self.amplitude = amplitude
      self.seed = seed
    }
  }

  /// The length of a frame, in seconds; rounded to whole samples.
  public var frameSeconds = 0.025
  /// The time from the start of one frame to the start of the next, in seconds; rounded to whole
  /// samples.
  public var hopSeconds = 0.010
  /// Whether a clip has only the frames that lie wholly inside it.
  ///
  /// If not, frame t is centred on the middle of hop t, and what it lacks at the clip's ends is
  /// reflected there (sample -1 is sample 0, sample -2 is sample 1).
  public var snipsEdges = true
  /// What each sample is multiplied by first: 1 for samples in -1...1, or 32,768 for features on
  /// the scale of tools that compute with 16-bit integers.
  public var sampleScale: Float = 1
  /// Noise added to the samples; nil for none.
  public var dither: Dither?
  /// Whether each frame's mean (its direct current) is subtracted.
  public var removesMean = true
  /// The share of the preceding sample that is subtracted from each sample, 0...1; 0 for none.
  public var preemphasis: Float = 0.97
  /// The window.
  public var window = WindowFunction.povey
  /// Whether frames are padded with zeros to a power of two for the Fourier transform.
  public var roundsToPowerOfTwo = true

  /// Makes the default options.
  public init() {}
}

/// The weights that taper a frame of N samples; n runs from 0 to N - 1.
public enum WindowFunction: String, Codable, Sendable, CaseIterable {
  /// 0.54 - 0.46 · cos(2πn / (N - 1))
  case hamming
  /// 0.5 - 0.5 · cos(2πn / (N - 1))
  case hann
  /// The Hann window to the power of 0.85: like Hamming's, but zero at its ends (Kaldi's default).
  case povey
  /// 1
  case rectangular

  /// The weights for a frame.
  ///
  /// - Parameter length: N, at least 2.
  /// - Returns: N weights.
  public func weights(length: Int) -> [Float] {
    precondition(length >= 2, "a window of \(length)")
    return (0..<length).map { n in
      let cosine = cos(2 * Double.pi * Double(n) / Double(length - 1))
      return switch self {
      case .hamming: Float(0.54 - 0.46 * cosine)
      case .hann: Float(0.5 - 0.5 * cosine)
      case .povey: Float(pow(0.5 - 0.5 * cosine, 0.85))
      case .rectangular: 1
      }
    }
  }
}

/// Where the frames of a clip lie.
struct FrameLayout: Sendable, Equatable {
  let frameLength: Int
  let hopLength: Int
  let snipsEdges: Bool

  /// The first sample of a frame; negative if the frame begins before the clip.
  func start(ofFrame index: Int) -> Int {
    index * hopLength + (snipsEdges ? 0 : hopLength / 2 - frameLength / 2)
  }

  /// The number of frames of a clip.
  func frameCount(forSampleCount sampleCount: Int) -> Int {
    guard snipsEdges else { return (sampleCount + hopLength / 2) / hopLength }
    return completeFrameCount(forSampleCount: sampleCount)
  }

  /// The number of frames that a clip has for certain, once its first samples are known: those
  /// that end within them.
  func completeFrameCount(forSampleCount sampleCount: Int) -> Int {
    let room = sampleCount - frameLength - start(ofFrame: 0)
    return room < 0 ? 0 : room / hopLength + 1
  }

  /// The sample that stands for a sample beyond the ends of a clip: its mirror image, mirrored
  /// again for as long as it lies outside.
  ///
  /// - Precondition: the clip is not empty.
  static func reflected(_ index: Int, sampleCount: Int) -> Int {
    precondition(sampleCount > 0, "reflection in an empty clip")
    var index = index
    while index < 0 || index >= sampleCount {
      index = index < 0 ? -1 - index : 2 * sampleCount - 1 - index
    }
    return index
  }
}

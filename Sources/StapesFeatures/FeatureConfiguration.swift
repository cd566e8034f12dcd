/// All that decides how samples become features: the front end of a recogniser.
///
/// Without `cepstrum` the features are log-mel energies, with it MFCC:
///
/// 1. the samples are cut into frames, and each frame is windowed (`frames`);
/// 2. the frame's spectrum is gathered into mel bands, and their logarithms taken (`mel`);
/// 3. for MFCC, a cosine transform turns those into a cepstrum (`cepstrum`);
/// 4. the frame's energy may join them (`energy`);
/// 5. the slopes over time may be appended (`deltas`).
///
/// The defaults are made for speech recognition at any sample rate.
public struct FeatureConfiguration: Codable, Sendable, Equatable {
  /// Which sum of squares counts as a frame's energy.
  public enum Energy: String, Codable, Sendable {
    /// Before pre-emphasis and window.
    case raw
    /// After them.
    case windowed
  }

  /// An end of the row of coefficients.
  public enum Position: String, Codable, Sendable {
    /// Before the others, as in Kaldi.
    case first
    /// After the others, as in HTK.
    case last
  }

  /// The rate of the samples, in hertz, 1,000 to 768,000.
  public var sampleRate: Int
  /// How samples become windowed frames.
  public var frames: FrameOptions
  /// How a frame's spectrum becomes mel-band energies.
  public var mel: MelOptions
  /// How log-mel energies become a cepstrum; nil leaves them as they are.
  public var cepstrum: CepstrumOptions?
  /// The energy whose logarithm stands in place of C0 in a cepstrum, and is one more column
  /// beside log-mel energies; nil for none.
  public var energy: Energy?
  /// Where C0 or the energy stands.
  public var energyPosition: Position
  /// The least energy of a band or a frame: smaller ones are raised to it before the logarithm.
  ///
  /// It is above 0, in units of squared (scaled) samples. The default lies just below what the
  /// rounding of 16-bit samples leaves in a band.
  public var energyFloor: Float
  /// Which slopes over time are appended; nil for none.
  public var deltas: DeltaOptions?

  /// Makes the default front end for a sample rate: log-mel energies without deltas.
  public init(sampleRate: Int = 16_000) {
    self.sampleRate = sampleRate
    frames = FrameOptions()
    mel = MelOptions(sampleRate: sampleRate)
    cepstrum = nil
    energy = nil
    energyPosition = .first
    energyFloor = 1e-8
    deltas = nil
  }
}

extension FeatureConfiguration {
  /// The samples in a frame.
  public var frameLength: Int { samples(in: frames.frameSeconds) }

  /// The samples from the start of one frame to the start of the next.
  public var hopLength: Int { samples(in: frames.hopSeconds) }

  /// The length of the Fourier transform, in samples: even, and at least `frameLength`.
  public var transformLength: Int {
    guard frames.roundsToPowerOfTwo else { return (frameLength + 1) / 2 * 2 }
    var length = 2
    while length < frameLength { length *= 2 }
    return length
  }

  /// The features of a frame without their deltas.
  public var staticColumnCount: Int {
    if let cepstrum { return cepstrum.coefficientCount }
    return mel.bandCount + (energy == nil ? 0 : 1)
  }

  /// The features of a frame, deltas included.
  public var columnCount: Int { staticColumnCount * (1 + (deltas?.order ?? 0)) }

  /// The number of frames, and so of feature rows, of a clip.
  ///
  /// With `frames.snipsEdges`, as many as fit: none if the clip is shorter than a frame. Without,
  /// the clip's length in hops, rounded.
  public func frameCount(forSampleCount sampleCount: Int) -> Int {
    layout.frameCount(forSampleCount: sampleCount)
  }

  /// The middle of a frame, in seconds from the start of the clip.
  public func middleSeconds(ofFrame index: Int) -> Double {
    (Double(layout.start(ofFrame: index)) + Double(frameLength) / 2) / Double(sampleRate)
  }

  var layout: FrameLayout {
    FrameLayout(frameLength: frameLength, hopLength: hopLength, snipsEdges: frames.snipsEdges)
  }

  private func samples(in seconds: Double) -> Int {
    Int((seconds * Double(sampleRate)).rounded())
  }
}

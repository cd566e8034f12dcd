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

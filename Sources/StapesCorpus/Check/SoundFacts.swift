/// What was measured of a clip's sound, decoded once, at the rate of its file and with its channels
/// mixed.
public struct SoundFacts: Codable, Sendable, Equatable {
  /// The rate of the file, in hertz.
  public var sampleRate: Int
  /// The number of channels of the file.
  public var channelCount: Int
  /// The number of samples.
  public var sampleCount: Int
  /// The largest magnitude of a sample; 1 is full scale.
  public var peak: Float
  /// The mean of the samples.
  public var mean: Double
  /// The root of the mean square of the samples about their mean.
  public var level: Double
  /// The share of samples that lie in runs of four or more at the largest magnitude, as where a
  /// recorder was driven too far; 0 for faint sound, which has such runs by nature.
  public var clippedShare: Double
  /// The frequency in hertz above which the spectrum is empty, far below half the sample rate; nil
  /// where it is not.
  public var bandLimit: Double?
  /// How far the loudest twentieth of the frames of 25 ms is above the faintest twentieth, in
  /// decibels; nil for less than half a second.
  public var dynamicRange: Double?
  /// A number that tells these samples from others.
  public var fingerprint: UInt64
  /// The channel that is taken, counted from 1, since they cancel when they are mixed; else nil.
  public var takenChannel: Int?
  /// What the file says of its end, where that is missing.
  public var shortfall: String?

  /// The length, in seconds.
  public var seconds: Double { Double(sampleCount) / Double(sampleRate) }
  /// Whether there is nothing but the rounding of 16-bit samples.
  public var isSilent: Bool { level < 2e-5 }

  /// Makes facts about sound of full band without a flaw, to be changed.
  public init(sampleRate: Int, sampleCount: Int, fingerprint: UInt64) {
    self.sampleRate = sampleRate
    self.sampleCount = sampleCount
    self.fingerprint = fingerprint
    (channelCount, peak, mean, level, clippedShare) = (1, 0.5, 0, 0.1, 0)
  }
}

internal import StapesFiles

/// How a sound file becomes the samples of a clip.
public struct AudioOptions: Codable, Sendable, Equatable {
  /// Which of a file's channels become the samples.
  public enum Channel: Codable, Sendable, Equatable {
    /// The mean of all channels.
    case mix
    /// One channel, counted from 0.
    case index(Int)
  }

  /// The rate of the samples, in hertz; nil keeps the file's own.
  public var sampleRate: Int?
  /// Which of the file's channels become the samples.
  public var channel: Channel
  /// What a file without a header holds; nil lets the file say.
  public var rawFormat: RawFormat?
  /// The name or the path of ffmpeg, which decodes what libsndfile does not; nil to do without it.
  public var ffmpeg: String?
  /// After how many seconds the reading of a file is given up; nil for never.
  ///
  /// The time counts from when the file is opened, and is looked at with each read and while ffmpeg
  /// is waited for.
  public var timeout: Double?

  /// Makes options; the defaults keep the file's rate and mix its channels.
  public init(
    sampleRate: Int? = nil, channel: Channel = .mix, rawFormat: RawFormat? = nil,
    ffmpeg: String? = "ffmpeg", timeout: Double? = nil
  ) {
    self.sampleRate = sampleRate
    self.channel = channel
    self.rawFormat = rawFormat
    self.ffmpeg = ffmpeg
    self.timeout = timeout
  }

  /// Whether there is an ffmpeg that may be used.
  package var findsFFmpeg: Bool { ffmpeg.flatMap { ChildProcess.path(of: $0) } != nil }

  /// Checks what can be checked without a file.
  ///
  /// - Throws: `AudioError.unsupportedTargetRate` unless the rate is within `allowedSampleRates`.
  public func validate() throws(AudioError) {
    if let sampleRate, !Self.allowedSampleRates.contains(sampleRate) {
      throw .unsupportedTargetRate(sampleRate)
    }
  }

  /// The sample rates, in hertz, that a file may have and that may be asked for.
  ///
  /// Beyond them a header is damaged rather than right, and a resampler would turn a small file
  /// into a huge clip.
  public static let allowedSampleRates = 1_000...1_000_000

  /// The channel counts that a file may have.
  public static let allowedChannelCounts = 1...256
}

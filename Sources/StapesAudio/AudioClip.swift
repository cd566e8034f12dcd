@_exported public import StapesContainers

/// A whole recording, or a segment of one, in memory.
public struct AudioClip: Sendable, Equatable {
  /// Mono samples in -1...1.
  public let samples: [Float]
  /// The rate of the samples, in hertz.
  public let sampleRate: Int
  /// The rate of the file they come from, in hertz.
  public let sourceRate: Int
  /// The number of channels of the file they come from.
  public let sourceChannelCount: Int
  /// What was odd about the file.
  public let warnings: [AudioWarning]

  /// The length in seconds.
  public var duration: Double { Double(samples.count) / Double(sampleRate) }

  /// Makes a clip of samples that are already in memory.
  ///
  /// - Precondition: the rate is within `AudioOptions.allowedSampleRates`.
  public init(samples: [Float], sampleRate: Int) {
    precondition(AudioOptions.allowedSampleRates.contains(sampleRate), "\(sampleRate) Hz")
    self.samples = samples
    self.sampleRate = sampleRate
    sourceRate = sampleRate
    sourceChannelCount = 1
    warnings = []
  }

  /// Reads a sound file, or a segment of it.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - options: rate and channel of the samples, and the format of a file without header.
  ///   - offset: where the segment starts, in seconds.
  ///   - duration: how long the segment is, in seconds; nil for all that follows. A file that ends
  ///     earlier gives what it has.
  /// - Throws: `AudioError.noFrames` when there is not one sample, else as `SoundFile` does.
  public init(
    contentsOf path: String, options: AudioOptions = AudioOptions(), offset: Double = 0,
    duration: Double? = nil
  ) throws(AudioError) {
    try self.init(
      SoundFile(contentsOf: path, options: options, offset: offset, duration: duration))
  }

  /// Reads what is left of a sound file.
  ///
  /// - Throws: `AudioError.noFrames` when there is not one sample, else as `SoundFile` does.
  public init(_ file: consuming SoundFile) throws(AudioError) {
    let samples = try file.read(frameCount: Int.max)
    try self.init(samples: samples, of: file)
  }

  /// Makes a clip of all samples of a sound file, or of one of several channels that were read,
  /// counted from 0.
  ///
  /// - Throws: `AudioError.noFrames` when there is not one sample.
  package init(
    samples: [Float], of file: borrowing SoundFile, track: Int = 0
  ) throws(AudioError) {
    self.samples = samples
    sampleRate = file.sampleRate
    sourceRate = file.sourceRate
    sourceChannelCount = file.sourceChannelCount
    warnings = file.warnings(ofTrack: track)
    if samples.isEmpty { throw file.emptiness }
  }
}

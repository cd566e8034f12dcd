internal import StapesContainers

/// What the header of a sound file says.
public struct AudioProperties: Sendable, Equatable {
  /// Frames per second.
  public let sampleRate: Int
  /// The number of channels.
  public let channelCount: Int
  /// The number of frames: samples of each channel.
  public let frameCount: Int
  /// Container and encoding, in words.
  public let formatName: String

  /// The length in seconds.
  public var seconds: Double { Double(frameCount) / Double(sampleRate) }

  /// Reads the header of a file.
  ///
  /// The sound itself is decoded only where the header does not tell how long it is: a damaged Ogg
  /// file, or FLAC from an encoder that could not seek.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - options: the format of a file without header, and what decodes it; rate and channel do not
  ///     count.
  /// - Throws: `AudioError.noFrames` when there is not one frame, else as `SoundFile` does.
  public init(
    ofFileAt path: String, options: AudioOptions = AudioOptions()
  ) throws(AudioError) {
    var file = try SoundFile(
      contentsOf: path,
      options: AudioOptions(
        rawFormat: options.rawFormat, ffmpeg: options.ffmpeg, timeout: options.timeout))
    sampleRate = file.sourceRate
    channelCount = file.sourceChannelCount
    formatName = file.formatName
    frameCount = try file.countFrames()
    if frameCount == 0 { throw .noFrames(path: path) }
  }

  /// The rate of a file, in hertz, for which nothing is decoded.
  ///
  /// - Throws: as `SoundFile` does.
  public static func sampleRate(
    ofFileAt path: String, options: AudioOptions = AudioOptions()
  ) throws(AudioError) -> Int {
    let file = try SoundFile(contentsOf: path, options: options)
    return file.sourceRate
  }

  /// How long a file is by its header alone, in seconds; nil where that does not tell.
  ///
  /// Nothing is decoded, and what lies behind the header is not looked at: the file may be damaged,
  /// or joined to others.
  package static func statedSeconds(ofFileAt path: String, rawFormat: RawFormat?) -> Double? {
    guard let input = try? InputFile(path: path), input.isSeekable,
      let decoder = try? SoundDecoder.open(input, rawFormat: rawFormat, countsFrames: false),
      let frameCount = decoder.frameCount, frameCount > 0
    else { return nil }
    return Double(frameCount) / Double(decoder.sampleRate)
  }
}

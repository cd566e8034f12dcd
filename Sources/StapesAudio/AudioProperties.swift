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
  /// - Throws: `AudioError.noFrames` when there is not one frame, else as `SoundFile` does.
  public init(ofFileAt path: String, rawFormat: RawFormat? = nil) throws(AudioError) {
    var file = try SoundFile(contentsOf: path, options: AudioOptions(rawFormat: rawFormat))
    sampleRate = file.sourceRate
    channelCount = file.sourceChannelCount
    formatName = file.formatName
    frameCount = try file.countFrames()
    if frameCount == 0 { throw .noFrames(path: path) }
  }
}

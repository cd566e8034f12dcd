/// Why sound could not be read or written.
///
/// The cases carry the facts; `description` puts them into a sentence.
public enum AudioError: Error, Equatable, Sendable {
  /// Nothing has this path.
  case noSuchFile(path: String)
  /// The path names a directory.
  case isDirectory(path: String)
  /// The system refuses to open the file.
  case noPermission(path: String)
  /// The file cannot be opened or read for another reason, in the system's words.
  case unreadable(path: String, reason: String)
  /// The file has no bytes.
  case emptyFile(path: String)
  /// The file is not sound; what it seems to be, such as "a PDF document", where that is known.
  case notAudio(path: String, seemsToBe: String?)
  /// The file is sound of a kind that cannot be decoded, such as "MPEG-4 audio (M4A, MP4)".
  case unsupportedAudio(path: String, kind: String)
  /// The file is sound of a kind that only ffmpeg could decode, which failed; in its own words.
  case notDecodedByFFmpeg(path: String, kind: String, reason: String)
  /// The file cannot be fetched from a server, whose address is here without what gives access.
  case notFetched(address: String, reason: String)
  /// The file was not read to its end within so many seconds.
  case timedOut(path: String, seconds: Double)
  /// The task was cancelled while it waited for the program that decodes the file.
  case cancelled(path: String)
  /// The file starts like the named format, but cannot be decoded.
  case damaged(path: String, format: String)
  /// The sound at an offset, in seconds, cannot be reached: the file is damaged before it.
  case damagedBefore(path: String, offset: Double)
  /// The header gives a sample rate outside `AudioOptions.allowedSampleRates`.
  case implausibleSampleRate(path: String, rate: Int)
  /// The header gives a channel count outside `AudioOptions.allowedChannelCounts`.
  case implausibleChannelCount(path: String, count: Int)
  /// The file holds no sound, though its header is right.
  case noFrames(path: String)
  /// A sample is not a finite number; its frame in the file counts from 0.
  case nonFiniteSample(path: String, frame: Int)
  /// The file has no channel of this index.
  case channelOutOfRange(path: String, index: Int, channelCount: Int)
  /// An offset or a duration is negative, not finite, or a duration is 0; both in seconds.
  case invalidSegment(path: String, offset: Double, duration: Double?)
  /// The segment starts at or after the end of the file; both in seconds.
  case segmentOutsideFile(path: String, offset: Double, fileDuration: Double)
  /// A description of raw samples that is not of the form `encoding:rate:channels`.
  case unsupportedRawFormat(String)
  /// A description of raw samples with a rate or a channel count out of range.
  case implausibleRawFormat(String)
  /// A rate was asked for that lies outside `AudioOptions.allowedSampleRates`.
  case unsupportedTargetRate(Int)
  /// The resampler could not be made, in its own words; rates in hertz.
  case cannotResample(from: Int, to: Int, reason: String)
  /// The input cannot seek, and the temporary copy it needs could not be made.
  case cannotSpool(path: String, reason: String)
  /// The file cannot be written, in the system's words.
  case cannotWrite(path: String, reason: String)
}

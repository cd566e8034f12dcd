public import StapesFiles

extension AudioError: CustomStringConvertible {
  /// One or two English sentences: which file, what is wrong, what helps.
  public var description: String {
    switch self {
    case .noSuchFile(let path) where path.contains("\u{FFFD}"):
      "\(name(path)) cannot be found: its name is not UTF-8. Rename it."
    case .noSuchFile(let path):
      "\(name(path)) does not exist. Check the path."
    case .isDirectory(let path):
      "\(name(path)) is a directory, not a sound file. Name a file in it."
    case .noPermission(let path):
      "\(name(path)) may not be read by this user. Change its permissions (chmod +r) or its owner."
    case .unreadable(let path, let reason):
      "\(name(path)) cannot be read: \(reason). Check the disk or the program that writes to it."
    case .emptyFile(let path):
      "\(name(path)) is empty (0 bytes). Fetch or record it again."
    case .notAudio(let path, let kind?):
      "\(name(path)) is not a sound file: it seems to be \(kind). "
        + "Give a WAV, FLAC, Ogg, MP3 or AIFF file."
    case .notAudio(let path, nil):
      "\(name(path)) is not a sound file of a known kind. Give a WAV, FLAC, Ogg, MP3 or AIFF "
        + "file, or say what it holds with a raw format such as s16le:16000:1."
    case .unsupportedAudio(let path, let kind):
      "\(name(path)) is \(kind), which cannot be decoded here. "
        + "Convert it first, for example with: ffmpeg -i INPUT output.wav"
    case .notDecodedByFFmpeg(let path, let kind, let reason):
      "\(name(path)) is \(kind), which ffmpeg could not decode (\(reason)). "
        + "See whether it plays elsewhere; fetch or record it again if not."
    case .notFetched(let address, let reason):
      "\(address): cannot be fetched: \(reason). Run the batch again with an address that works."
    case .timedOut(let path, let seconds):
      "\(name(path)): given up after \(seconds) seconds; allow it more, or divide it"
    case .cancelled(let path):
      "\(name(path)): not read to its end, since the work was stopped; run it again"
    case .damaged(let path, let format):
      "\(name(path)) starts like \(format), but its header is damaged or cut off. "
        + "Fetch or record it again."
    case .damagedBefore(let path, let offset):
      "\(name(path)) is damaged: the sound at \(seconds(offset)) cannot be reached. "
        + "Fetch or record it again."
    case .implausibleSampleRate(let path, let rate):
      "\(name(path)) claims a sample rate of \(rate) Hz; \(Self.rates) are possible. "
        + "Its header is damaged: fetch it again, or read it as raw samples."
    case .implausibleChannelCount(let path, let count):
      "\(name(path)) claims \(count) channels; \(Self.channels) are possible. "
        + "Its header is damaged: fetch it again, or read it as raw samples."
    case .noFrames(let path):
      "\(name(path)) holds no sound that can be decoded (zero frames). "
        + "Record or fetch it again, or leave it out."
    case .nonFiniteSample(let path, let frame):
      "\(name(path)) holds a sample that is not a finite number (frame \(frame)). "
        + "Write it again with the program that made it, or leave it out."
    case .channelOutOfRange(let path, let index, 1):
      "\(name(path)) has only channel 0, not channel \(index). Channels count from 0."
    case .channelOutOfRange(let path, let index, let count):
      "\(name(path)) has channels 0 to \(count - 1), not channel \(index). "
        + "Channels count from 0."
    case .invalidSegment(let path, let offset, let duration):
      "There is no segment of \(name(path)) with offset \(offset) s and duration "
        + (duration.map { "\($0) s" } ?? "to the end")
        + ". Offsets start at 0, durations are longer than 0."
    case .segmentOutsideFile(let path, let offset, let fileDuration):
      "\(name(path)) is \(seconds(fileDuration)) long, but a segment at \(seconds(offset)) was "
        + "asked for. Check the offsets, and that they are in seconds."
    case .unsupportedRawFormat(let text):
      "\"\(text)\" does not describe raw samples. Write encoding:rate:channels, such as "
        + "s16le:16000:1; encodings are \(Self.encodings)."
    case .implausibleRawFormat(let text):
      "\"\(text)\" does not describe raw samples that can be read: \(Self.rates) and "
        + "\(Self.channels) are possible."
    case .unsupportedTargetRate(let rate):
      "A sample rate of \(rate) Hz was asked for; \(Self.rates) are possible."
    case .cannotResample(let from, let to, let reason):
      "Sound cannot be resampled from \(from) to \(to) Hz: \(reason)."
    case .cannotSpool(let path, let reason):
      "\(name(path)) needs a temporary copy, which could not be made: \(reason). "
        + "Free some space, or set TMPDIR to a directory that has it."
    case .cannotWrite(let path, let reason):
      "\(name(path)) cannot be written: \(reason)."
    }
  }

  private static var rates: String {
    let allowed = AudioOptions.allowedSampleRates
    return "\(allowed.lowerBound) to \(allowed.upperBound) Hz"
  }

  private static var channels: String {
    let allowed = AudioOptions.allowedChannelCounts
    return "\(allowed.lowerBound) to \(allowed.upperBound) channels"
  }

  private static var encodings: String {
    RawFormat.Encoding.allCases.map(\.rawValue).joined(separator: ", ")
  }
}

extension AudioError {
  /// The error for a file that should hold sound and cannot be read.
  public static func file(_ error: FileError) -> AudioError {
    let path = error.path
    return switch error.cause {
    case .missing: .noSuchFile(path: path)
    case .folder: .isDirectory(path: path)
    case .forbidden: .noPermission(path: path)
    default: .unreadable(path: path, reason: error.reason)
    }
  }

  /// The error for sound from a pipe that cannot be copied to a temporary file.
  static func unspooled(_ path: String) -> (FileError) -> AudioError {
    { .cannotSpool(path: path, reason: $0.reason) }
  }
}

/// How messages call the file at a path.
func name(_ path: String) -> String { path == "-" ? "Standard input" : path }

/// Seconds for messages, to the hundredth.
func seconds(_ value: Double) -> String {
  guard value.magnitude < 1e12 else { return "\(value) s" }
  let hundredths = Int((value * 100).rounded())
  let fraction = String(hundredths.magnitude % 100)
  return (hundredths < 0 ? "-" : "") + "\(hundredths.magnitude / 100)."
    + (fraction.count == 1 ? "0" : "") + "\(fraction) s"
}

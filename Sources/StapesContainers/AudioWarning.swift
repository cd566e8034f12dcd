/// What is odd about sound that could nevertheless be read.
public enum AudioWarning: Hashable, Sendable {
  /// The file ends before its header says, or the rest of it cannot be decoded.
  ///
  /// What could be read is used; `promised` is nil when the file does not tell its length.
  /// Both are seconds in the file.
  case truncated(path: String, read: Double, promised: Double?)
  /// So many stretches of the file are damaged, the first at an offset; silence stands in their
  /// place. Offset and length together are seconds in the file.
  case damaged(path: String, count: Int, firstOffset: Double, seconds: Double)
  /// So many bytes of the file could not be read.
  case unread(path: String, byteCount: Int)
  /// Channels cancel in their mean, so that one of them, counted from 1, is taken.
  case cancellingChannels(path: String, taken: Int)
  /// ffmpeg, which decodes the file, ended with an error, in its own words.
  case decoderFailed(path: String, reason: String)
  /// The file ends before the segment that was asked for does; both are seconds in the file.
  case segmentCutShort(path: String, read: Double, asked: Double)
  /// Samples go far beyond full scale, as in a float file with the range of 16-bit integers.
  case beyondFullScale(path: String, peak: Float)
  /// Two channels, counted from 1, sound the same, so that one of them is enough.
  case sameChannels(path: String, first: Int, second: Int)
  /// The samples were resampled; rates in hertz. It names no file, so that it can be said once.
  case resampled(from: Int, to: Int)
}

extension AudioWarning: CustomStringConvertible {
  /// One or two English sentences.
  public var description: String {
    switch self {
    case .truncated(let path, let read, let promised?):
      "\(name(path)) is cut short or damaged: it should hold \(seconds(promised)), of which "
        + "\(seconds(read)) could be read; those are used."
    case .truncated(let path, let read, nil):
      "\(name(path)) is cut short or damaged; the \(seconds(read)) that could be read are used."
    case .damaged(let path, 1, let offset, let length):
      "\(name(path)) is damaged: \(seconds(length)) at \(seconds(offset)) cannot be decoded; "
        + "silence stands there, and what follows is used."
    case .damaged(let path, let count, let offset, let length):
      "\(name(path)) is damaged in \(count) places, the first at \(seconds(offset)): "
        + "\(seconds(length)) cannot be decoded; silence stands there, and the rest is used."
    case .unread(let path, let byteCount):
      "\(name(path)) holds \(byteCount) bytes besides its sound that were not read, "
        + "such as another file that was joined to it. If more was said, give each file alone."
    case .cancellingChannels(let path, let taken):
      "\(name(path)) has channels that cancel when they are mixed, as where one is inverted; "
        + "channel \(taken) is taken."
    case .decoderFailed(let path, let reason):
      "\(name(path)) could be decoded in part only: ffmpeg says “\(reason)”; what there is, is used."
    case .segmentCutShort(let path, let read, let asked):
      "\(name(path)) ends within the segment asked for: \(seconds(read)) of "
        + "\(seconds(asked)) are there and used."
    case .beyondFullScale(let path, let peak):
      "\(name(path)) holds samples such as \(peak), far beyond full scale (1). "
        + "If it was written with the range of integers, divide it by 32768."
    case .sameChannels(let path, let first, let second):
      "\(name(path)) has the same sound in channels \(first) and \(second); it is taken once."
    case .resampled(let from, let to):
      "Resampling from \(from) to \(to) Hz."
    }
  }
}

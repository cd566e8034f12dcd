/// What is odd about sound that could nevertheless be read.
public enum AudioWarning: Hashable, Sendable {
  /// The file ends before its header says, or the rest of it cannot be decoded.
  ///
  /// What could be read is used; `promised` is nil when the file does not tell its length.
  /// Both are seconds in the file.
  case truncated(path: String, read: Double, promised: Double?)
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

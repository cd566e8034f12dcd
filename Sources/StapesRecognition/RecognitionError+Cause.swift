internal import StapesAudio

extension RecognitionError {
  /// Of which kind it is, in a few words that many files may share.
  var cause: String {
    switch self {
    case .audio(let error): error.cause
    case .nonFiniteSample: "damaged"
    case .unwritable, .notAFolder: "transcript not writable"
    case .occupied, .outputIsInput: "another file in the way"
    case .changedMeanwhile: "changed while it was read"
    case .unreadableFolder: "folder not readable"
    default: "other"
    }
  }
}

extension AudioError {
  /// The cause of what another program may be able to decode.
  static let needsFFmpeg = "needs ffmpeg"

  fileprivate var cause: String {
    switch self {
    case .noSuchFile: "missing"
    case .noPermission: "no permission"
    case .isDirectory, .unreadable: "not readable"
    case .timedOut: "took too long"
    case .emptyFile, .noFrames: "empty"
    case .notAudio: "not sound"
    case .unsupportedAudio: Self.needsFFmpeg
    case .notDecodedByFFmpeg: "unknown kind of sound"
    case .damaged, .damagedBefore, .nonFiniteSample: "damaged"
    case .implausibleSampleRate, .implausibleChannelCount: "implausible header"
    case .channelOutOfRange: "no such channel"
    default: "other"
    }
  }
}

internal import StapesAudio

extension RecognitionError {
  /// Of which kind it is, in a few words that many files may share.
  package var cause: String {
    switch self {
    case .audio(let error): error.cause
    case .nonFiniteSample: "damaged"
    case .timedOut: "took too long"
    case .unwritable, .notAFolder: "transcript not writable"
    case .occupied, .outputIsInput: "another file in the way"
    case .changedMeanwhile: "changed while it was read"
    case .unreadableFolder: "folder not readable"
    default: "other"
    }
  }
}

extension AudioError {
  fileprivate var cause: String {
    switch self {
    case .noSuchFile: "missing"
    case .noPermission: "no permission"
    case .isDirectory, .unreadable: "not readable"
    case .emptyFile, .noFrames: "empty"
    case .notAudio: "not sound"
    case .unsupportedAudio, .notDecodedByFFmpeg: "unknown kind of sound"
    case .damaged, .damagedBefore, .nonFiniteSample: "damaged"
    case .implausibleSampleRate, .implausibleChannelCount: "implausible header"
    case .channelOutOfRange: "no such channel"
    default: "other"
    }
  }
}

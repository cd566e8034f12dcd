internal import StapesAudio
internal import StapesFiles

extension RecognitionError {
  /// Of which kind it is, in a few words that many files may share.
  package var cause: String {
    switch self {
    case .audio(let error): error.cause
    case .nonFiniteSample: "damaged"
    case .file(let error): error.kind
    case .changedMeanwhile: "changed while it was read"
    case .foreignName: "name not in UTF-8"
    default: "other"
    }
  }
}

extension FileError {
  fileprivate var kind: String {
    switch (cause, operation) {
    case (.occupied, _), (.isInput, _): "another file in the way"
    case (_, .write): "transcript not writable"
    case (_, .read): "\(role) not readable"
    }
  }
}

extension AudioError {
  /// The cause of what another program may be able to decode.
  package static let needsFFmpeg = "needs ffmpeg"

  fileprivate var cause: String {
    switch self {
    case .noSuchFile: "missing"
    case .noPermission: "no permission"
    case .isDirectory, .unreadable: "not readable"
    case .notFetched: "not fetched"
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

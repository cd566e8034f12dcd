extension Transcript {
  /// Why a transcript has no text.
  public enum EmptyReason: String, Codable, Sendable, CaseIterable {
    /// The clip is shorter than the sound that the network needs for one output.
    case short
    /// Nothing in the clip is louder than 70 dB below full scale.
    case silence
    /// The clip sounds the same all the time, as noise, hum and tones do, and what the model read in
    /// it is not probable.
    case noise
    /// The model found no letter.
    case blank
    /// None of the phrases of a list was said.
    case unlisted
  }
}

extension Transcript.EmptyReason: CustomStringConvertible {
  /// The reason in a few words.
  public var description: String {
    switch self {
    case .short: "shorter than one frame"
    case .silence: "silence"
    case .noise: "steady noise"
    case .blank: "nothing but blanks recognised"
    case .unlisted: "none of the phrases recognised"
    }
  }
}

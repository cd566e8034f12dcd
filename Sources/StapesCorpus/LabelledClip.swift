public import StapesAudio
internal import StapesFiles
internal import StapesText

/// A stretch of sound on disk with its text.
public struct LabelledClip: Sendable, Hashable {
  /// The path of the sound file.
  public let path: String
  /// The text as its source has it, without white space at its ends; never empty.
  public let text: String
  /// Who speaks, where the source tells.
  public let speaker: String?
  /// Where in the file the clip begins, in seconds.
  public let offset: Double
  /// How long the clip is, in seconds; longer than 0.
  public let duration: Double
  /// The clip's name within its source, the same wherever the source lies.
  public let identifier: String
  /// How the sound file is read; it does not make clips differ.
  public var audio = AudioOptions()

  /// Makes a clip from its parts.
  public init(
    path: String, text: String, speaker: String? = nil, offset: Double = 0, duration: Double,
    identifier: String
  ) {
    self.path = path
    self.text = text
    self.speaker = speaker
    self.offset = offset
    self.duration = duration
    self.identifier = identifier
  }
}

extension LabelledClip {
  /// Whether two clips are the same; names count by their bytes.
  public static func == (a: LabelledClip, b: LabelledClip) -> Bool {
    a.path.byteName == b.path.byteName && a.identifier.byteName == b.identifier.byteName
      && (a.text, a.speaker) == (b.text, b.speaker)
      && (a.offset, a.duration) == (b.offset, b.duration)
  }

  /// Hashes what tells most clips apart.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(path.byteName)
    hasher.combine(offset)
  }
}

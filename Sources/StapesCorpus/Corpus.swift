public import StapesLayouts

/// Labelled clips from one or several places, with an account of what was found and what was left
/// out.
public struct Corpus: Sendable, Equatable {
  /// A folder or manifest that clips were read from.
  public struct Source: Sendable, Equatable {
    /// The path as it was given.
    public let path: String
    /// How the clips lie there.
    public let layout: CorpusLayout
    /// The number of clips that can be used.
    public let clipCount: Int
    /// The sound in those clips, in seconds.
    public let seconds: Double
    /// The number of different speakers that the source names.
    public let speakerCount: Int
    /// The number of different texts.
    public let textCount: Int
    /// The number of clips and texts skipped; `Corpus.skipped` tells which and why.
    public let skippedCount: Int
    /// The number of text files that began with a byte order mark.
    public let byteOrderMarkCount: Int
    /// The number of lines that ended in CR LF.
    public let carriageReturnCount: Int
    /// The number of text files that were read as Windows-1252, since they say so.
    public let windows1252Count: Int
  }

  /// A line of a list of clips.
  public typealias ListLine = StapesLayouts.ListLine
  /// A clip, or what might have been one, that cannot be used.
  public typealias Skipped = StapesLayouts.Skipped

  /// The clips: source after source, and in each by the bytes of the path, then by offset.
  public let clips: [LabelledClip]
  /// The places read, in the order given.
  public let sources: [Source]
  /// What was skipped: source after source, and in each by the bytes of the path.
  public let skipped: [Skipped]

  /// The sound in all clips, in seconds.
  public var seconds: Double { clips.reduce(0) { $0 + $1.duration } }
  /// The sound in all clips, in hours.
  public var hours: Double { seconds / 3600 }
  /// The different speakers that the clips name, sorted.
  public var speakers: [String] { Set(clips.compactMap(\.speaker)).sorted() }

  /// Makes a corpus of clips that are known already.
  public init(clips: [LabelledClip]) {
    self.init(clips: clips, sources: [], skipped: [])
  }

  /// The corpus with further clips behind its own.
  package func adding(_ clips: [LabelledClip]) -> Corpus {
    Corpus(clips: self.clips + clips, sources: sources, skipped: skipped)
  }

  init(clips: [LabelledClip], sources: [Source], skipped: [Skipped]) {
    self.clips = clips
    self.sources = sources
    self.skipped = skipped
  }
}

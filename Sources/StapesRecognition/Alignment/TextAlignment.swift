public import StapesAudio
internal import StapesText
public import StapesTranscript

/// Where texts are said in a recording.
public struct TextAlignment: Sendable, Equatable {
  /// A text, and where it is said.
  public struct Utterance: Sendable, Equatable {
    /// The text as it was given.
    public let text: String
    /// Where it begins, in seconds from the start of the recording.
    public let start: Double
    /// Where it ends, in the same unit.
    public let end: Double
    /// The mean natural log-probability of its characters: near 0 where the model recognises just
    /// this text, and lower the less it does.
    public let score: Double
    /// The natural log-probability of all of it.
    let logProbability: Double
    /// The probability that just this text is said there, in 0...1, as the model was calibrated.
    public let confidence: Double
    /// Its words as the model writes them.
    public let words: [Transcript.Word]
  }

  /// The texts in their order.
  public let utterances: [Utterance]
  /// The length of the recording in seconds.
  public let seconds: Double
  /// What was odd about the sound.
  public let warnings: [AudioWarning]
  /// The texts that hold characters which the model does not write; nil for none.
  public var unwritable: UnwritableTexts?
}

extension TextAlignment {
  /// The texts as if the recogniser had read them, for the formats of transcripts.
  ///
  /// Its confidence is the probability that all texts are right, if each is so by itself.
  public var transcript: Transcript {
    let words = utterances.flatMap(\.words)
    let hypothesis = Transcript.Hypothesis(
      text: words.map(\.text).joined(separator: " "),
      logProbability: utterances.reduce(0) { $0 + $1.logProbability },
      confidence: utterances.reduce(1) { $0 * $1.confidence }, words: words)
    return Transcript(hypotheses: [hypothesis], seconds: seconds, warnings: warnings)
  }
}

extension TextAlignment {
  /// A table, its columns divided by tabs, with a line for each text: `path`, `start`, `end`,
  /// `score` and `text`.
  ///
  /// - Parameter path: how the recording is called.
  public func table(path: String) -> String {
    "path\tstart\tend\tscore\ttext\n"
      + utterances.map { Self.line(path, $0.start, $0.end, $0.score, $0.text) }.joined()
  }

  /// The same with a line for each word, and its `confidence` instead of the score.
  ///
  /// - Parameter path: how the recording is called.
  public func wordTable(path: String) -> String {
    Self.wordTableHeader + wordLines(path: path, offset: 0)
  }

  /// The first line of a table of words.
  package static let wordTableHeader = "path\tstart\tend\tconfidence\ttext\n"

  /// The other lines, times being later by an offset.
  package func wordLines(path: String, offset: Double) -> String {
    utterances.flatMap(\.words).map {
      Self.line(path, $0.start + offset, $0.end + offset, $0.confidence, $0.text)
    }.joined()
  }

  private static func line(
    _ path: String, _ start: Double, _ end: Double, _ value: Double, _ text: String
  ) -> String {
    let numbers = [start, end, value].map { "\(rounded($0))" }
    let fields = [path.escapedForTable] + numbers + [text.escapedForTable]
    return fields.joined(separator: "\t") + "\n"
  }
}

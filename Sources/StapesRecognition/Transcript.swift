public import StapesAudio

/// What a recogniser heard in a clip.
public struct Transcript: Sendable, Equatable {
  /// One reading of a clip.
  public struct Hypothesis: Codable, Sendable, Equatable {
    /// The text, its words separated by single spaces; empty for silence.
    public let text: String
    /// The natural log-probability that the model gives it.
    public let logProbability: Double
    /// How probable it is among the phrases of a list, in 0...1; nil without a list.
    public let posterior: Double?

    /// Makes a reading.
    public init(text: String, logProbability: Double, posterior: Double? = nil) {
      self.text = text
      self.logProbability = logProbability
      self.posterior = posterior
    }
  }

  /// The readings, best first; at least one.
  public let hypotheses: [Hypothesis]
  /// The length of the clip in seconds.
  public let seconds: Double
  /// What was odd about the sound.
  public let warnings: [AudioWarning]

  /// The best reading's text; empty for silence and for a clip shorter than one frame.
  public var text: String { hypotheses[0].text }

  /// Makes a transcript.
  ///
  /// - Precondition: there is at least one reading.
  public init(hypotheses: [Hypothesis], seconds: Double, warnings: [AudioWarning] = []) {
    precondition(!hypotheses.isEmpty, "a transcript without a reading")
    self.hypotheses = hypotheses
    self.seconds = seconds
    self.warnings = warnings
  }
}

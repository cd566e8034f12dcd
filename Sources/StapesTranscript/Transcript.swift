public import StapesAudio

/// What was recognised in a clip.
public struct Transcript: Sendable, Equatable {
  /// The hypotheses, best first; at least one.
  public let hypotheses: [Hypothesis]
  /// The length of the clip in seconds.
  public let seconds: Double
  /// What was odd about the sound.
  public let warnings: [AudioWarning]

  /// Why the best hypothesis is empty; nil where it is not.
  public let emptyReason: EmptyReason?
  /// The channels, counted from 1, that were transcribed one by one; none where one sound was.
  public let channels: [Int]

  /// The best hypothesis's text; empty where there is an `emptyReason`.
  public var text: String { hypotheses[0].text }

  /// Makes a transcript.
  ///
  /// - Parameters:
  ///   - hypotheses: the hypotheses, best first.
  ///   - seconds: the length of the clip.
  ///   - warnings: what was odd about the sound.
  ///   - emptyReason: why the best hypothesis is empty, as far as anything but the model's letters
  ///     tells.
  ///   - channels: the channels that were transcribed one by one.
  /// - Precondition: there is at least one hypothesis.
  public init(
    hypotheses: [Hypothesis], seconds: Double, warnings: [AudioWarning] = [],
    emptyReason: EmptyReason? = nil, channels: [Int] = []
  ) {
    precondition(!hypotheses.isEmpty, "a transcript without a reading")
    self.hypotheses = hypotheses
    self.seconds = seconds
    self.warnings = warnings
    self.emptyReason = hypotheses[0].text.isEmpty ? emptyReason ?? .blank : nil
    self.channels = channels
  }
}

extension Transcript {
  /// One hypothesis of a clip.
  public struct Hypothesis: Codable, Sendable, Equatable {
    /// The text, its words separated by single spaces; empty for silence.
    public package(set) var text: String
    /// The natural log-probability that the model gives the text for the sound; where
    /// `LabelPriors` were subtracted, without them.
    public package(set) var logProbability: Double
    /// What a language model adds to it; 0 without one.
    public package(set) var languageScore: Double
    /// How probable it is among the phrases of a list, or among the model's classes, in 0...1; nil
    /// for other texts.
    public package(set) var posterior: Double?
    /// The probability that the whole text is right, in 0...1; 0 unless
    /// `RecognitionOptions.wantsWords`, or the text is a class.
    public package(set) var confidence: Double
    /// The words with their times; none unless `RecognitionOptions.wantsWords`.
    public package(set) var words: [Word]

    /// Makes a hypothesis.
    public init(
      text: String, logProbability: Double, languageScore: Double = 0, posterior: Double? = nil,
      confidence: Double = 0, words: [Word] = []
    ) {
      self.text = text
      self.logProbability = logProbability
      self.languageScore = languageScore
      self.posterior = posterior
      self.confidence = confidence
      self.words = words
    }
  }

  /// A word of a hypothesis, where it was said, and how sure the model is of it.
  public struct Word: Codable, Sendable, Equatable {
    /// The word.
    public let text: String
    /// Where it begins, in seconds from the start of the clip.
    public let start: Double
    /// Where it ends, in the same unit; after `start`, and not after the next word's start.
    public let end: Double
    /// The probability that the word is right, in 0...1, as the model was calibrated.
    public let confidence: Double
    /// Its characters with their times, in order; they fill the word's time without gaps.
    public let characters: [TimedCharacter]
    /// The channel that it was said in, counted from 1; nil where channels were not transcribed one
    /// by one.
    public let channel: Int?

    /// Makes a word.
    public init(
      text: String, start: Double, end: Double, confidence: Double, characters: [TimedCharacter],
      channel: Int? = nil
    ) {
      self.text = text
      self.start = start
      self.end = end
      self.confidence = confidence
      self.characters = characters
      self.channel = channel
    }
  }

  /// A character of a word, and where it was said.
  public struct TimedCharacter: Codable, Sendable, Equatable {
    /// The character: what a reader takes for one letter.
    public let text: String
    /// Where it begins, in seconds from the start of the clip.
    public let start: Double
    /// Where it ends, in the same unit.
    public let end: Double

    /// Makes a character.
    public init(text: String, start: Double, end: Double) {
      self.text = text
      self.start = start
      self.end = end
    }
  }
}

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

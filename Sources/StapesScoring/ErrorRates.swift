/// A rate with the interval in which it would fall, 95 times out of 100, with other utterances of
/// the same kind.
public struct Rate: Codable, Sendable, Equatable {
  /// The rate over all utterances.
  public let value: Double
  /// The lower end of the interval.
  public let lower: Double
  /// The upper end of the interval.
  public let upper: Double

  /// Makes a rate from its three numbers.
  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}

/// How well hypotheses match their references, over all utterances of a set.
public struct ErrorRates: Codable, Sendable, Equatable {
  /// Word errors for each reference word.
  public let wer: Rate
  /// Character errors for each reference character; grapheme clusters, spaces included.
  public let cer: Rate
  /// The share of utterances that are exactly right.
  public let exact: Rate
  /// The number of utterances.
  public let utteranceCount: Int
  /// The number of utterances that are exactly right.
  public let exactCount: Int
  /// The word edits of all utterances.
  public let words: EditCounts
  /// The character edits of all utterances.
  public let characters: EditCounts

  /// From so many utterances on, a rate says about how good a recogniser is: the interval of one
  /// of a half then reaches less than 20 points either way.
  public static let fewestUtterances = 30
}

/// How a model's probabilities become confidences, as found on clips that it did not learn from.
public struct ConfidenceCalibration: Codable, Sendable, Equatable {
  /// For single words.
  public var words: ConfidenceCurve
  /// For the whole texts of clips.
  public var texts: ConfidenceCurve

  /// Makes a calibration; by default confidences are the probabilities themselves.
  public init(
    words: ConfidenceCurve = ConfidenceCurve(), texts: ConfidenceCurve = ConfidenceCurve()
  ) {
    self.words = words
    self.texts = texts
  }
}

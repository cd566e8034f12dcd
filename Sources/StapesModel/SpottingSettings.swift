/// The phrases that a model was trained to spot, and how sure it must be of each.
public struct SpottingSettings: Codable, Sendable, Equatable {
  /// A phrase.
  public struct Phrase: Codable, Sendable, Equatable {
    /// Its text.
    public var text: String
    /// The least score of a hit, in 0...1; nil until it was measured.
    public var threshold: Double?

    /// Makes a phrase.
    public init(text: String, threshold: Double? = nil) {
      (self.text, self.threshold) = (text, threshold)
    }
  }

  /// The phrases.
  public var phrases: [Phrase]
  /// The false alarms an hour of each phrase for which the thresholds were chosen; nil where they
  /// were not.
  public var falseAlarmsPerHour: Double?

  /// Makes settings.
  public init(phrases: [Phrase], falseAlarmsPerHour: Double? = nil) {
    (self.phrases, self.falseAlarmsPerHour) = (phrases, falseAlarmsPerHour)
  }
}

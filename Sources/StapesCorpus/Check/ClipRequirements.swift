public import StapesText

/// What a model that is to be trained asks of its clips.
public struct ClipRequirements: Sendable {
  /// How it writes texts.
  public var text: TextNormalization
  /// The rate of the sound of the model, in hertz.
  public var sampleRate: Int
  /// The longest clip that is trained on, in seconds.
  public var longestClipSeconds: Double
  /// How many outputs its network has for a number of samples at that rate.
  public var outputCount: @Sendable (_ sampleCount: Int) -> Int

  /// States what is asked.
  public init(
    text: TextNormalization, sampleRate: Int, longestClipSeconds: Double,
    outputCount: @escaping @Sendable (_ sampleCount: Int) -> Int
  ) {
    self.text = text
    self.sampleRate = sampleRate
    self.longestClipSeconds = longestClipSeconds
    self.outputCount = outputCount
  }
}

public import StapesAudio
public import StapesText

/// What is known of a clip before anything is found about it.
public struct ClipFacts: Sendable, Equatable {
  /// Where the clip lies, and its text as written.
  public var clip: LabelledClip
  /// Its text as a model learns it; empty when nothing is left.
  public var text: String
  /// Whether it is to be validated on rather than trained on.
  public var isForValidation: Bool
  /// What its sound is like, or why that cannot be told; nil while nobody has listened.
  public var sound: Result<SoundFacts, AudioError>?

  /// Puts facts together.
  public init(
    clip: LabelledClip, text: String, isForValidation: Bool = false,
    sound: Result<SoundFacts, AudioError>? = nil
  ) {
    self.clip = clip
    self.text = text
    self.isForValidation = isForValidation
    self.sound = sound
  }

  /// What its sound is like, where that is known.
  var heard: SoundFacts? { try? sound?.get() }
}

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

public import StapesAudio
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

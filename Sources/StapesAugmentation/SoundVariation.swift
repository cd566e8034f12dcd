public import StapesAudio
internal import StapesKernels

/// Augmented clips to listen to: an augmentation with its noises and rooms.
///
/// What is done to features rather than to sound (tempo, vocal tract, masks) is left out.
public struct SoundVariation: Sendable {
  private let augmentation: Augmentation
  private let sampleRate: Int
  private let seed: UInt64
  private let sounds: SoundLibrary

  /// A clip as it was varied.
  public struct Variation: Sendable, Equatable {
    /// The samples.
    public let samples: [Float]
    /// What was done to them, each in a few words.
    public let choices: [String]
  }

  /// Loads noises and rooms.
  ///
  /// - Parameters:
  ///   - augmentation: how clips are varied.
  ///   - sampleRate: their rate, in hertz.
  ///   - seed: of all choices.
  ///   - audio: how the files of noises and rooms are read.
  /// - Throws: `AugmentationError.settingOutOfRange` and `.noSounds`.
  public init(
    _ augmentation: Augmentation, sampleRate: Int, seed: UInt64 = 1,
    audio: AudioOptions = AudioOptions()
  ) throws(AugmentationError) {
    try augmentation.validate()
    self.augmentation = augmentation
    self.sampleRate = sampleRate
    self.seed = seed
    sounds = try SoundLibrary(
      for: augmentation, sampleRate: sampleRate, seed: seed, audio: audio)
  }

  /// Varies a clip.
  ///
  /// - Parameters:
  ///   - samples: the clip, mono, in -1...1, at the sample rate.
  ///   - number: another one gives another variation; the same gives the same.
  /// - Throws: `AudioError`, as a resampler does.
  public func variation(of samples: [Float], number: Int) throws(AudioError) -> Variation {
    var choices: [String] = []
    var random = SplitMix64(
      seed: seed, stream: RandomStream.augmentation.rawValue, UInt64(max(number, 0)), 0)
    let varied = try augmentation.waveform(
      joining: [samples], sampleRate: sampleRate, sounds: sounds, note: { choices.append($0) },
      using: &random)
    return Variation(samples: varied, choices: choices)
  }
}

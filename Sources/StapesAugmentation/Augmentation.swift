internal import StapesText

/// How training clips are augmented, so that the recogniser meets more voices, rooms and strings
/// than were recorded.
///
/// Every choice is drawn anew for each utterance and epoch from the run's seed. Validation clips
/// are never changed.
public struct Augmentation: Codable, Sendable, Equatable {
  /// The factor by which a clip is played faster: pitch, formants and tempo change together, as
  /// with another vocal tract (Ko et al., "Audio augmentation for speech recognition", 2015).
  public var speed = 1.0...1.0
  /// The speeds to choose from, such as 0.9, 1 and 1.1; none for any within `speed`.
  public var speeds: [Double] = []
  /// The factor by which the frames of an utterance go by faster, the spectrum unchanged.
  public var tempo = 1.0...1.0
  /// The factor by which the mel bands of an utterance move down, the pitch and tempo unchanged
  /// (Jaitly and Hinton, "Vocal tract length perturbation", 2013).
  public var vocalTract = 1.0...1.0
  /// The gain of a clip, in decibels.
  public var gainDecibels = 0.0...0.0
  /// The share of utterances that get noise, in 0...1.
  public var noiseShare = 0.0
  /// The power of the speech over that of the noise, in decibels.
  public var signalToNoiseDecibels = 10.0...40.0
  /// The folder of recordings that noise is taken from; empty for synthetic noise.
  public var noiseFolder = ""
  /// The share of utterances that are reverberated, in 0...1.
  public var reverberationShare = 0.0
  /// The folder of impulse responses of rooms; empty for synthetic rooms.
  public var reverberationFolder = ""
  /// The reverberation time (RT60) of synthetic rooms, in seconds.
  public var fadingSeconds = 0.1...0.5
  /// The share of utterances filtered as by other microphones, in 0...1.
  public var microphoneShare = 0.0
  /// The gains of the filters that stand for a microphone, in decibels.
  public var microphoneDecibels = -12.0...12.0
  /// The share of utterances sent over a telephone line, in 0...1.
  public var telephoneShare = 0.0
  /// The share of utterances that get silence at both ends, in 0...1.
  public var paddingShare = 0.0
  /// The silence added at each end of such an utterance, in seconds.
  public var paddingSeconds = 0.0...0.0
  /// The level of added silence below full scale, in decibels; below −96 it is digital silence.
  public var silenceDecibels = -110.0 ... -50.0
  /// How clips are joined into longer utterances.
  public var joining = Joining()
  /// Which parts of the features are hidden.
  public var masking = Masking()

  /// Changes nothing: the identity, which options switch parts of on.
  public init() {}

  /// How clips are joined into longer utterances, their texts parted by a space.
  ///
  /// A corpus of single words thus teaches strings of words.
  public struct Joining: Codable, Sendable, Equatable {
    /// The share of an epoch's clips that are joined, in 0...1.
    public var clipShare = 0.0
    /// How many clips make one utterance.
    public var clipCount = 2...7
    /// The longest joined utterance in seconds; a clip that would exceed it begins the next one.
    public var longestSeconds = 10.0
    /// The share of joined utterances that keep to one speaker, in 0...1.
    public var oneSpeakerShare = 0.5
    /// The silence between two clips, in seconds; none where less than 0 is drawn.
    public var pauseSeconds = 0.0...0.3

    /// Joins nothing.
    public init() {}
  }

  /// Which parts of the features are hidden behind the mean of the utterance.
  ///
  /// Park et al., "SpecAugment", 2019. Bands are hidden in log-mel features only, where
  /// neighbouring columns are neighbouring frequencies.
  public struct Masking: Codable, Sendable, Equatable {
    /// How many runs of frames are hidden.
    public var timeMaskCount = 0
    /// The longest run of hidden frames.
    public var longestTimeMask = 30
    /// The longest run of hidden frames as a share of the utterance, in 0...1.
    public var largestTimeShare = 0.1
    /// How many further runs of frames are hidden for each frame, so that long utterances have
    /// more; 20 at most.
    public var timeMasksPerFrame = 0.0
    /// How many bands of frequencies are hidden.
    public var bandMaskCount = 0
    /// The widest hidden band as a share of all columns, in 0...1.
    public var largestBandShare = 0.15

    /// Hides nothing.
    public init() {}
  }

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `AugmentationError.settingOutOfRange`.
  public func validate() throws(AugmentationError) {
    try AugmentationError.check("speed", speed, within: 0.25...4)
    for speed in speeds { try AugmentationError.check("speed", speed, within: 0.25...4) }
    try AugmentationError.check("tempo", tempo, within: 0.25...4)
    try AugmentationError.check("vocal tract factor", vocalTract, within: 0.7...1.4)
    try AugmentationError.check("gain in decibels", gainDecibels, within: -100...60)
    try AugmentationError.check("noise share", noiseShare, within: 0...1)
    try AugmentationError.check("signal-to-noise ratio", signalToNoiseDecibels, within: -30...120)
    try AugmentationError.check("share of rooms", reverberationShare, within: 0...1)
    try AugmentationError.check("reverberation time in seconds", fadingSeconds, within: 0.01...1)
    try AugmentationError.check("share of microphones", microphoneShare, within: 0...1)
    try AugmentationError.check("microphone in decibels", microphoneDecibels, within: -60...60)
    try AugmentationError.check("share of telephones", telephoneShare, within: 0...1)
    try AugmentationError.check("padded share", paddingShare, within: 0...1)
    try AugmentationError.check("padding in seconds", paddingSeconds, within: 0...10)
    try AugmentationError.check("silence in decibels", silenceDecibels, within: -200...0)
    try AugmentationError.check("joined share", joining.clipShare, within: 0...1)
    try AugmentationError.check("joined clips", joining.clipCount, within: 1...100)
    try AugmentationError.check("longest joined seconds", joining.longestSeconds, within: 0...600)
    try AugmentationError.check("one-speaker share", joining.oneSpeakerShare, within: 0...1)
    try AugmentationError.check("pause in seconds", joining.pauseSeconds, within: -10...10)
    try AugmentationError.check("time masks", masking.timeMaskCount, within: 0...100)
    try AugmentationError.check("longest time mask", masking.longestTimeMask, within: 0...10_000)
    try AugmentationError.check("time mask share", masking.largestTimeShare, within: 0...1)
    try AugmentationError.check("time masks per frame", masking.timeMasksPerFrame, within: 0...1)
    try AugmentationError.check("band masks", masking.bandMaskCount, within: 0...100)
    try AugmentationError.check("band mask share", masking.largestBandShare, within: 0...1)
  }
}

extension Augmentation {
  /// Variation that makes up for few voices and few rooms.
  ///
  /// - Parameter joinsWords: whether the clips are single words, which are then also joined into
  ///   strings.
  public static func recommended(joinsWords: Bool) -> Augmentation {
    var augmentation = Augmentation()
    augmentation.speed = 0.85...1.15
    augmentation.tempo = 0.9...1.1
    augmentation.vocalTract = 0.9...1.1
    augmentation.gainDecibels = -12...6
    augmentation.noiseShare = 0.3
    augmentation.signalToNoiseDecibels = 15...40
    augmentation.masking.timeMaskCount = 1
    augmentation.masking.bandMaskCount = 1
    if joinsWords {
      // Words are normalised by all clips, not each by itself, which would undo another microphone.
      augmentation.microphoneShare = 0.8
      augmentation.paddingShare = 0.3
      augmentation.paddingSeconds = 0...0.3
      augmentation.joining.clipShare = 0.6
      augmentation.joining.pauseSeconds = -0.3...0.2
    }
    return augmentation
  }
}

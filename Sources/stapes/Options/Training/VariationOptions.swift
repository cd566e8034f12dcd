public import ArgumentParser
public import Stapes

/// How training clips are varied beyond what suits all data.
struct VariationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Recordings without speech, to lay over three in ten clips.", valueName: "folder"))
  var noise: String?

  @Option(
    help: ArgumentHelp(
      "Impulse responses of rooms, in which three in ten clips are played.", valueName: "folder"))
  var reverberation: String?

  @Flag(help: "Play three in ten clips in synthetic rooms.")
  var rooms = false

  @Option(
    help: ArgumentHelp(
      "The share of clips that sound as over a telephone, from 0 to 1.", valueName: "share"))
  var telephone: Double?

  @Option(
    help: ArgumentHelp(
      "The share of clips that sound as by other microphones, from 0 to 1.", valueName: "share"))
  var microphones: Double?

  @Flag(help: "Play clips at 0.9, 1 or 1.1 times their speed and at no other.")
  var threeSpeeds = false

  @Option(
    help: """
      Which parts of the features are hidden: none, lb or ld (SpecAugment's for LibriSpeech), or \
      adaptive.
      """)
  var masks: Augmentation.Masking.Policy?

  /// The share of clips in noise or rooms where nothing says how many.
  private static let share = 0.3

  func validate() throws {
    guard reverberation == nil || !rooms else {
      throw ValidationError("--rooms are synthetic, --reverberation names real ones: give one")
    }
  }

  /// Sets what was asked for.
  func apply(to augmentation: inout Augmentation) {
    if let noise {
      augmentation.noiseFolder = noise
      if augmentation.noiseShare == 0 { augmentation.noiseShare = Self.share }
    }
    if rooms || reverberation != nil {
      augmentation.reverberationFolder = reverberation ?? ""
      if augmentation.reverberationShare == 0 { augmentation.reverberationShare = Self.share }
    }
    if let telephone { augmentation.telephoneShare = telephone }
    if let microphones { augmentation.microphoneShare = microphones }
    if threeSpeeds { augmentation.speeds = [0.9, 1, 1.1] }
    if let masks { augmentation.masking = Augmentation.Masking(masks) }
  }
}

extension Augmentation.Masking.Policy: ExpressibleByArgument {}

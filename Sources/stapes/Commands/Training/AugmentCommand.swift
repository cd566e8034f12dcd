import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes augment`: augmented versions of a clip, to listen to.
struct AugmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Writes augmented versions of a clip, as training uses them, to listen to.",
    discussion: """
      The options are those of `stapes train`. Prints what was applied to each version. Tempo \
      perturbation, vocal tract length perturbation and masks change the features rather than the \
      sound, and are skipped.

      Examples:
        stapes augment clip.wav --output versions
        stapes augment clip.wav --noise street --set augmentation.telephoneShare=0.2 -o versions
      """)

  @Argument(help: "Sound file.")
  var clip: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder for the versions: 1.wav, 2.wav and so on.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("Number of versions to write, 1 to 10000.", valueName: "number"))
  var count = 5

  @Option(help: "Random seed.")
  var seed: UInt64 = 1

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var noise: NoiseOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var decoding: DecodingOptions

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count is \(count); give 1 to 10000")
    }
  }

  func run() throws {
    try replacing.check((1...count).map { "\($0).wav" }, in: output)
    var audio = decoding.audio
    audio.sampleRate = min(try AudioProperties.sampleRate(ofFileAt: clip, options: audio), 16_000)
    let sound = try AudioClip(contentsOf: clip, options: audio)
    var options = TrainingOptions()
    options.augmentation = .recommended(joinsWords: false)
    options = try settings.apply(to: options)
    noise.apply(to: &options.augmentation)
    let variations = try SoundVariation(
      options.augmentation, sampleRate: sound.sampleRate, seed: seed, audio: audio)
    for number in 1...count {
      let varied = try variations.variation(of: sound.samples, number: number)
      let path = "\(output)/\(number).wav"
      try AudioFileWriter.writeWAV(
        samples: varied.samples, sampleRate: sound.sampleRate, to: path)
      try Console.write("\(path.escapedForTable)\t\(varied.choices.joined(separator: ", "))\n")
    }
  }
}

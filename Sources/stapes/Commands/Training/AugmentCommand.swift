import ArgumentParser
import Logging
import Stapes

/// `stapes augment`: what training makes of a clip, to listen to.
struct AugmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Writes a clip as training hears it, varied anew each time, to listen to.",
    discussion: """
      The flags are those of `stapes train`. Printed is what was done to each. Tempo, vocal tract \
      and masks change the features rather than the sound, and are left out.

      Examples:
        stapes augment clip.wav --output heard
        stapes augment clip.wav --count 20 --noise street --rooms --telephone 0.2 --output heard
      """)

  @Argument(help: "The sound file.")
  var clip: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("How many variations to write.", valueName: "number"))
  var count = 5

  @Option(help: "The seed of all random choices.")
  var seed: UInt64 = 1

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var variation: VariationOptions

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count is \(count); give 1 to 10000")
    }
  }

  func run() throws {
    try replacing.check((1...count).map { "\($0).wav" }, in: output)
    let own = try AudioProperties(ofFileAt: clip).sampleRate
    let sound = try AudioClip(
      contentsOf: clip, options: AudioOptions(sampleRate: min(own, 16_000)))
    var augmentation = Augmentation.recommended(joinsWords: false)
    variation.apply(to: &augmentation)
    let variations = try SoundVariation(augmentation, sampleRate: sound.sampleRate, seed: seed)
    for number in 1...count {
      let varied = try variations.variation(of: sound.samples, number: number)
      let path = "\(output)/\(number).wav"
      try AudioFileWriter.writeWAV(
        samples: varied.samples, sampleRate: sound.sampleRate, to: path)
      try Console.write("\(path.escapedForTable)\t\(varied.choices.joined(separator: ", "))\n")
    }
  }
}

import ArgumentParser
import Stapes

/// The noise that training adds to clips.
struct NoiseOptions: ParsableArguments {
  @Option(
    name: .customLong("noise"),
    help: ArgumentHelp(
      "Folder of recordings without speech; they are added as noise to 30 % of the clips.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  /// Sets what was asked for.
  func apply(to augmentation: inout Augmentation) {
    guard let folder else { return }
    augmentation.noiseFolder = folder
    if augmentation.noiseShare == 0 { augmentation.noiseShare = 0.3 }
  }
}

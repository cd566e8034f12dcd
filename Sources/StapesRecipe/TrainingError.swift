public import StapesAugmentation
public import StapesFeatures
public import StapesKernels
public import StapesNetwork
internal import StapesText

/// What can keep a recogniser from being trained.
public enum TrainingError: Error, Equatable {
  /// A setting lies outside what is allowed.
  case settingOutOfRange(name: String, found: String, allowed: String)
  /// The features asked for cannot be computed.
  case features(FeatureError)
  /// The network asked for cannot be made.
  case network(NetworkError)
  /// Options written as JSON cannot be read.
  case unreadableOptions(reason: String)
  /// Options written as JSON name something that does not exist.
  case unknownOption(path: String)
  /// No clip is left to train on.
  case nothingToTrainOn(unused: [UnusedClip])
  /// No clip is left to validate on.
  case nothingToValidateOn(unused: [UnusedClip])
  /// There is one clip alone, and none to validate on.
  case singleClip(path: String)
  /// Clips are to be told apart, and all that are trained on are of one class.
  case singleClass(name: String, clipCount: Int)
  /// No clip is left to measure gradients on.
  case nothingToMeasure
  /// Clips cannot be varied as asked for.
  case augmentation(AugmentationError)
  /// A text has fewer than two sentences, one to learn from and one to validate on.
  case tooLittleText
  /// Step after step gave no finite gradient.
  case diverged(stepCount: Int, clips: [String])
  /// The loss grew back again and again, each time from the last good weights on.
  case cameApart(rollbackCount: Int)
  /// The options ask for another network or front end than that of the model to train further.
  case otherShape(part: String)
  /// Clips to replay were given without a model to train further.
  case replayWithoutModel
  /// A model is to be trained further, and it or the new one tells clips apart.
  case classesWithModel
  /// This processor has no instructions for the precision asked for.
  case unsupportedPrecision(ProductPrecision)
  /// The folder for decoded samples cannot be used.
  case unusableCache(path: String, reason: String)
  /// The run was stopped before it had learnt anything.
  case stoppedBeforeFirstStep
}

extension TrainingError: SettingError {}

extension TrainingError: CustomStringConvertible {
  /// What is wrong, why, and what helps.
  public var description: String {
    switch self {
    case .settingOutOfRange(let name, let found, let allowed):
      "the \(name) is \(found); give \(allowed)"
    case .features(let error): error.description
    case .network(let error): error.description
    case .augmentation(let error): error.description
    case .unusableCache(let path, let reason):
      """
      \(path): decoded samples cannot be stored there: \(reason); give --cache another folder, or \
      omit it, so that clips are decoded again in each epoch
      """
    case .unsupportedPrecision(let precision):
      """
      this processor has no instructions for products in \(precision.rawValue) (AMX-BF16 or \
      AVX512_BF16); train with --precision float32
      """
    case .unreadableOptions(let reason):
      "the training settings cannot be read: \(reason)"
    case .unknownOption(let path):
      """
      there is no training setting “\(path)”; similar ones are \
      \(TrainingOptions.names(like: path).joined(separator: ", ")), and \
      `stapes train --list-settings` lists them all
      """
    case .nothingToTrainOn(let unused):
      "no clip can be trained on: " + Self.explained(unused)
    case .nothingToValidateOn(let unused):
      "no clip can be validated on: " + Self.explained(unused)
    case .singleClip(let path):
      """
      \(path): this is the only clip, which leaves none for validation; add more clips, some \
      dozens at least, or give others with --validation
      """
    case .singleClass(let name, let count):
      """
      only one class, “\(name)”, remains to train on (\(count) \(count == 1 ? "clip" : "clips")), \
      and a classifier needs two; give clips of two or more classes, at least two clips of each, \
      because some become the validation set, or give others with --validation
      """
    case .nothingToMeasure:
      """
      no clip can be measured; give clips of at most 40 seconds whose texts consist of the model's \
      characters, which `stapes info` lists, and fit into their sound
      """
    case .diverged(let stepCount, let clips) where clips.isEmpty:
      """
      the training diverged: \(stepCount) steps in a row gave no finite gradient; try a smaller \
      learning rate or network
      """
    case .diverged(let stepCount, let clips):
      """
      the training diverged: \(stepCount) steps in a row gave no finite gradient, the last on \
      \(clips.joined(separator: ", ")); try a smaller learning rate
      """
    case .cameApart(let count):
      """
      the training diverged \(count) times, each time with a smaller learning rate; look for clips \
      with wrong texts, or try a much smaller learning rate
      """
    case .otherShape(let part):
      """
      the settings ask for another \(part) than that of the model to fine-tune; omit those that \
      change it
      """
    case .replayWithoutModel:
      "clips are replayed only when a model is fine-tuned; give the model too"
    case .classesWithModel:
      """
      classifiers cannot be fine-tuned, nor trained from another model; omit the model to fine-tune
      """
    case .tooLittleText:
      "the text has fewer than two sentences; give more, one on each line"
    case .stoppedBeforeFirstStep:
      "the training was stopped before its first step; there is no model"
    }
  }

  private static func explained(_ unused: [UnusedClip]) -> String {
    guard let first = unused.first else { return "none was given; give labelled clips" }
    return """
      \(unused.count == 1 ? "the only one was" : "all \(unused.count) were") skipped, \
      \(unused.count == 1 ? "because" : "the first because") \(first); `stapes check` lists the \
      faults of every clip, with their remedies
      """
  }
}

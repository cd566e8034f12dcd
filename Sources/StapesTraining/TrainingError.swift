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

  package static func check<Value: Comparable & Sendable>(
    _ name: String, _ found: Value, within allowed: ClosedRange<Value>
  ) throws(TrainingError) {
    if let (found, allowed) = allowed.rejection(of: found) {
      throw .settingOutOfRange(name: name, found: found, allowed: allowed)
    }
  }
}

extension TrainingError: CustomStringConvertible {
  /// What is wrong, why, and what helps.
  public var description: String {
    switch self {
    case .settingOutOfRange(let name, let found, let allowed):
      "The \(name) is \(found); allowed is \(allowed)."
    case .features(let error): error.description
    case .network(let error): error.description
    case .augmentation(let error): error.description
    case .unusableCache(let path, let reason):
      """
      \(path): decoded samples cannot be kept there: \(reason); give --cache another folder, or \
      leave it out and let clips be decoded again in each epoch.
      """
    case .unsupportedPrecision(let precision):
      """
      This processor has no instructions for products in \(precision.rawValue) \
      (AMX-BF16 or AVX512_BF16); train with --precision float32.
      """
    case .unreadableOptions(let reason):
      "The training options cannot be read: \(reason)"
    case .unknownOption(let path):
      "There is no training option “\(path)”; --print-config shows all of them."
    case .nothingToTrainOn(let unused):
      "No clip is left to train on. " + Self.explained(unused)
    case .nothingToValidateOn(let unused):
      "No clip is left to validate on. " + Self.explained(unused)
    case .singleClip(let path):
      """
      \(path): this is the only clip, so none is left to validate on; add more clips, some dozens at \
      least, or name others by --validation.
      """
    case .singleClass(let name, let count):
      """
      Only one class, “\(name)”, is left to train on (\(count) \(count == 1 ? "clip" : "clips")), and \
      there is nothing to tell it from; give clips of two classes or more, and at least two of each, \
      since some are held out to validate on, or name others by --validation.
      """
    case .nothingToMeasure:
      """
      No clip is left to measure gradients on; give some of at most 40 seconds whose texts the model \
      can write, in letters that `stapes info` tells, and that are long enough for their texts.
      """
    case .diverged(let stepCount, let clips) where clips.isEmpty:
      """
      The training came apart: \(stepCount) steps in a row gave no finite gradient. A smaller \
      learning rate or network often helps.
      """
    case .diverged(let stepCount, let clips):
      """
      The training came apart: \(stepCount) steps in a row gave no finite gradient, the last on \
      \(clips.joined(separator: ", ")). A smaller learning rate often helps.
      """
    case .cameApart(let count):
      """
      The training came apart \(count) times, with ever smaller learning rates. Look for clips with \
      wrong texts, or try a much smaller learning rate.
      """
    case .otherShape(let part):
      """
      The options ask for another \(part) than the model to train further has; leave out what \
      changes it.
      """
    case .replayWithoutModel:
      "Clips are replayed only where a model is trained further; give the model too."
    case .classesWithModel:
      """
      A model that tells clips apart is not trained further, nor made from another; leave out the \
      model to train further.
      """
    case .tooLittleText:
      "The text has fewer than two sentences; give one on each line, the more the better."
    case .stoppedBeforeFirstStep:
      "The training was stopped before its first step; there is no model."
    }
  }

  private static func explained(_ unused: [UnusedClip]) -> String {
    guard let first = unused.first else { return "There was none to begin with; name clips." }
    return """
      \(unused.count == 1 ? "The only one was" : "All \(unused.count) were") skipped, \
      \(unused.count == 1 ? "since" : "the first since") \(first). `stapes check` names what is \
      wrong with each clip, and what mends it.
      """
  }
}

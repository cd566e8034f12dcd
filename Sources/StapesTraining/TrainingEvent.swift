public import StapesCorpus
public import StapesModel
public import StapesRecipe
public import StapesText

/// What a training run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// Clips are being read and checked.
  case reading(clipsDone: Int, of: Int)
  /// The background is searched for what the network takes for phrases.
  case searching(clipsDone: Int, of: Int)
  /// All clips are read; the first step follows.
  case prepared(TrainingSummary)
  /// A step was taken.
  case step(TrainingStep)
  /// These clips gave no finite gradient and were passed over.
  case passedOver(clips: [String])
  /// Something is to be told besides.
  case notice(TrainingNotice)
  /// An epoch was completed and validated.
  case epoch(TrainingEpoch)
  /// The run is over.
  case finished(TrainingOutcome)
}

/// What a training run has before it, once every clip was read and checked.
public struct TrainingSummary: Sendable {
  /// How many clips are trained on.
  public let clipCount: Int
  /// How long they are together, in hours.
  public let hours: Double
  /// How many clips are validated on.
  public let validationClipCount: Int
  /// How long those are together, in hours.
  public let validationHours: Double
  /// The clips left out, of training and validation, and why.
  public let unused: [UnusedClip]
  /// What there is to find fault with in the others, as far as reading them tells.
  public let findings: [Finding]
  /// What normalisation changed in the texts of all.
  public let textChanges: TextChanges
  /// The characters that the model will write, or the classes that it will tell apart.
  public let outputs: ModelOutputs
  /// The number of weights.
  public let parameterCount: Int
  /// The options of the run.
  public let options: TrainingOptions
}

/// How far a training run is.
public struct TrainingProgress: Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The number of epochs of the run.
  public let epochCount: Int
  /// Hours of audio trained on per second of time.
  public let hoursPerSecond: Double
  /// The time that the rest of the run will take, in seconds.
  public let secondsLeft: Double
}

/// One step of the optimiser.
public struct TrainingStep: Sendable, Equatable {
  /// How far the run is.
  public let progress: TrainingProgress
  /// The step within its epoch, counted from 1.
  public let step: Int
  /// The number of steps of the epoch.
  public let stepCount: Int
  /// The mean loss over the epoch so far, in nats per character.
  public let loss: Double
  /// The learning rate of the step.
  public let learningRate: Double
}

/// One completed epoch.
public struct TrainingEpoch: Sendable {
  /// How far the run is.
  public let progress: TrainingProgress
  /// The mean loss over the epoch's steps, in nats per character, augmentation and dropout
  /// included.
  public let loss: Double
  /// What the model makes of the validation clips.
  public let validation: ValidationFigures
  /// The model, when it is the best so far; nil when an earlier one is better.
  public let improvedModel: SpeechModel?
  /// The figures of all epochs so far, this one last.
  public let history: [EpochFigures]
}

/// The figures of one completed epoch.
public struct EpochFigures: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The mean loss over the epoch's steps, in nats per character.
  public let loss: Double
  /// The learning rate of the last step.
  public let learningRate: Double
  /// The norm of the gradient of the mean loss per character, before it is shortened: the median
  /// over the epoch's steps.
  public let gradientNorm: Double
  /// The largest of these norms.
  public let largestGradientNorm: Double
  /// Hours of audio trained on per second of time, validation included; it comes from the clock, so
  /// it alone differs when the run is repeated.
  public let hoursPerSecond: Double
  /// The loss over the validation clips, in nats per character.
  public let validationLoss: Double
  /// The character error rate.
  public let characterErrorRate: Double
  /// The word error rate.
  public let wordErrorRate: Double
}

/// How a training run ended.
public struct TrainingOutcome: Sendable {
  /// The best model by validation.
  public let model: SpeechModel
  /// The epoch it comes from, counted from 1.
  public let epoch: Int
  /// What it makes of the validation clips.
  public let validation: ValidationFigures
  /// Whether the run was stopped before its last epoch.
  public internal(set) var wasStopped: Bool
}

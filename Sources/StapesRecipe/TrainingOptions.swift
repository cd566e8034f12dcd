public import StapesAugmentation
public import StapesFeatures
internal import StapesFiles
public import StapesKernels
public import StapesNetwork
public import StapesText

/// All that decides what a training run makes of its clips.
///
/// The same options, clips and machine give the same model. `TrainingOptions.recommended` chooses
/// them for a corpus; the defaults here suit an hour or so of short utterances.
public struct TrainingOptions: Codable, Sendable, Equatable {
  /// How features are normalised before the network sees them.
  public enum Normalization: String, Codable, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// To the mean and deviation of each clip.
    case perClip = "per-clip"
    /// To the mean and deviation of each clip and of `priorFrameCount` frames that are like all
    /// training clips.
    case smoothed
    /// To the mean and deviation over all training clips.
    case global
    /// To the mean and deviation of the last `slidingFrameCount` frames, for live streams.
    case sliding
  }

  /// What a model learns to do.
  public enum Task: String, Codable, Sendable, CaseIterable {
    /// To write what is said, by connectionist temporal classification.
    case transcribe
    /// To tell which of some classes a clip is of, each text being one, by cross-entropy.
    case classify
    /// To write the phrases that are to be spotted, and nothing of any other sound, by connectionist
    /// temporal classification.
    case spot
  }

  /// Which words the model writes.
  public enum Vocabulary: String, Codable, Sendable, CaseIterable {
    /// Any that the characters make.
    case open
    /// Those of the training texts.
    case closed
  }

  /// What the model learns to do.
  public var task = Task.transcribe
  /// The seed of every random choice.
  public var seed: UInt64 = 1
  /// How often each clip is seen.
  public var epochCount = 40
  /// The largest total duration of a batch, in seconds.
  public var batchSeconds = 60.0
  /// The most utterances that one thread computes at once.
  ///
  /// It shapes sums of floats, and so the model's last bits, as the number of threads does not.
  public var shardSize = 8
  /// How the network's products are computed; the weights themselves stay 32-bit floats.
  public var precision = ProductPrecision.float32
  /// How a step moves the weights.
  public var optimizer = OptimizerOptions()
  /// The learning rate over the run.
  public var learningRate = LearningRateSchedule(peak: 2e-3)
  /// How much each weight shrinks per step and unit of learning rate.
  public var weightDecay = 0.0
  /// The gradient clipping threshold: the largest norm of a step's gradient.
  public var gradientNormLimit = 5.0
  /// How much of the average of the weights is kept at each step; 0 keeps the last weights.
  public var averageDecay = 0.99

  /// How many of the best epochs' weights are averaged at the end, where their mean is better than
  /// each; with 1 the best epoch's are taken.
  public var averagedModelCount = 1
  /// How many epochs without progress end the run early; 0 for none.
  public var patience = 0
  /// Whether the first epoch runs from the shortest utterances to the longest.
  public var sortsFirstEpoch = true
  /// The share of the objective that draws each frame towards equal chances for all classes, in
  /// 0..<1; see `LabelSmoothing`.
  public var labelSmoothing = 0.0
  /// The weight of `OutputConsistency` between two masked views of an utterance, at least 0; with 0
  /// there is one view.
  public var consistency = 0.0
  /// The share of CTC-CRF in the objective, in 0...1, the rest being CTC; see `CTCDenominator`.
  public var crfShare = 0.0
  /// How a model is trained further, where one is given.
  public var fineTuning = FineTuning()

  /// How many consecutive frames are joined into one input of the network.
  public var stackCount = 3
  /// How many frames lie between two outputs of the network.
  public var stride = 3
  /// The number of LSTM layers.
  public var layerCount = 2
  /// The number of hidden units of each direction of a layer.
  public var hiddenSize = 128
  /// Whether the network reads a clip in both directions.
  public var isBidirectional = true
  /// The share of each layer's outputs that is dropped at each step.
  public var dropout = 0.2
  /// The network, where it is not one of equal LSTM layers; it stands above the six options before.
  public var network: NetworkArchitecture?

  /// How samples become features; its sample rate is the model's.
  public var features = FeatureConfiguration()
  /// How features are normalised.
  public var normalization = Normalization.perClip
  /// The window of `Normalization.sliding`, in frames.
  public var slidingFrameCount = 300
  /// The frames that join each clip's in `Normalization.smoothed`.
  public var priorFrameCount = 100
  /// How transcripts are normalised.
  public var text = TextNormalization()
  /// Which words the model writes.
  public var vocabulary = Vocabulary.open
  /// How clips are varied.
  public var augmentation = Augmentation()

  /// The share of the corpus held out for validation where none is given.
  public var validationShare = 0.1
  /// The longest clip that is used, in seconds.
  public var longestClipSeconds = 40.0

  /// What the model recognises, in one sentence, for the model file.
  public var summary = ""
  /// The terms under which the model may be passed on, for the model file.
  public var licence = ""

  /// Makes the default options.
  public init() {}

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `TrainingError.settingOutOfRange`.
  public func validate() throws(TrainingError) {
    try TrainingError.check("number of epochs", epochCount, within: 1...1_000_000)
    try TrainingError.check("batch duration in seconds", batchSeconds, within: 0.1...1_000_000)
    try TrainingError.check("shard size", shardSize, within: 1...10_000)
    try TrainingError.check("learning rate", learningRate.peak, within: 1e-9...10)
    try TrainingError.check("warm-up", learningRate.warmUpFraction, within: 0...0.99)
    try TrainingError.check("final learning rate", learningRate.finalFraction, within: 0...1)
    try TrainingError.check("weight decay", weightDecay, within: 0...10)
    try TrainingError.check("gradient clipping threshold", gradientNormLimit, within: 1e-6...1e9)
    try TrainingError.check("average decay", averageDecay, within: 0...0.999_999)
    try TrainingError.check("plateau in epochs", learningRate.plateauEpochs, within: 1...1_000_000)
    try TrainingError.check("number of averaged models", averagedModelCount, within: 1...100)
    try TrainingError.check("patience in epochs", patience, within: 0...1_000_000)
    try TrainingError.check("label smoothing", labelSmoothing, within: 0...0.9)
    try TrainingError.check("consistency", consistency, within: 0...10)
    try TrainingError.check("share of CTC-CRF", crfShare, within: 0...(task == .classify ? 0 : 1))
    try optimizer.validate()
    try fineTuning.validate()
    try TrainingError.check("sliding window", slidingFrameCount, within: 1...1_000_000)
    try TrainingError.check("prior frames", priorFrameCount, within: 1...1_000_000)
    try TrainingError.check("validation share", validationShare, within: 0.001...0.9)
    guard precision.isSupported else { throw .unsupportedPrecision(precision) }
    try TrainingError.check("longest clip", longestClipSeconds, within: 0.1...36_000)
    try rethrowing(augmentation.validate(), as: TrainingError.augmentation)
    try rethrowing(features.validate(), as: TrainingError.features)
    try TrainingError.check("number of layers", layerCount, within: 1...32)
    try validateTask()
    try rethrowing(networkConfiguration(classCount: 2).validate(), as: TrainingError.network)
  }

  private func validateTask() throws(TrainingError) {
    switch (task, network?.pooling) {
    case (.transcribe, nil), (.spot, nil): return
    case (.transcribe, _), (.spot, _):
      throw .network(
        .settingOutOfRange(
          name: "pooling", found: "over whole clips",
          allowed: "omitted to transcribe; it belongs to the task classify"))
    case (.classify, nil):
      throw .network(
        .settingOutOfRange(
          name: "pooling", found: "omitted",
          allowed: "pool mean or pool last, at the end of the network, to classify"))
    case (.classify, _):
      guard augmentation.joining.clipShare == 0 else {
        throw .settingOutOfRange(
          name: "share of joined clips", found: "\(augmentation.joining.clipShare)",
          allowed: "0 to classify")
      }
    }
  }

  /// How many frames lie between two outputs of the network.
  public var outputStride: Int { network?.stride ?? stride }

  /// The network that these options ask for.
  ///
  /// - Parameter classCount: how many classes the alphabet makes, the blank included.
  public func networkConfiguration(classCount: Int) -> NetworkConfiguration {
    if let network {
      return NetworkConfiguration(
        featureCount: features.columnCount, architecture: network, classCount: classCount)
    }
    return NetworkConfiguration(
      featureCount: features.columnCount, stackCount: stackCount, stride: stride,
      layerCount: layerCount, hiddenSize: hiddenSize, isBidirectional: isBidirectional,
      dropout: dropout, classCount: classCount)
  }
}

internal import StapesAugmentation
internal import StapesKernels
internal import StapesRecipe

/// What is computed in one epoch, in order: batches of utterances made of clips.
struct EpochPlan: Sendable {
  /// The batches; each lists utterances, and each of those its clips.
  let batches: [[[Int]]]
  /// The length of all clips together, in seconds.
  let seconds: Double

  /// Draws the utterances of an epoch and gathers them into batches.
  init(material: TrainingMaterial, options: TrainingOptions, epoch: Int) {
    let clips = Self.clips(of: material, options: options, epoch: epoch)
    let seconds = clips.map { material.clips[$0].seconds }
    let utterances = UtterancePlan(
      seconds: seconds, speakers: clips.map { material.speakers[$0] },
      joining: options.augmentation.joining, epoch: epoch, seed: options.seed
    ).utterances
    let durations = utterances.map { $0.reduce(0) { $0 + seconds[$1] } }
    self.seconds = seconds.reduce(0, +)
    batches = BatchPlan(
      durations: durations, batchSeconds: options.batchSeconds, epoch: epoch, seed: options.seed,
      sortsFirstEpoch: options.sortsFirstEpoch
    ).batches.map { batch in batch.map { utterance in utterances[utterance].map { clips[$0] } } }
  }

  /// All clips that are new to the model, and as many of the others, drawn anew each epoch, as make
  /// up their share.
  private static func clips(
    of material: TrainingMaterial, options: TrainingOptions, epoch: Int
  ) -> [Int] {
    let newCount = material.newClipCount
    let old = newCount..<material.clips.count
    guard !old.isEmpty else { return Array(0..<newCount) }
    var random = SplitMix64(seed: options.seed, stream: RandomStream.replay.rawValue, UInt64(epoch))
    let share = options.fineTuning.replayShare
    let count = Int((share / (1 - share) * Double(newCount)).rounded())
    return Array(0..<newCount) + old.shuffled(using: &random).prefix(count).sorted()
  }
}

internal import StapesAugmentation
internal import StapesKernels

/// What is computed in one epoch, in order: batches of utterances made of clips.
package struct EpochPlan: Sendable {
  /// The clips to choose from.
  package struct Clips: Sendable {
    /// The length of each clip, in seconds.
    let seconds: [Double]
    /// The speaker of each clip, as a number.
    let speakers: [Int]
    /// How many of them, the first, are in each epoch; the others are replayed.
    let newCount: Int
    /// Replayed clips that the model gets most wrong, which half of an epoch's replay is drawn from.
    let hard: [Int]

    /// Gathers them.
    package init(seconds: [Double], speakers: [Int], newCount: Int, hard: [Int] = []) {
      self.seconds = seconds
      self.speakers = speakers
      self.newCount = newCount
      self.hard = hard
    }
  }

  /// The batches; each lists utterances, and each of those its clips.
  package let batches: [[[Int]]]
  /// The length of all clips together, in seconds.
  package let seconds: Double

  /// Draws the utterances of an epoch and gathers them into batches.
  package init(of all: Clips, options: TrainingOptions, epoch: Int) {
    let clips = options.clips(of: all, epoch: epoch)
    let seconds = clips.map { all.seconds[$0] }
    let utterances = UtterancePlan(
      seconds: seconds, speakers: clips.map { all.speakers[$0] },
      joining: options.augmentation.joining, epoch: epoch, seed: options.seed
    ).utterances
    let durations = utterances.map { $0.reduce(0) { $0 + seconds[$1] } }
    self.seconds = seconds.reduce(0, +)
    batches = BatchPlan(
      durations: durations, batchSeconds: options.batchSeconds, epoch: epoch, seed: options.seed,
      sortsFirstEpoch: options.sortsFirstEpoch
    ).batches.map { batch in batch.map { utterance in utterances[utterance].map { clips[$0] } } }
  }
}

extension TrainingOptions {
  /// How many replayed clips go with some new ones in an epoch.
  package func replayedCount(forNew newCount: Int) -> Int {
    Int((fineTuning.replayShare / (1 - fineTuning.replayShare) * Double(newCount)).rounded())
  }

  /// All clips that are new to the model, and as many of the others, drawn anew each epoch, as make
  /// up their share.
  fileprivate func clips(of all: EpochPlan.Clips, epoch: Int) -> [Int] {
    let old = all.newCount..<all.seconds.count
    guard !old.isEmpty else { return Array(0..<all.newCount) }
    var random = SplitMix64(seed: seed, stream: RandomStream.replay.rawValue, UInt64(epoch))
    let count = replayedCount(forNew: all.newCount)
    let hard = all.hard.shuffled(using: &random).prefix(count / 2)
    let others = old.filter { [hard = Set(hard)] in !hard.contains($0) }.shuffled(using: &random)
    return Array(0..<all.newCount) + (hard + others.prefix(count - hard.count)).sorted()
  }
}

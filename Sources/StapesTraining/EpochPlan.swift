/// What is computed in one epoch, in order: batches of utterances made of clips.
struct EpochPlan: Sendable {
  /// The batches; each lists utterances, and each of those its clips.
  let batches: [[[Int]]]

  /// Draws the utterances of an epoch and gathers them into batches.
  init(material: TrainingMaterial, options: TrainingOptions, epoch: Int) {
    let seconds = material.clips.map(\.seconds)
    let utterances = UtterancePlan(
      seconds: seconds, speakers: material.speakers, joining: options.augmentation.joining,
      epoch: epoch, seed: options.seed
    ).utterances
    let durations = utterances.map { $0.reduce(0) { $0 + seconds[$1] } }
    batches = BatchPlan(
      durations: durations, batchSeconds: options.batchSeconds, epoch: epoch, seed: options.seed
    ).batches.map { $0.map { utterances[$0] } }
  }
}

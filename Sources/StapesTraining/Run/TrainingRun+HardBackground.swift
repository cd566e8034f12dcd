internal import StapesAugmentation
internal import StapesConcurrency
internal import StapesKernels
internal import StapesNetwork
internal import StapesRanks
internal import StapesRecipe

extension TrainingRun {
  /// Before the epochs that begin the second, third and last quarter of a run that learns to spot phrases,
  /// finds the background in which the averaged weights recognise most: hard negatives (Sung and Poggio, 1998).
  ///
  /// It looks at what it found before, and at four times as much as an epoch replays.
  mutating func findHardBackground() async throws {
    let (epoch, count) = (state.numbers.epoch, options.replayedCount(forNew: material.newClipCount))
    guard options.task == .spot, state.numbers.step == 0, epoch > 0,
      4 * epoch / options.epochCount > 4 * (epoch - 1) / options.epochCount
    else { return }
    let known = state.numbers.hardClips ?? []
    var random = SplitMix64(
      seed: options.seed, stream: RandomStream.background.rawValue, UInt64(epoch))
    let isKnown = Set(known)
    let background = material.clips.indices.dropFirst(material.newClipCount)
      .filter { material.labels[$0].isEmpty && !isKnown.contains($0) }
    let candidates = known + background.shuffled(using: &random).prefix(4 * count)
    let losses = try await losses(of: candidates)
    let hardest = zip(losses, candidates).sorted { ($1.0, $0.1) < ($0.0, $1.1) }.prefix(count)
      .map(\.1)
    state.numbers.hardClips = hardest
    guard !hardest.isEmpty else { return }
    report(
      .notice(
        .foundHardBackground(
          clips: material.names(of: Array(hardest.prefix(3))), count: hardest.count,
          of: candidates.count)))
  }

  /// The loss of some clips, varied as in an epoch.
  private func losses(of clips: [Int]) async throws -> [Double] {
    let network = InferenceNetwork(
      try Network(configuration: configuration, parameters: state.weights.average))
    let (epoch, share) = (
      state.numbers.epoch, worker.ranks.share(of: clips.map { material.clips[$0].seconds })
    )
    let done = ClipCount()
    let shards = BatchPlan.shards(of: share.count, largestSize: options.shardSize)
    return try await worker.ranks.gather {
      try await concurrentResults(count: shards.count, threadCount: trainer.threadCount) {
        [material, options] in
        try UtteranceMaker(options: options, material: material)
      } body: { [options, report] maker, shard in
        let utterances = try shards[shard].map {
          try maker.utterance(of: [clips[share.lowerBound + $0]], epoch: epoch)
        }
        report(.searching(clipsDone: done.next(utterances.count), of: share.count))
        return zip(utterances, network.logits(of: utterances.map(\.features))).map {
          options.task.loss(logits: $1, labels: $0.labels).loss
        }
      }.flatMap { $0 }
    }.flatMap { $0 }
  }
}

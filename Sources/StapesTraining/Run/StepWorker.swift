internal import StapesAugmentation
internal import StapesConcurrency
internal import StapesKernels
package import StapesNetwork
package import StapesRecipe

/// Does the work of one step on several threads: the gradient of a batch, shard by shard, and
/// meanwhile the features of the batch that follows.
package struct StepWorker: Sendable {
  /// The options of the run.
  let options: TrainingOptions
  /// The clips of the run.
  let material: TrainingMaterial
  /// The number of child tasks.
  let threadCount: Int

  /// Sets up the work.
  package init(options: TrainingOptions, material: TrainingMaterial, threadCount: Int) {
    self.options = options
    self.material = material
    self.threadCount = threadCount
  }

  /// What comes of the work.
  package struct Output {
    /// The losses of the batch.
    package let losses: LossSum
    /// The gradient of the sum of the losses; nil without a batch.
    package let gradient: NetworkParameters?
    /// The utterances of the next batch.
    package let next: [Utterance]
  }

  private enum Result: Sendable {
    case losses(LossSum)
    case utterance(Utterance)
  }

  /// Works on a batch.
  ///
  /// - Parameters:
  ///   - batch: the utterances to go through, from about the shortest to the longest.
  ///   - network: the network they go through.
  ///   - next: the clips of each utterance of the next batch.
  ///   - epoch: of both batches, counted from 0.
  ///   - step: of the batch within the epoch, counted from 0.
  package func work(
    on batch: [Utterance], with network: Network, preparing next: [[Int]], epoch: Int, step: Int
  ) async throws -> Output {
    // The long shards come first and the small items last, so that all threads end together.
    let shards = BatchPlan.shards(of: batch.count, largestSize: options.shardSize)
      .reversed().map { batch[$0] }
    let gradient = OrderedGradientSum()
    let results = try await concurrentResults(
      count: shards.count + next.count, threadCount: threadCount
    ) {
      try UtteranceMaker(options: options, material: material)
    } body: { maker, item in
      guard item < shards.count else {
        return Result.utterance(try maker.utterance(of: next[item - shards.count], epoch: epoch))
      }
      let (losses, shardGradient) = network.lossGradient(
        of: shards[item], dropoutSeed: dropoutSeed(epoch: epoch, step: step, shard: item),
        options: options)
      gradient.add(shardGradient, at: item)
      return .losses(losses)
    }
    var losses = LossSum()
    var utterances: [Utterance] = []
    for result in results {
      switch result {
      case .losses(let part): losses += part
      case .utterance(let utterance): utterances.append(utterance)
      }
    }
    return Output(losses: losses, gradient: gradient.take(), next: utterances)
  }

  private func dropoutSeed(epoch: Int, step: Int, shard: Int) -> UInt64 {
    var random = SplitMix64(
      seed: options.seed, stream: RandomStream.dropout.rawValue, UInt64(epoch), UInt64(step),
      UInt64(shard))
    return random.next()
  }
}

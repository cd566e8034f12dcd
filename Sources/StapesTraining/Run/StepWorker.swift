internal import StapesAugmentation
internal import StapesConcurrency
internal import StapesKernels
package import StapesNetwork
package import StapesRanks
package import StapesRecipe

/// Does the work of one step on several threads: the gradient of a batch, shard by shard, and
/// meanwhile the features of the batch that follows.
///
/// Where there are several ranks each does a run of the shards.
package struct StepWorker: Sendable {
  /// The options of the run.
  let options: TrainingOptions
  /// The clips of the run.
  let material: TrainingMaterial
  /// The number of child tasks.
  let threadCount: Int
  /// Who shares the work.
  let ranks: RankGroup

  /// Sets up the work.
  package init(
    options: TrainingOptions, material: TrainingMaterial, threadCount: Int,
    ranks: RankGroup = .alone
  ) {
    self.options = options
    self.material = material
    self.threadCount = threadCount
    self.ranks = ranks
  }

  /// A batch, with the utterances of the shards of this rank.
  package struct Batch: Sendable {
    /// The utterances of each shard that this rank computes, at the number of the shard, which counts
    /// from the last of the batch.
    let shards: [(number: Int, utterances: ArraySlice<Utterance>)]
  }

  /// What comes of the work.
  package struct Output {
    /// The losses of the batch.
    package let losses: LossSum
    /// The gradient of the sum of the losses; nil without a batch.
    package let gradient: NetworkParameters?
    /// The next batch.
    package let next: Batch
    /// Whether any rank is to stop.
    let isStopped: Bool
  }

  private enum Result: Sendable {
    case losses(LossSum)
    case utterance(Utterance)
  }

  /// What a rank tells the others of a step.
  private struct Report: Codable {
    let losses: [LossSum]
    let isStopped: Bool
  }

  /// A batch of utterances that are made already, of which this rank computes all.
  package func batch(of utterances: [Utterance]) -> Batch {
    let shards = shards(of: utterances.count)
    return batch(of: utterances, shards: shards, share: shards.indices)
  }

  /// The shards of a batch: the long ones come first, and the small items behind them, so that all
  /// threads end together.
  private func shards(of count: Int) -> [Range<Int>] {
    BatchPlan.shards(of: count, largestSize: options.shardSize).reversed()
  }

  /// Works on a batch.
  ///
  /// - Parameters:
  ///   - batch: the utterances to go through, from about the shortest to the longest; nil for none.
  ///   - network: the network they go through.
  ///   - next: the clips of each utterance of the next batch.
  ///   - epoch: of both batches, counted from 0.
  ///   - step: of the batch within the epoch, counted from 0.
  ///   - isStopped: whether this rank is to stop, when the work is done.
  package func work(
    on batch: Batch?, with network: Network, preparing next: [[Int]], epoch: Int, step: Int,
    isStopped: @Sendable () -> Bool = { false }
  ) async throws -> Output {
    let shards = batch?.shards ?? []
    let nextShards = self.shards(of: next.count)
    let share = ranks.share(of: nextShards.map { material.seconds(of: next[$0].joined()) })
    let wanted = nextShards[share].reversed().flatMap { Array($0) }
    let shapes = NetworkParameters.shapes(for: network.configuration)
    let gradient = OrderedGradientSum(
      shapes: shapes.map { ($0.rowCount, $0.columnCount) },
      shards: (shards.first?.number ?? 0)..<(shards.last.map { $0.number + 1 } ?? 0), ranks: ranks)
    func compute() async throws -> [Result] {
      try await concurrentResults(
        count: shards.count + wanted.count, threadCount: threadCount
      ) {
        try UtteranceMaker(options: options, material: material)
      } body: { maker, item in
        guard item < shards.count else {
          let clips = next[wanted[item - shards.count]]
          return Result.utterance(try maker.utterance(of: clips, epoch: epoch))
        }
        let shard = shards[item].number
        return .losses(
          network.lossGradient(
            of: shards[item].utterances,
            dropoutSeed: dropoutSeed(epoch: epoch, step: step, shard: shard), options: options,
            trigram: material.trigram
          ) { gradient.add($1, part: $0, shard: shard) })
      }
    }
    let (results, sums) =
      batch == nil
      ? (.success(try await ranks.compute(compute)), []) : try await gradient.total(of: compute)
    var (own, utterances) = ([LossSum](), [Utterance]())
    for result in (try? results.get()) ?? [] {
      switch result {
      case .losses(let part): own.append(part)
      case .utterance(let utterance): utterances.append(utterance)
      }
    }
    let reports = try await ranks.gather(
      results.map { _ in Report(losses: own, isStopped: isStopped()) })
    var losses = LossSum()
    for part in reports.flatMap(\.losses) { losses += part }
    return Output(
      losses: losses,
      gradient: batch == nil
        ? nil
        : NetworkParameters(
          tensors: zip(shapes, sums).map { NamedMatrix(name: $0.name, matrix: $1) }),
      next: self.batch(of: utterances, shards: nextShards, share: share),
      isStopped: reports.contains { $0.isStopped })
  }

  /// The shards of a share, of utterances that begin with those of its last shard.
  private func batch(of utterances: [Utterance], shards: [Range<Int>], share: Range<Int>) -> Batch {
    let first = shards[share].last?.lowerBound ?? 0
    return Batch(
      shards: share.map { number in
        let shard = shards[number]
        return (number, utterances[shard.lowerBound - first..<shard.upperBound - first])
      })
  }

  private func dropoutSeed(epoch: Int, step: Int, shard: Int) -> UInt64 {
    var random = SplitMix64(
      seed: options.seed, stream: RandomStream.dropout.rawValue, UInt64(epoch), UInt64(step),
      UInt64(shard))
    return random.next()
  }
}

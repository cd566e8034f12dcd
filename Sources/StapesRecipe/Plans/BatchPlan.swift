internal import StapesAugmentation
internal import StapesKernels

/// Which utterances of an epoch are computed together, and in which order.
///
/// Utterances of similar length share a batch, which keeps the work of a batch even; the total
/// duration of a batch is bounded, so that a batch costs the same whether its utterances are
/// words or paragraphs. The first epoch runs from the shortest batch to the longest (Amodei et
/// al., "Deep Speech 2", 2016, call it SortaGrad), later ones in random order with lengths
/// blurred by up to a tenth, so that an utterance meets different neighbours each time.
public struct BatchPlan: Sendable, Equatable {
  /// The batches in the order of computing; each lists indices of utterances, about shortest
  /// first.
  public let batches: [[Int]]

  /// Plans one epoch.
  ///
  /// - Parameters:
  ///   - durations: the length of each utterance in seconds, at its index.
  ///   - batchSeconds: the largest total duration of a batch; an utterance that is longer makes
  ///     a batch of its own.
  ///   - epoch: counted from 0.
  ///   - seed: the seed of the order; one seed and epoch always give one plan.
  ///   - sortsFirstEpoch: whether the first epoch differs from later ones.
  public init(
    durations: [Double], batchSeconds: Double, epoch: Int, seed: UInt64,
    sortsFirstEpoch: Bool = true
  ) {
    var random = SplitMix64(seed: seed, stream: RandomStream.batches.rawValue, UInt64(epoch))
    let isSorted = epoch == 0 && sortsFirstEpoch
    let keys = durations.map { isSorted ? $0 : $0 * Double.random(in: 0.9...1.1, using: &random) }
    let order = durations.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    var batches: [[Int]] = []
    var seconds = Double.infinity
    for utterance in order {
      seconds += durations[utterance]
      if seconds > batchSeconds {
        batches.append([])
        seconds = durations[utterance]
      }
      batches[batches.count - 1].append(utterance)
    }
    if !isSorted { batches.shuffle(using: &random) }
    self.batches = batches
  }

  /// Cuts a batch into runs of even size, the units that threads work on.
  ///
  /// There is an even number of them where there are utterances enough, so that two threads have as
  /// much to do, also where the utterances are long and few.
  ///
  /// The cut depends on the batch alone, never on the number of threads: sums of gradients over
  /// shards are then the same on any number of threads.
  ///
  /// - Parameters:
  ///   - count: the number of utterances in the batch.
  ///   - largestSize: the most utterances in a shard, at least 1.
  /// - Returns: consecutive ranges that cover `0..<count`, their sizes differing by one at most.
  public static func shards(of count: Int, largestSize: Int) -> [Range<Int>] {
    precondition(largestSize >= 1, "shards of \(largestSize)")
    let fewest = (count + largestSize - 1) / largestSize
    let shardCount = min(fewest + fewest % 2, count)
    return (0..<shardCount).map { shard in
      count * shard / shardCount..<count * (shard + 1) / shardCount
    }
  }
}

/// The sound of a stream from some place on.
package struct UtteranceSound: Sendable {
  private var samples: [Float] = []
  private var start = 0

  package init() {}

  package mutating func append(_ next: [Float]) { samples += next }

  /// Forgets what comes before a sample, counted from the start of the stream.
  package mutating func forget(before sample: Int) {
    let count = min(max(sample - start, 0), samples.count)
    samples.removeFirst(count)
    start += count
  }

  /// The samples of some blocks of a length, counted in the same way, as far as they are there.
  package func samples(of blocks: Range<Int>, length: Int) -> [Float] {
    let bounds = [blocks.lowerBound, blocks.upperBound].map {
      min(max($0 * length - start, 0), samples.count)
    }
    return Array(samples[bounds[0]..<bounds[1]])
  }
}

/// How loud a stream is, block by block.
package struct LevelTrack: Sendable {
  package let blockLength: Int
  private var sum: Float = 0
  private var count = 0
  private var levels: [Float] = []

  package init(blockLength: Int) {
    self.blockLength = blockLength
  }

  package mutating func append(_ samples: [Float]) {
    for sample in samples {
      sum += sample * sample
      count += 1
      guard count == blockLength else { continue }
      levels.append(sum / Float(count))
      (sum, count) = (0, 0)
    }
  }

  /// The mean squares of the next blocks, as far as they are known.
  package mutating func take(_ count: Int) -> [Float] {
    let taken = Array(levels.prefix(count))
    levels.removeFirst(taken.count)
    return taken
  }
}

/// Tells which channels of a file sound the same, while they are read.
///
/// Two are the same but for rounding where in every ten blocks their difference is 60 dB below
/// them, or 100 dB below full scale.
struct ChannelLikeness {
  /// Two channels that were not told apart so far.
  private struct Pair {
    let channel: Int
    let earlier: Int
    /// The energies of the difference and of both, since they were last compared.
    var difference: Float = 0
    var energy: Float = 0
  }

  private let channelCount: Int
  private var pairs: [Pair]
  private var (blockCount, frameCount) = (0, 0)

  init(channelCount: Int) {
    self.channelCount = channelCount
    pairs = (0..<channelCount).flatMap { channel in
      (0..<channel).map { Pair(channel: channel, earlier: $0) }
    }
  }

  /// Takes the next block of interleaved samples.
  mutating func append(_ block: [Float]) {
    for index in pairs.indices {
      var pair = pairs[index]
      for start in stride(from: 0, to: block.count, by: channelCount) {
        let (a, b) = (block[start + pair.channel], block[start + pair.earlier])
        pair.difference += (a - b) * (a - b)
        pair.energy += a * a + b * b
      }
      pairs[index] = pair
    }
    blockCount += 1
    frameCount += block.count / channelCount
    if blockCount == 10 { compare() }
  }

  /// The channels that differ from each one before them, counted from 0, and for the others the
  /// first that sounds the same.
  mutating func finish() -> (distinct: [Int], repeated: [(channel: Int, like: Int)]) {
    compare()
    var (distinct, repeated) = ([Int](), [(channel: Int, like: Int)]())
    for channel in 0..<channelCount {
      let like = distinct.first { earlier in
        pairs.contains { $0.channel == channel && $0.earlier == earlier }
      }
      if let like { repeated.append((channel, like)) } else { distinct.append(channel) }
    }
    return (distinct, repeated)
  }

  private mutating func compare() {
    pairs.removeAll { $0.difference > 1e-6 * $0.energy + 1e-10 * Float(frameCount) }
    for index in pairs.indices { (pairs[index].difference, pairs[index].energy) = (0, 0) }
    (blockCount, frameCount) = (0, 0)
  }
}

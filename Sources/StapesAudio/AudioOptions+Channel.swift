internal import StapesContainers

extension AudioOptions.Channel {
  /// Makes mono samples of interleaved frames.
  ///
  /// - Precondition: `block` holds `frameCount` frames of `channelCount` samples at its start, and
  ///   the channel is one of them.
  func samples(of block: [Float], frameCount: Int, channelCount: Int) -> [Float] {
    if channelCount == 1 { return Array(block[..<frameCount]) }
    var samples = [Float](repeating: 0, count: frameCount)
    switch self {
    case .index(let channel):
      for frame in 0..<frameCount { samples[frame] = block[frame * channelCount + channel] }
    case .mix:
      let count = Float(channelCount)
      for frame in 0..<frameCount {
        var sum: Float = 0
        for sample in frame * channelCount..<(frame + 1) * channelCount { sum += block[sample] }
        samples[frame] = sum / count
      }
    }
    return samples
  }
}

/// Brings the frames of a part to the rate and the number of channels of the part before.
final class PartAdapter {
  /// How many frames are changed at once.
  static let frameCount = 1 << 12

  private let sourceChannelCount: Int
  private let channelCount: Int
  private let resamplers: [ChannelResampler]
  /// Changed frames, interleaved, that wait from an index on.
  private var waiting: [Float] = []
  private var next = 0
  private var isFinished = false

  /// Makes an adapter; nil where nothing has to be changed.
  init?(
    from decoder: borrowing SoundDecoder, sampleRate: Int, channelCount: Int
  ) throws(AudioError) {
    let isSame = decoder.sampleRate == sampleRate && decoder.channelCount == channelCount
    guard !isSame else { return nil }
    sourceChannelCount = decoder.channelCount
    self.channelCount = channelCount
    let rate = decoder.sampleRate
    resamplers = try (0..<channelCount).map { _ throws(AudioError) in
      ChannelResampler(try Resampler(from: rate, to: sampleRate))
    }
  }

  /// The next frames, into the start of a block.
  ///
  /// - Parameter read: decodes frames of the part; returns none at its end.
  /// - Returns: the number of frames; none at the end.
  func take(_ count: Int, into block: inout [Float], read: (inout [Float]) -> Int) -> Int {
    while next == waiting.count, !isFinished { change(read) }
    let sampleCount = min(count * channelCount, waiting.count - next)
    for index in 0..<sampleCount { block[index] = waiting[next + index] }
    next += sampleCount
    return sampleCount / channelCount
  }

  private func change(_ read: (inout [Float]) -> Int) {
    var frames = [Float](repeating: 0, count: Self.frameCount * sourceChannelCount)
    let frameCount = read(&frames)
    isFinished = frameCount == 0
    let channels = (0..<channelCount).map { channel in
      isFinished
        ? resamplers[channel].resampler.finish()
        : resamplers[channel].resampler.append(samples(of: frames, frameCount, channel))
    }
    let length = channels.map(\.count).min() ?? 0
    waiting = (0..<length).flatMap { frame in channels.map { $0[frame] } }
    next = 0
  }

  /// The samples of a channel; the mean of all where the numbers of channels differ.
  private func samples(of frames: [Float], _ frameCount: Int, _ channel: Int) -> [Float] {
    let taken: AudioOptions.Channel =
      sourceChannelCount == channelCount ? .index(channel) : .mix
    return taken.samples(of: frames, frameCount: frameCount, channelCount: sourceChannelCount)
  }
}

/// A resampler in an array.
private final class ChannelResampler {
  var resampler: Resampler

  init(_ resampler: consuming Resampler) {
    self.resampler = resampler
  }
}

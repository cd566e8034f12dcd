/// Brings the frames of a part to the rate and the number of channels of the part before.
///
/// Where the numbers of channels differ, all have what the part's channels are mixed to.
final class PartAdapter {
  /// How many frames are changed at once.
  static let frameCount = 1 << 12

  private let sourceChannelCount: Int
  private let channelCount: Int
  /// One for each channel, or one for what they are mixed to.
  private let resamplers: [ChannelResampler]
  private var mixer: ChannelMixer
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
    mixer = ChannelMixer(channelCount: sourceChannelCount, sampleRate: rate)
    let count = sourceChannelCount == channelCount ? channelCount : 1
    resamplers = try (0..<count).map { _ throws(AudioError) in
      ChannelResampler(try Resampler(from: rate, to: sampleRate))
    }
  }

  /// The channel of the part that was taken first since others cancel it, counted from 0.
  var taken: Int? { mixer.taken }

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
    let channels: [[Float]]
    if sourceChannelCount == channelCount {
      channels = (0..<channelCount).map { channel in
        AudioOptions.Channel.index(channel).samples(
          of: frames, frameCount: frameCount, channelCount: channelCount)
      }
    } else {
      channels = [
        mixer.append(frames[..<(frameCount * sourceChannelCount)], isLast: isFinished)
      ]
    }
    let changed = zip(resamplers, channels).map { resampler, samples in
      let ready = resampler.resampler.append(samples)
      return isFinished ? ready + resampler.resampler.finish() : ready
    }
    let length = changed.map(\.count).min() ?? 0
    waiting = (0..<length).flatMap { frame in
      (0..<channelCount).map { changed[$0 % changed.count][frame] }
    }
    next = 0
  }
}

/// A resampler in an array.
private final class ChannelResampler {
  var resampler: Resampler

  init(_ resampler: consuming Resampler) {
    self.resampler = resampler
  }
}

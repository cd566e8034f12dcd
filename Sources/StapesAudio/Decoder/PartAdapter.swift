internal import StapesContainers

/// Brings the frames of a part to the rate and the number of channels of the part before.
///
/// Where the numbers of channels differ, all have what the part's channels are mixed to.
final class PartAdapter {
  /// How many frames are changed at once.
  static let frameCount = 1 << 12

  private let sourceChannelCount: Int
  private let channelCount: Int
  /// Of the channels, or of what they are mixed to.
  private var resampler: Resampler
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
    resampler = try Resampler(
      from: rate, to: sampleRate,
      channelCount: sourceChannelCount == channelCount ? channelCount : 1)
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
    let isMixed = sourceChannelCount != channelCount
    let samples = frames[..<(frameCount * sourceChannelCount)]
    waiting = resampler.append(
      isMixed ? mixer.append(samples, isLast: isFinished)[...] : samples)
    if isFinished { waiting += resampler.finish() }
    if isMixed {
      waiting = waiting.flatMap { [Float](repeating: $0, count: channelCount) }
    }
    next = 0
  }
}

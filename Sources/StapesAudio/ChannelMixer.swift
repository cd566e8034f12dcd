internal import Glibc

/// Mixes the channels of a stream of frames, but for those that cancel.
///
/// An inverted channel takes away from the mean what the other one holds. So the energies of the
/// mean and of the channels are compared, over some two seconds, and where the mean has less than a
/// tenth of theirs, the loudest channel is taken in its place. It is decided for windows of 50 ms,
/// counted from the start, so that how the stream is cut into pieces changes nothing.
struct ChannelMixer {
  /// The channel that was taken since they cancel, counted from 0; nil as long as none was.
  private(set) var taken: Int?

  private let channelCount: Int
  private let windowLength: Int
  private let decay: Float
  private var pending: [Float] = []
  private var mixEnergy: Float = 0
  private var channelEnergies: [Float]

  private static let (windowSeconds, memorySeconds) = (0.05, 2.0)
  private static let leastShare: Float = 0.1

  /// Makes a mixer for interleaved channels at a rate in hertz.
  init(channelCount: Int, sampleRate: Int) {
    self.channelCount = channelCount
    windowLength = max(Int(Self.windowSeconds * Double(sampleRate)), 1)
    decay = exp(-Float(Self.windowSeconds / Self.memorySeconds))
    channelEnergies = [Float](repeating: 0, count: channelCount)
  }

  /// Takes the next frames.
  ///
  /// - Parameter isLast: whether they are the last.
  /// - Returns: the samples that are ready by now.
  mutating func append(_ frames: ArraySlice<Float>, isLast: Bool) -> [Float] {
    if channelCount == 1 { return Array(frames) }
    pending += frames
    let frameCount = pending.count / channelCount
    let readyCount = isLast ? frameCount : frameCount - frameCount % windowLength
    var samples = AudioOptions.Channel.mix.samples(
      of: pending, frameCount: readyCount, channelCount: channelCount)
    for start in stride(from: 0, to: readyCount, by: windowLength) {
      let window = start..<min(start + windowLength, readyCount)
      if let channel = channelToTake(in: window, mixed: samples) {
        for frame in window { samples[frame] = pending[frame * channelCount + channel] }
      }
    }
    pending.removeFirst(readyCount * channelCount)
    return samples
  }

  /// Which channel stands for all of them in a window; nil where their mean does.
  private mutating func channelToTake(in window: Range<Int>, mixed: [Float]) -> Int? {
    mixEnergy *= decay
    for frame in window { mixEnergy += mixed[frame] * mixed[frame] }
    for channel in 0..<channelCount {
      var energy: Float = 0
      for frame in window {
        let sample = pending[frame * channelCount + channel]
        energy += sample * sample
      }
      channelEnergies[channel] = channelEnergies[channel] * decay + energy
    }
    let mean = channelEnergies.reduce(0, +) / Float(channelCount)
    guard mixEnergy < Self.leastShare * mean else { return nil }
    if taken == nil {
      taken = channelEnergies.indices.max { channelEnergies[$0] < channelEnergies[$1] }
    }
    return taken
  }
}

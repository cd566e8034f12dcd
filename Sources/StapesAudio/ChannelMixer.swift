internal import Glibc
internal import StapesContainers

/// Mixes the channels of a stream of frames, but for those that cancel.
///
/// An inverted channel takes away from the mean what another one holds. So for every two channels,
/// the energy of their mean is compared with the mean of their energies, without what is below
/// speech, and where it has less than a tenth, one of the two is skipped: the quieter one, or that
/// which was skipped before as long as the other is not silent. Where all together cancel, though
/// no two do, one channel is taken. It is decided for windows of 50 ms, counted from the start, by
/// those before or those behind, so that how the stream is cut into pieces changes nothing.
struct ChannelMixer {
  /// The channel that was taken first since others cancel it, counted from 0; nil where none was.
  private(set) var taken: Int?

  private let channelCount: Int
  private let windowLength: Int
  private let pairs: [(first: Int, second: Int)]
  private let smoothing: Float
  private var pending: [Float] = []
  /// The number of frames of `pending` that are measured.
  private var measuredCount = 0
  /// What is below speech in each channel, and in what is left of it without that.
  private var (low, nextLow): ([Float], [Float])
  /// For each window the energies of the channels, their products in pairs, and their sum's energy.
  private var windows: [[Float]] = []
  /// The number of windows in front of the first that is not mixed.
  private var pastCount = 0
  /// The largest energy of a channel in a window so far.
  private var loudest: Float = 0
  private var leftOut: Set<Int> = []

  private static let windowSeconds = 0.05
  /// The number of windows in a row by which it is decided.
  private static let runLength = 4
  private static let lowestFrequency = 250.0
  private static let leastShare: Float = 0.1
  /// What is quieter than this share of the loudest window decides nothing.
  private static let leastEnergy: Float = 1e-5
  /// Of many channels, only those close to each other are compared.
  private static let mostNeighbours = 8

  /// Makes a mixer for interleaved channels at a rate in hertz.
  init(channelCount: Int, sampleRate: Int) {
    self.channelCount = channelCount
    windowLength = max(Int(Self.windowSeconds * Double(sampleRate)), 1)
    smoothing = Float(1 - exp(-2 * Double.pi * Self.lowestFrequency / Double(sampleRate)))
    pairs = (0..<channelCount).flatMap { first in
      (first + 1..<max(min(first + Self.mostNeighbours, channelCount), first + 1)).map {
        (first, $0)
      }
    }
    low = [Float](repeating: 0, count: channelCount)
    nextLow = low
  }

  /// Takes the next frames.
  ///
  /// - Parameter isLast: whether they are the last.
  /// - Returns: the samples that are ready by now.
  mutating func append(_ frames: ArraySlice<Float>, isLast: Bool) -> [Float] {
    if channelCount == 1 { return Array(frames) }
    pending += frames
    let frameCount = pending.count / channelCount
    while frameCount - measuredCount >= (isLast ? 1 : windowLength) {
      measure(measuredCount..<min(measuredCount + windowLength, frameCount))
    }
    let readyCount = max(windows.count - pastCount - (isLast ? 0 : Self.runLength - 1), 0)
    let length = min(readyCount * windowLength, measuredCount)
    var samples = AudioOptions.Channel.mix.samples(
      of: pending, frameCount: length, channelCount: channelCount)
    for start in stride(from: 0, to: length, by: windowLength) {
      decide()
      if !leftOut.isEmpty { remix(start..<min(start + windowLength, length), into: &samples) }
    }
    pending.removeFirst(length * channelCount)
    measuredCount -= length
    return samples
  }

  /// The mean of the channels that are not skipped.
  private func remix(_ range: Range<Int>, into samples: inout [Float]) {
    let kept = (0..<channelCount).filter { !leftOut.contains($0) }
    for frame in range {
      let sum = kept.reduce(Float(0)) { $0 + pending[frame * channelCount + $1] }
      samples[frame] = sum / Float(kept.count)
    }
  }

  /// Measures a window, without what is below speech.
  private mutating func measure(_ range: Range<Int>) {
    var energies = [Float](repeating: 0, count: channelCount + pairs.count + 1)
    var high = [Float](repeating: 0, count: channelCount)
    for frame in range {
      var sum: Float = 0
      for channel in 0..<channelCount {
        let sample = pending[frame * channelCount + channel]
        low[channel] += smoothing * (sample - low[channel])
        let rest = sample - low[channel]
        nextLow[channel] += smoothing * (rest - nextLow[channel])
        high[channel] = rest - nextLow[channel]
        sum += high[channel]
        energies[channel] += high[channel] * high[channel]
      }
      for (index, pair) in pairs.enumerated() {
        energies[channelCount + index] += high[pair.first] * high[pair.second]
      }
      energies[channelCount + pairs.count] += sum * sum
    }
    windows.append(energies)
    measuredCount += range.count
  }

  /// Decides which channels are skipped in the next window.
  private mutating func decide() {
    let window = windows[pastCount]
    let runs = [
      max(pastCount - Self.runLength + 1, 0)...pastCount,
      pastCount...min(pastCount + Self.runLength - 1, windows.count - 1),
    ].map(energies)
    loudest = max(loudest, window[..<channelCount].max() ?? 0)
    var chosen: Set<Int> = []
    for (index, pair) in pairs.enumerated()
    where !chosen.contains(pair.first) && !chosen.contains(pair.second) {
      let cancels = runs.contains { run in
        let energy = run[pair.first] + run[pair.second]
        return cancel(sum: energy + 2 * run[channelCount + index], energy, count: 2)
      }
      guard cancels else { continue }
      let rest = quieter(pair.first, pair.second, in: window)
      chosen.insert(rest)
      taken = taken ?? (rest == pair.first ? pair.second : pair.first)
    }
    let allCancel = runs.contains {
      cancel(
        sum: $0[channelCount + pairs.count], $0[..<channelCount].reduce(0, +),
        count: channelCount)
    }
    if chosen.isEmpty, allCancel {
      let one = (1..<channelCount).reduce(0) { quieter($0, $1, in: window) == $0 ? $1 : $0 }
      chosen = Set(0..<channelCount).subtracting([one])
      taken = taken ?? one
    }
    leftOut = chosen
    pastCount += 1
    if pastCount == Self.runLength {
      windows.removeFirst()
      pastCount -= 1
    }
  }

  /// The sum of what windows in a row measure.
  private func energies(_ run: ClosedRange<Int>) -> [Float] {
    windows[run].dropFirst().reduce(windows[run.lowerBound]) { zip($0, $1).map(+) }
  }

  /// Whether the mean of some channels has less than the least share of their energy.
  private func cancel(sum: Float, _ energy: Float, count: Int) -> Bool {
    sum < Self.leastShare * Float(count) * energy && energy > Self.leastEnergy * loudest
  }

  /// Which of two channels is skipped if one is.
  private func quieter(_ first: Int, _ second: Int, in window: [Float]) -> Int {
    switch (leftOut.contains(first), leftOut.contains(second)) {
    case (true, false) where window[second] >= Self.leastShare * window[first]: first
    case (false, true) where window[first] >= Self.leastShare * window[second]: second
    default: window[first] < window[second] ? first : second
    }
  }
}

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

internal import Glibc
internal import StapesFeatures
package import StapesModel

/// Amplifies the faint sound of a stream for a model that depends on the level, as `ClipLevel` does that
/// of a clip.
///
/// What a sample is multiplied by follows from the blocks of a tenth of a second before its own,
/// counted from the start, so that how the stream is cut into pieces changes nothing, and what was
/// passed on stays as it was. As long as nothing stands out from its surroundings, as speech does,
/// the last second is delayed, so that the first words are amplified too; then the gain is that
/// of the clip so far, which it follows slowly while somebody speaks.
package struct StreamLevel: ~Copyable {
  private let level: ClipLevel
  private var extractor: FeatureExtractor
  private let blockLength: Int
  /// The block that is not full yet; all of it is delayed, or none.
  private var block: [Float] = []
  /// Full blocks that are delayed.
  private var delayed: [[Float]] = []
  private var isDecided = false
  /// The natural logarithm of what samples are multiplied by.
  private var logGain: Float = 0
  /// The levels of the frames of each block, and its peak, as far back as they count.
  private var history: [(levels: [Float], peak: Float)] = []

  private static let blocksPerSecond = 10
  /// How far back levels count, in seconds.
  private static let memory = 10
  /// What stands out is so far above the least tenth: 10 dB, as a natural log of energy.
  private static let standsOut: Float = 2.3
  /// The most that the gain changes in a block: 3 dB a second.
  private static let mostChange: Float = 0.0345

  /// Begins a stream; nil for a model for which the level makes no difference.
  package init?(_ model: SpeechModel) {
    guard let level = ClipLevel(model),
      let extractor = try? FeatureExtractor(configuration: model.features)
    else { return nil }
    self.level = level
    self.extractor = extractor
    blockLength = max(model.features.sampleRate / Self.blocksPerSecond, 1)
  }

  /// Takes the next samples.
  ///
  /// - Returns: those that are ready by now, amplified.
  package mutating func append(_ samples: [Float]) -> [Float] {
    var ready: [Float] = []
    var position = 0
    while position < samples.count {
      let end = min(position + blockLength - block.count, samples.count)
      block += samples[position..<end]
      if isDecided { ready += amplified(samples[position..<end]) }
      position = end
      guard block.count == blockLength else { continue }
      measure()
      if isDecided { follow() } else { ready += delay() }
      block = []
    }
    return ready
  }

  /// Ends the stream.
  ///
  /// - Returns: what was delayed.
  package mutating func finish() -> [Float] {
    guard !isDecided else { return [] }
    let rest = delayed.joined() + block
    logGain = level.gain(for: rest, extractor.features(of: rest)).map(log) ?? 0
    return amplified(rest[...])
  }

  private func amplified(_ samples: ArraySlice<Float>) -> [Float] {
    if logGain == 0 { return Array(samples) }
    let gain = exp(logGain)
    return samples.map { $0 * gain }
  }

  /// Notes the levels of a full block, unless it is digital silence.
  private mutating func measure() {
    let peak = block.reduce(0) { max($0, abs($1)) }
    guard peak > 0 else { return }
    history.append((level.levels(of: extractor.features(of: block)), peak))
    if history.count > Self.memory * Self.blocksPerSecond { history.removeFirst() }
  }

  /// Delays a block, or decides on the gain.
  ///
  /// - Returns: what is no longer delayed.
  private mutating func delay() -> [Float] {
    delayed.append(block)
    let (wanted, standsOut) = judged()
    if standsOut || wanted == 0 {
      isDecided = true
      logGain = wanted
      defer { delayed = [] }
      return amplified(Array(delayed.joined())[...])
    }
    return delayed.count > Self.blocksPerSecond ? delayed.removeFirst() : []
  }

  /// Moves the gain behind a block.
  private mutating func follow() {
    let (wanted, standsOut) = judged()
    if standsOut {
      logGain += min(max(wanted - logGain, -Self.mostChange), Self.mostChange)
    }
    // Nothing goes beyond full scale for longer than a block.
    if let peak = history.last?.peak, logGain > 0 { logGain = max(min(logGain, -log(peak)), 0) }
  }

  /// The logarithm of the gain that what is remembered asks for, and whether the last block stands
  /// out from it.
  private func judged() -> (wanted: Float, standsOut: Bool) {
    let levels = history.flatMap(\.levels).sorted()
    guard let last = history.last?.levels.max() else { return (.infinity, false) }
    let peak = history.reduce(0) { max($0, $1.peak) }
    let wanted = level.gain(sortedLevels: levels, peak: peak).map(log) ?? 0
    return (wanted, last > levels[levels.count / 10] + Self.standsOut)
  }
}

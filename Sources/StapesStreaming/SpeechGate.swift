/// Decides block by block whether sound may hold speech, at next to no cost, so that a network need not
/// run in silence and steady noise.
///
/// A block may hold speech when its power rises by 6 dB above the least of the last ten seconds, and
/// above 70 dB below full scale. The gate is open for the first two seconds, in which it learns the
/// background, and for a second behind each such block.
package struct SpeechGate: Sendable {
  private let memory: Int
  private let hangover: Int
  /// The powers of the last blocks.
  private var powers: [Float] = []
  private var openCount: Int

  /// The power of silence, and how far speech rises above the background.
  private static let (silence, rise): (Float, Float) = (1e-7, 4)
  private static let (memorySeconds, openSeconds, hangoverSeconds) = (10.0, 2.0, 1.0)

  /// Begins a stream.
  ///
  /// - Parameter blockSeconds: how long a block is.
  package init(blockSeconds: Double) {
    memory = max(1, Int(Self.memorySeconds / blockSeconds))
    hangover = max(1, Int((Self.hangoverSeconds / blockSeconds).rounded(.up)))
    openCount = max(1, Int((Self.openSeconds / blockSeconds).rounded(.up)))
  }

  /// Takes the next block.
  ///
  /// - Returns: whether it, or the sound shortly before it, may hold speech.
  package mutating func isOpen(for block: [Float]) -> Bool {
    let mean = block.reduce(0, +) / Float(max(block.count, 1))
    let power = block.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(max(block.count, 1))
    powers.append(power)
    if powers.count > memory { powers.removeFirst() }
    openCount -= 1
    if power > max(Self.silence, Self.rise * (powers.min() ?? power)) {
      openCount = max(openCount, hangover)
    }
    return openCount >= 0
  }
}

internal import Glibc

/// How loud a clip is from moment to moment: it tells where speech begins before the output that
/// wrote its first letter, and how long it goes on after the last.
package struct Loudness: Sendable {
  /// The level of each moment, in decibels, measured over twice its length.
  private let levels: [Double]
  /// The level below which a tenth of the clip lies.
  private let quietLevel: Double

  /// How many moments a second has.
  private static let rate = 100.0
  /// How far below a word's loudest moment speech ends, and how far above the quiet of the clip, in
  /// decibels.
  private static let (depth, margin) = (35.0, 3.0)
  /// How far speech may reach beyond the outputs that wrote it, in seconds.
  private static let reach = 0.25
  /// How far it may stay behind them: an output may come late.
  private static let retreat = 0.06

  package init(of samples: [Float], sampleRate: Int) {
    let length = sampleRate / Int(Self.rate)
    levels = stride(from: 0, through: samples.count - length, by: length).map { start in
      let window = samples[max(start - length / 2, 0)..<min(start + length * 3 / 2, samples.count)]
      let energy = window.reduce(Float(0)) { $0 + $1 * $1 } / Float(window.count)
      return 10 * log10(Double(energy) + 1e-9)
    }
    quietLevel = levels.isEmpty ? 0 : levels.sorted()[levels.count / 10]
  }

  /// Where the speech begins and ends that a stretch of time is part of.
  ///
  /// - Parameters:
  ///   - core: the stretch, in seconds.
  ///   - limits: how far the result may reach; the core lies within.
  package func speech(
    around core: ClosedRange<Double>, within limits: ClosedRange<Double>
  ) -> ClosedRange<Double> {
    guard !levels.isEmpty else { return core }
    let coreFirst = min(Int(core.lowerBound * Self.rate), levels.count - 1)
    let coreEnd = min(
      max(Int((core.upperBound * Self.rate - 1e-6).rounded(.up)), coreFirst + 1), levels.count)
    let peak = levels[max(coreFirst - 4, 0)..<min(coreEnd + 4, levels.count)].max() ?? 0
    let threshold = max(peak - Self.depth, quietLevel + Self.margin)
    func moment(_ seconds: Double) -> Int { Int(max(seconds, 0) * Self.rate) }
    let earliest = moment(max(limits.lowerBound, core.lowerBound - Self.reach))
    let latest = min(
      moment(min(limits.upperBound, core.upperBound + Self.reach)), levels.count)
    var (first, end) = (coreFirst, coreEnd)
    while first > earliest, levels[first - 1] > threshold { first -= 1 }
    while end < latest, levels[end] > threshold { end += 1 }
    let late = moment(core.lowerBound + Self.retreat)
    let early = moment(core.upperBound - Self.retreat)
    while first + 1 < end, first < late, levels[first] <= threshold { first += 1 }
    while first + 1 < end, end > early, levels[end - 1] <= threshold { end -= 1 }
    return max(
      first == coreFirst ? core.lowerBound : Double(first) / Self.rate, limits.lowerBound)...min(
        end == coreEnd ? core.upperBound : Double(end) / Self.rate, limits.upperBound)
  }
}

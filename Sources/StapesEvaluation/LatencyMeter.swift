internal import StapesText

/// How long after its sound text comes: from when the last letter's sound was there to when the
/// text was written.
package struct LatencyMeter {
  /// When the sound up to a time, in seconds from the start of the stream, was there.
  private var arrivals: [(seconds: Double, instant: ContinuousClock.Instant)] = []
  private var (partials, finals): ([Double], [Double]) = ([], [])

  /// No text waits longer for its sound, in seconds.
  private static let longestWait = 700.0

  package init() {}

  /// Notes that sound was there.
  package mutating func hear(until seconds: Double, at instant: ContinuousClock.Instant) {
    arrivals.append((seconds, instant))
    // Taken off in large parts, since the others move up.
    guard let first = arrivals.first, first.seconds < seconds - 2 * Self.longestWait else { return }
    arrivals.removeAll { $0.seconds < seconds - Self.longestWait }
  }

  /// Notes that text of sound up to a time was written just now.
  package mutating func tell(_ seconds: Double, isFinal: Bool) {
    guard let heard = arrivals.first(where: { $0.seconds >= seconds }) ?? arrivals.last else {
      return
    }
    let delay = (ContinuousClock.now - heard.instant).inSeconds
    if isFinal { finals.append(delay) } else { partials.append(delay) }
  }

  /// The medians and 95th percentiles, in words.
  package var lines: [String] {
    [("text so far", partials), ("utterances", finals)].compactMap { what, delays in
      guard !delays.isEmpty else { return nil }
      let sorted = delays.sorted()
      func percentile(_ share: Double) -> String {
        (1000 * sorted.quantile(share)).formatted(decimals: 0)
      }
      return "\(what) \(percentile(0.5)) ms after the last letter (95 %: \(percentile(0.95)) ms)"
    }
  }
}

extension [Double] {
  /// The value that a share of these has below it, the nearest one; they are ascending, and some.
  package func quantile(_ share: Double) -> Double {
    self[Int((share * Double(count - 1)).rounded())]
  }
}

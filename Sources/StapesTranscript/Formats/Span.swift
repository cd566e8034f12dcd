internal import StapesText

/// From when to when something is said, in whole milliseconds, as the formats write times.
struct Span: Equatable {
  let start: Int
  let end: Int

  /// Rounds times, in seconds, so that no two overlap and each is at least a millisecond long.
  ///
  /// - Parameter times: in order; where they overlap by rounding or otherwise, the earlier keeps
  ///   its end.
  static func inOrder(_ times: some Sequence<(start: Double, end: Double)>) -> [Span] {
    var free = 0
    return times.map { time in
      let start = max(milliseconds(time.start), free)
      free = max(milliseconds(time.end), start + 1)
      return Span(start: start, end: free)
    }
  }

  /// The spans of words.
  static func inOrder(_ words: [Transcript.Word]) -> [Span] {
    inOrder(words.lazy.map { (start: $0.start, end: $0.end) })
  }
}

/// A time in seconds as whole milliseconds.
func milliseconds(_ seconds: Double) -> Int {
  Int((seconds * 1000).rounded())
}

/// A time as seconds with three decimals, such as "1.250".
func secondsText(_ milliseconds: Int) -> String {
  (Double(milliseconds) / 1000).formatted(decimals: 3)
}

/// A number with zeros in front, such as "007".
package func padded(_ number: Int, digitCount: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(digitCount - digits.count, 0)) + digits
}

/// A number rounded to three decimals, as far as readers care.
package func rounded(_ value: Double) -> Double {
  (value * 1000).rounded() / 1000
}

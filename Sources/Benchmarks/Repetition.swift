/// Repeats work as the peers do: twice to warm up, then for some seconds, but at least 5 and at
/// most 200 times.
///
/// - Returns: the times in seconds.
func repeated(_ repetition: Benchmark.Repetition, seconds: Double) async throws -> [Double] {
  for _ in 0..<2 { _ = try await repetition() }
  let end = ContinuousClock.now + .seconds(seconds)
  var times: [Double] = []
  while times.count < 5 || (ContinuousClock.now < end && times.count < 200) {
    times.append(try await repetition() / .seconds(1))
  }
  return times
}

/// Runs two kinds of work in turn, so that what slows the machine for a while slows both.
///
/// - Returns: the median time of each, in seconds, and the median over the turns of the first's time
///   in units of the second's.
func alternated(
  _ first: Benchmark.Repetition, _ second: Benchmark.Repetition, seconds: Double
) async throws -> (first: Double, second: Double, ratio: Double) {
  var times: [(Double, Double)] = []
  _ = try await (first(), second())
  let end = ContinuousClock.now + .seconds(seconds)
  while times.count < 5 || ContinuousClock.now < end {
    let one = try await first() / .seconds(1)
    times.append((one, try await second() / .seconds(1)))
  }
  return (median(times.map(\.0)), median(times.map(\.1)), median(times.map { $0 / $1 }))
}

/// The median: of an even number of values the mean of the two in the middle.
///
/// - Precondition: there is at least one value.
package func median(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "the median of nothing")
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

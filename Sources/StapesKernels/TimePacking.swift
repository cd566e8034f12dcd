/// How sequences of unequal lengths lie in one matrix: step after step, and within a step the
/// sequences that still run, longest first.
///
/// Step t holds `rowCount(ofStep: t)` rows, at most as many as the step before, so that no row is
/// padding.
public struct TimePacking: Sendable, Equatable {
  /// The sequences by falling length; equal ones as they came.
  public let order: [Int]
  /// The row at which each step begins, and at the end the number of rows.
  public let stepStarts: [Int]

  /// Packs sequences of these lengths; those of length 0 have no rows.
  ///
  /// - Precondition: no length is negative.
  public init(lengths: [Int]) {
    precondition(lengths.allSatisfy { $0 >= 0 }, "lengths \(lengths)")
    order = lengths.indices.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    var starts = [0]
    var running = lengths.count
    for step in 0..<(lengths.max() ?? 0) {
      while lengths[order[running - 1]] <= step { running -= 1 }
      starts.append(starts[step] + running)
    }
    stepStarts = starts
  }

  /// The number of rows of all steps: the sum of the lengths.
  public var rowCount: Int { stepStarts[stepStarts.count - 1] }
  /// The number of steps: the largest length.
  public var stepCount: Int { stepStarts.count - 1 }

  /// The number of sequences that run at a step; 0 before the first step and after the last.
  public func rowCount(ofStep step: Int) -> Int {
    step >= 0 && step < stepCount ? stepStarts[step + 1] - stepStarts[step] : 0
  }
}

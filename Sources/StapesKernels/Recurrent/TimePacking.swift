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

/// One step of a walk through time: its rows, and which of them continue the step before.
struct TimeStep: Sendable, Equatable {
  /// The time, counted from 0 at the beginning of the sequences.
  let time: Int
  /// The rows, one for each sequence that runs.
  let rows: Range<Int>
  /// The first row of the step before in the order of the walk.
  let previousStart: Int
  /// How many rows, the first ones, have a step before; the others begin.
  let previousCount: Int
}

extension TimePacking {
  /// The steps from the first to the last or, reversed, from the last to the first.
  func steps(reversed: Bool) -> [TimeStep] {
    (0..<stepCount).map { index in
      let time = reversed ? stepCount - 1 - index : index
      let before = reversed ? time + 1 : time - 1
      return TimeStep(
        time: time, rows: stepStarts[time]..<stepStarts[time + 1],
        previousStart: index == 0 ? 0 : stepStarts[before],
        previousCount: min(rowCount(ofStep: time), rowCount(ofStep: before)))
    }
  }
}

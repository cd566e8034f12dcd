public import StapesKernels

/// The most probable alignment of some labels with the frames of a recording.
public struct CTCAlignment: Sendable, Equatable {
  /// The natural log-probability of this one alignment.
  public let logProbability: Double
  /// The class of each frame, blank (0) included.
  public let path: [Int]
  /// For each label, the frames that emit it.
  public let labelFrames: [Range<Int>]
}

extension CTC {
  /// Finds the most probable alignment (Viterbi).
  ///
  /// Of several equally probable ones it is the one with the smallest class in the first frame in
  /// which they differ.
  ///
  /// - Parameters:
  ///   - logProbabilities: natural logs, [frames × classes]; −∞ is a probability of zero.
  ///   - labels: classes other than blank, 1 ..< classes.
  /// - Returns: nil when no alignment has a probability above zero: the labels cannot fit, or all
  ///   of their alignments need a class of probability zero or NaN.
  public static func alignment(logProbabilities: Matrix, labels: [Int]) -> CTCAlignment? {
    check(labels, classCount: logProbabilities.columnCount)
    return nil
  }
}

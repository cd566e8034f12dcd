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
  ///   - logProbabilities: natural logs, [frames × classes]. −∞ is a probability of zero; so is
  ///     what is no logarithm of a probability, NaN or +∞.
  ///   - labels: classes other than blank, 1 ..< classes.
  /// - Returns: nil when no alignment has a probability above zero, as when the labels cannot fit.
  ///   No labels and no frames give an empty alignment.
  public static func alignment(logProbabilities: Matrix, labels: [Int]) -> CTCAlignment? {
    check(labels, for: logProbabilities)
    guard requiredFrameCount(labels: labels) <= logProbabilities.rowCount else { return nil }
    var search = AlignmentSearch(labels: labels, frameCount: logProbabilities.rowCount)
    for frame in (0..<logProbabilities.rowCount).reversed() {
      search.prepend(logProbabilities.row(frame))
    }
    return search.best()
  }
}

/// The Viterbi search over the states blank, label, blank, … , label, blank.
///
/// It goes from the last frame to the first, so that the alignment is then read off from its
/// first frame on, where ties are to be decided.
private struct AlignmentSearch {
  private let labels: [Int]
  private let frameCount: Int
  /// The class of each state.
  private let classes: [Int]
  /// Whether a path may go from each state to the one after the next.
  private let canSkip: [Bool]
  /// The most probable end of a path from each state on, the frames so far.
  private var scores: [Double]
  /// How far the most probable path goes on from each state, last frame first.
  private var moves: [UInt8] = []

  init(labels: [Int], frameCount: Int) {
    let classes = [0] + labels.flatMap { [$0, 0] }
    self.labels = labels
    self.frameCount = frameCount
    self.classes = classes
    canSkip = classes.indices.map { state in
      state % 2 == 1 && state + 2 < classes.count && classes[state] != classes[state + 2]
    }
    // As if after the last frame there were one more, in which every path is in the last state.
    scores = [Double](repeating: -.infinity, count: classes.count)
    scores[classes.count - 1] = 0
    moves.reserveCapacity(frameCount * classes.count)
  }

  /// Puts the frame before those so far in front of them.
  mutating func prepend(_ logProbabilities: ArraySlice<Float>) {
    for state in classes.indices {
      var next = state
      if state + 1 < classes.count, isBetter(state + 1, than: next) { next = state + 1 }
      if canSkip[state], isBetter(state + 2, than: next) { next = state + 2 }
      let emission = logProbabilities[logProbabilities.startIndex + classes[state]]
      moves.append(UInt8(next - state))
      scores[state] = scores[next] + CTC.logProbability(emission)
    }
  }

  private func isBetter(_ state: Int, than other: Int) -> Bool {
    scores[state] > scores[other]
      || scores[state] == scores[other] && classes[state] < classes[other]
  }

  /// Reads the alignment off.
  func best() -> CTCAlignment? {
    var state = classes.count > 1 && frameCount > 0 && isBetter(1, than: 0) ? 1 : 0
    guard scores[state] > -.infinity else { return nil }
    let logProbability = scores[state]
    var path: [Int] = []
    var labelFrames = [Range<Int>](repeating: 0..<0, count: labels.count)
    for frame in 0..<frameCount {
      path.append(classes[state])
      if state % 2 == 1 {
        let frames = labelFrames[state / 2]
        labelFrames[state / 2] = (frames.isEmpty ? frame : frames.lowerBound)..<frame + 1
      }
      state += Int(moves[(frameCount - 1 - frame) * classes.count + state])
    }
    return CTCAlignment(logProbability: logProbability, path: path, labelFrames: labelFrames)
  }
}

public import StapesKernels

/// Takes the most probable class of each frame, merges repeats and drops blanks.
///
/// It finds the labels of the single most probable path, which need not be the most probable
/// labels: those may have several paths, which `BeamDecoder` adds up.
public struct GreedyDecoder: Sendable {
  /// The labels by which no text and no word begins; nil for none.
  public var dependents: DependentLabels?

  /// Makes a decoder.
  public init(dependents: DependentLabels? = nil) {
    self.dependents = dependents
  }

  /// Finds the labels of the most probable path.
  ///
  /// Of several equally probable classes of a frame it takes the smallest.
  ///
  /// - Parameter logProbabilities: natural logs, [frames × classes], class 0 being blank; NaN and
  ///   +∞ count as −∞.
  /// - Returns: the labels and the log-probability of the path; no labels and 0 for no frames.
  public func decode(_ logProbabilities: Matrix) -> Hypothesis {
    var search = GreedySearch(dependents: dependents)
    search.step(logProbabilities)
    return search.hypothesis
  }
}

/// The decoding of `GreedyDecoder`, which takes its frames bit by bit.
public struct GreedySearch: Sendable {
  /// What the frames so far hold; its labels do not change any more.
  public private(set) var hypothesis = Hypothesis(labels: [], logProbability: 0)
  /// The class of the last frame.
  private var before = 0

  private let dependents: DependentLabels?

  /// Begins a decoding.
  ///
  /// - Parameter dependents: labels that others must come before; nil for none.
  public init(dependents: DependentLabels? = nil) { self.dependents = dependents }

  /// Goes on by some frames.
  ///
  /// - Parameter logProbabilities: as `GreedyDecoder.decode` has them.
  public mutating func step(_ logProbabilities: Matrix) {
    precondition(
      logProbabilities.rowCount == 0 || logProbabilities.columnCount > 0,
      "\(logProbabilities.rowCount) frames, no classes")
    for frame in 0..<logProbabilities.rowCount {
      var (best, bestScore) = (0, -Double.infinity)
      for (label, logProbability) in logProbabilities.row(frame).enumerated() {
        let score = emission(logProbability)
        if score > bestScore, !isForbidden(label, after: hypothesis.labels.last) {
          (best, bestScore) = (label, score)
        }
      }
      if best != 0, best != before { hypothesis.labels.append(best) }
      hypothesis.logProbability += bestScore
      before = best
    }
  }

  /// Takes labels off the begin of what is there.
  ///
  /// - Parameters:
  ///   - count: how many labels.
  ///   - logProbability: what is taken off the log-probability for them.
  public mutating func removeFirst(_ count: Int, logProbability: Double) {
    hypothesis.labels.removeFirst(count)
    hypothesis.logProbability -= logProbability
  }

  private func isForbidden(_ label: Int, after last: Int?) -> Bool {
    dependents?.forbid(Int32(label), after: Int32(last ?? 0)) == true
  }
}

internal import Glibc

/// Scores label sequences against a filler, frame by frame, in an endless stream.
///
/// A phrase of U labels that started at frame s and ends at the present frame t has the probability
/// that the forward algorithm of connectionist temporal classification gives it (Graves, Fernández,
/// Gomez and Schmidhuber 2006): the sum over all alignments whose first label is at s and whose last
/// label is at t. The filler is the most probable path of any kind through the same frames. With p(c, i)
/// the probability of class c at frame i and π such an alignment,
///
///     score(t) = max over s of ln(Σ over π Π from i = s to t of p(π(i), i) / max over c of p(c, i)) / U
///
/// so a phrase that the best path writes itself has a score of 0 or a little above, and each label
/// that something else is e times as probable as costs 1/U. Memory and work for each frame are
/// bounded.
public struct PhraseSpotter: Sendable {
  /// A label sequence to look for.
  public struct Phrase: Sendable, Equatable {
    /// The labels, at least one; blank, class 0, is none.
    public let labels: [Int]
    /// The most frames from its start to its end.
    public let longestSpan: Int

    /// Makes a phrase.
    public init(labels: [Int], longestSpan: Int) {
      precondition(!labels.isEmpty && !labels.contains(0), "\(labels) is no label sequence")
      (self.labels, self.longestSpan) = (labels, longestSpan)
    }
  }

  /// How probable it is that a phrase ends at the present frame.
  public struct Score: Sendable, Equatable {
    /// The index of the phrase.
    public let phrase: Int
    /// The frame of its first label, counted from the start of the stream; the latest of equally
    /// good ones.
    public let start: Int
    /// In natural logarithms for each label.
    public let value: Double

    /// Makes a score.
    public init(phrase: Int, start: Int, value: Double) {
      (self.phrase, self.start, self.value) = (phrase, start, value)
    }
  }

  /// The phrases.
  public let phrases: [Phrase]
  /// The number of frames so far.
  public private(set) var frameCount = 0
  private var starts: [OpenStarts]

  /// Begins a stream.
  public init(_ phrases: [Phrase]) {
    self.phrases = phrases
    starts = phrases.map(OpenStarts.init)
  }

  /// Takes the next frame.
  ///
  /// - Parameter logProbabilities: natural logs, a class each, class 0 being blank; NaN and +∞
  ///   count as −∞.
  /// - Returns: the scores of the phrases that may end at it, by their index; those whose
  ///   alignments are all together less than 1e-30 as probable as the filler are omitted.
  public mutating func step(_ logProbabilities: ArraySlice<Float>) -> [Score] {
    let emissions = logProbabilities.map(emission)
    let best = emissions.max() ?? -.infinity
    let ratios = emissions.map { best > -.infinity ? exp($0 - best) : 0 }
    var scores: [Score] = []
    for index in starts.indices {
      guard let (start, sum) = starts[index].step(ratios, frame: frameCount) else { continue }
      let value = log(sum) / Double(phrases[index].labels.count)
      scores.append(Score(phrase: index, start: start, value: value))
    }
    frameCount += 1
    return scores
  }
}

/// The alignments of a phrase that are under way, by the frame at which they started.
private struct OpenStarts: Sendable {
  private let labels: [Int]
  private let longestSpan: Int
  /// The frames, ascending.
  private var frames: [Int] = []
  /// For each of them the sums over the alignments that are in each state by now: at label 0, at the
  /// blank behind it, at label 1 and so on to the last label, relative to the filler.
  private var sums: [Double] = []

  /// Alignments that are less probable beside the filler are dropped.
  private static let least = 1e-30

  private var stateCount: Int { 2 * labels.count - 1 }

  init(_ phrase: PhraseSpotter.Phrase) {
    (labels, longestSpan) = (phrase.labels, phrase.longestSpan)
  }

  /// Goes on by a frame.
  ///
  /// - Returns: the start from which it is most probable that the phrase ends here, and how probable
  ///   that is; nil where none is.
  mutating func step(_ ratios: [Double], frame: Int) -> (start: Int, sum: Double)? {
    var kept = 0
    var best: (start: Int, sum: Double)?
    for (row, start) in frames.enumerated() where frame - start < longestSpan {
      guard advance(row, to: kept, ratios) > Self.least else { continue }
      frames[kept] = start
      kept += 1
      take(sums[kept * stateCount - 1], from: start, &best)
    }
    frames.removeSubrange(kept...)
    sums.removeSubrange((kept * stateCount)...)
    let first = ratios[labels[0]]
    guard first > Self.least, longestSpan > 0 else { return best }
    frames.append(frame)
    sums.append(first)
    sums.append(contentsOf: repeatElement(0, count: stateCount - 1))
    if stateCount == 1 { take(first, from: frame, &best) }
    return best
  }

  private func take(_ sum: Double, from start: Int, _ best: inout (start: Int, sum: Double)?) {
    if sum > Self.least, sum >= best?.sum ?? 0 { best = (start, sum) }
  }

  /// Moves the alignments of a row on by a frame, and to another row.
  ///
  /// - Returns: how probable all of them are.
  private mutating func advance(_ row: Int, to place: Int, _ ratios: [Double]) -> Double {
    let (source, target) = (row * stateCount, place * stateCount)
    var (before, last, total) = (0.0, 0.0, 0.0)
    // `last` is what was in the state before this one, and `before` what was in the one before that.
    for state in 0..<stateCount {
      let own = sums[source + state]
      var sum = own + last
      if state.isMultiple(of: 2) {
        let index = state / 2
        if index > 0, labels[index] != labels[index - 1] { sum += before }
        sum *= ratios[labels[index]]
      } else {
        sum *= ratios[0]
      }
      sums[target + state] = sum
      total += sum
      (before, last) = (last, own)
    }
    return total
  }
}

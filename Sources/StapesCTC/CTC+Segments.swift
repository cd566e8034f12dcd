public import StapesKernels

extension CTC {
  /// Finds where each of several texts, said one after the other, lies in a long recording that may
  /// hold other things before, between and after them.
  ///
  /// The texts are one chain of labels and optional blanks, which is gone through once, as in CTC
  /// segmentation (Kürzinger, Winkelbauer, Li, Watzel and Rigoll 2020). Before, between and after
  /// the texts a path may be in a gap, where a frame costs what its best class does and
  /// `gapPenalty` more, or, if that is better, what blank does: so a gap takes up silence and
  /// speech of which there is no text, and none of what is the text's.
  ///
  /// Instead of the paths only the borders of texts are kept, so memory grows with the recording and
  /// the text, not with their product; time does.
  ///
  /// - Parameters:
  ///   - logProbabilities: natural logs, [frames × classes].
  ///   - texts: the labels of each text, classes other than blank; none of them empty.
  ///   - gapPenalty: what a frame in a gap costs at least, in nats.
  ///   - beam: how far below the best path others are followed, in nats; a finite one saves time,
  ///     and can lose the texts where staying in a gap is that much better than what they cost.
  /// - Returns: for each text the frames from its first label to its last; nil where no path goes
  ///   through all texts.
  public static func segments(
    logProbabilities: Matrix, texts: [[Int]], gapPenalty: Double = 0.2,
    beam: Double = .infinity
  ) -> [Range<Int>]? {
    guard !texts.isEmpty else { return [] }
    for labels in texts {
      precondition(!labels.isEmpty, "an empty text")
      check(labels, for: logProbabilities)
    }
    var search = SegmentSearch(texts: texts, gapPenalty: gapPenalty, beam: beam)
    for frame in 0..<logProbabilities.rowCount { search.append(logProbabilities.row(frame)) }
    return search.best()
  }
}

/// The search over the states gap, label, blank, … , label, gap, label, … , label, gap.
private struct SegmentSearch {
  /// A text that a path has gone through, and the one before it.
  private struct Passed {
    let frames: Range<Int>
    /// The position among all passed texts; -1 for none.
    let before: Int
  }

  /// A path, as far as it matters later on.
  private struct Path {
    var score = -Double.infinity
    /// The frame in which its present text began.
    var begin = 0
    /// The last text that it has passed.
    var passed = -1
  }

  private let gapPenalty: Double
  private let beam: Double
  /// The class of each state; that of gaps is blank.
  private var classes = [0]
  /// Whether a state is a gap: before the first text, or after any.
  private var isGap = [true]
  /// Whether a state is the first label of its text.
  private var isFirst = [false]
  private var paths: [Path]
  /// The states whose paths are followed.
  private var active = 0..<1
  private var passed: [Passed] = []
  /// How many passed texts there may be before those of no path are forgotten.
  private var passedLimit = 10_000
  private var frame = 0

  init(texts: [[Int]], gapPenalty: Double, beam: Double) {
    self.gapPenalty = gapPenalty
    self.beam = beam
    for labels in texts {
      for (index, label) in labels.enumerated() {
        classes += [label, 0]
        isFirst += [index == 0, false]
        isGap += [false, index == labels.count - 1]
      }
    }
    paths = [Path](repeating: Path(), count: classes.count)
    // As if before the first frame every path were in the first gap.
    paths[0].score = 0
  }

  /// Goes on by one frame; states are taken from the last to the first, as each needs the paths of
  /// those before it as they were.
  mutating func append(_ row: ArraySlice<Float>) {
    let blank = CTC.logProbability(row[row.startIndex])
    let gap = max(blank, CTC.logProbability(row.max() ?? -.infinity) - gapPenalty)
    var best = -Double.infinity
    let end = min(active.upperBound + 2, classes.count)
    for state in (active.lowerBound..<end).reversed() {
      var path = paths[state]
      if state > 0, paths[state - 1].score > path.score { path = entering(state, from: state - 1) }
      if state % 2 == 1, state > 1, classes[state] != classes[state - 2],
        paths[state - 2].score > path.score
      {
        path = entering(state, from: state - 2)
      }
      let label = classes[state]
      path.score +=
        isGap[state] ? gap : label == 0 ? blank : CTC.logProbability(row[row.startIndex + label])
      paths[state] = path
      best = max(best, path.score)
    }
    frame += 1
    prune(active.lowerBound..<end, below: best - beam)
    if passed.count > passedLimit { forgetUnused() }
  }

  /// The path from another state into a state, with what it passes.
  private mutating func entering(_ state: Int, from other: Int) -> Path {
    var path = paths[other]
    if other % 2 == 1, isGap[state] || isFirst[state] {
      passed.append(Passed(frames: path.begin..<frame, before: path.passed))
      path.passed = passed.count - 1
    }
    if isFirst[state] { path.begin = frame }
    return path
  }

  /// Gives up paths at both ends of the states that are followed.
  private mutating func prune(_ states: Range<Int>, below threshold: Double) {
    var (lower, upper) = (states.lowerBound, states.upperBound)
    while lower < upper, paths[lower].score < threshold {
      paths[lower].score = -.infinity
      lower += 1
    }
    while upper > lower, paths[upper - 1].score < threshold {
      paths[upper - 1].score = -.infinity
      upper -= 1
    }
    active = lower..<upper
  }

  /// Forgets the passed texts that belong to no path any more.
  private mutating func forgetUnused() {
    var isUsed = [Bool](repeating: false, count: passed.count)
    for state in paths.indices {
      if paths[state].score == -.infinity { paths[state].passed = -1 }
      if paths[state].passed >= 0 { isUsed[paths[state].passed] = true }
    }
    for index in passed.indices.reversed() where isUsed[index] && passed[index].before >= 0 {
      isUsed[passed[index].before] = true
    }
    var places = [Int](repeating: -1, count: passed.count)
    var kept: [Passed] = []
    for (index, text) in passed.enumerated() where isUsed[index] {
      places[index] = kept.count
      kept.append(
        Passed(frames: text.frames, before: text.before >= 0 ? places[text.before] : -1))
    }
    for state in paths.indices where paths[state].passed >= 0 {
      paths[state].passed = places[paths[state].passed]
    }
    passed = kept
    passedLimit = max(passedLimit, 2 * kept.count)
  }

  /// Reads the borders off the best path that has passed all texts.
  func best() -> [Range<Int>]? {
    let (last, gap) = (paths[classes.count - 2], paths[classes.count - 1])
    guard max(last.score, gap.score) > -.infinity else { return nil }
    var segments: [Range<Int>] = []
    var index = gap.passed
    if last.score > gap.score {
      segments.append(last.begin..<frame)
      index = last.passed
    }
    while index >= 0 {
      segments.append(passed[index].frames)
      index = passed[index].before
    }
    return segments.reversed()
  }
}

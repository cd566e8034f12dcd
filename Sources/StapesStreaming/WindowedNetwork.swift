package import StapesFeatures
package import StapesKernels
package import StapesNetwork

/// A network that must look ahead, or a normalisation that needs a whole clip, applied to a
/// recording of any length in windows that overlap.
///
/// Each window is computed as a clip of its own. Its outputs count from where the window before was
/// cut to a pause near its end; beyond that place they are computed again with what follows, and
/// the next window begins some time before it, so that the network has seen what came before. The
/// windows depend only on the sound, not on the pieces it comes in.
package struct WindowedNetwork: Sendable {
  /// How windows are laid; all numbers count outputs of the network.
  package struct Layout: Sendable {
    /// A window is computed whenever this many outputs have been added.
    var step: Int
    /// When this many outputs wait, the window is cut even without a long pause.
    var longest: Int
    /// How much before a cut the next window begins.
    var context: Int
    /// The last outputs of a window, which know too little of what follows.
    var lookahead: Int
    /// The number of blank outputs at the end that make a window be cut at once.
    var pause: Int

    package init(step: Int, longest: Int, context: Int, lookahead: Int, pause: Int) {
      self.step = step
      self.longest = longest
      self.context = context
      self.lookahead = lookahead
      self.pause = pause
    }
  }

  private let network: InferenceNetwork
  private let normalization: FeatureNormalization
  private let layout: Layout
  /// The frames from the begin of the next window on, not normalised, [T × F].
  private var frames: Matrix
  /// The number of outputs of the next window that are settled.
  private var settledCount = 0
  /// The number of outputs after those at which the next window is computed.
  private var nextCount: Int
  /// The log-probabilities that are not settled, as of the last window, [n × C].
  package private(set) var preview: Matrix

  package init(_ network: InferenceNetwork, normalization: FeatureNormalization, layout: Layout) {
    self.network = network
    self.normalization = normalization
    self.layout = layout
    frames = Matrix(rowCount: 0, columnCount: network.configuration.featureCount)
    nextCount = layout.step
    preview = Matrix(rowCount: 0, columnCount: network.configuration.classCount)
  }

  /// Processes the next frames, [n × F].
  ///
  /// - Returns: the log-probabilities that are settled by them, [m × C].
  package mutating func logProbabilities(of newFrames: Matrix) -> Matrix {
    frames.appendRows(of: newFrames)
    var settled = Matrix(rowCount: 0, columnCount: preview.columnCount)
    let stride = network.configuration.stride
    while true {
      let end = settledCount + nextCount
      guard end * stride <= frames.rowCount else { return settled }
      let outputs = compute(frames.rows(0..<end * stride))
      nextCount += layout.step
      guard let cut = cut(outputs) else {
        preview = outputs.rows(settledCount..<end)
        continue
      }
      settled.appendRows(of: outputs.rows(settledCount..<cut))
      preview = outputs.rows(cut..<end)
      nextCount -= cut - settledCount
      settledCount = min(cut, layout.context)
      frames = frames.rows((cut - settledCount) * stride..<frames.rowCount)
    }
  }

  /// Ends the recording.
  ///
  /// - Returns: the log-probabilities of the rest of it, [m × C].
  package mutating func finish() -> Matrix {
    guard frames.rowCount > 0 else { return preview.rows(0..<0) }
    let outputs = compute(frames)
    preview = preview.rows(0..<0)
    frames = frames.rows(0..<0)
    let rest = outputs.rows(settledCount..<outputs.rowCount)
    (settledCount, nextCount) = (0, layout.step)
    return rest
  }

  private func compute(_ window: Matrix) -> Matrix {
    var features = window
    normalization.apply(to: &features)
    var outputs = network.logits(of: [features])[0]
    outputs.takeLogSoftmaxOfRows()
    return outputs
  }

  /// Where the outputs of a window are settled to; nil where it is better to wait.
  private func cut(_ outputs: Matrix) -> Int? {
    let end = outputs.rowCount - layout.lookahead
    guard end > settledCount else { return nil }
    let runs = BlankRun.all(in: outputs, range: settledCount..<end)
    if let last = runs.last, last.rows.upperBound == end, last.rows.count >= layout.pause {
      return end
    }
    guard outputs.rowCount - settledCount >= layout.longest else { return nil }
    let middle = (settledCount + end) / 2
    return BlankRun.widest(of: runs, from: middle)?.middle ?? end
  }
}

/// Consecutive outputs of a network whose most probable class is blank.
package struct BlankRun: Equatable {
  /// The outputs.
  var rows: Range<Int>
  /// The output in its middle.
  var middle: Int { (rows.lowerBound + rows.upperBound) / 2 }

  /// All runs among some rows of a matrix of log-probabilities, in order.
  static func all(in outputs: Matrix, range: Range<Int>) -> [BlankRun] {
    var runs: [BlankRun] = []
    for row in range where isBlank(outputs.row(row)) {
      if let last = runs.last, last.rows.upperBound == row {
        runs[runs.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        runs.append(BlankRun(rows: row..<row + 1))
      }
    }
    return runs
  }

  /// The widest of some runs whose middles do not lie before a row; the first of equally wide ones.
  static func widest(of runs: [BlankRun], from row: Int) -> BlankRun? {
    runs.filter { $0.middle >= row }.max { $0.rows.count < $1.rows.count }
  }

  /// Whether blank is the most probable class of an output.
  package static func isBlank(_ output: ArraySlice<Float>) -> Bool {
    guard let blank = output.first else { return false }
    return output.allSatisfy { $0 <= blank }
  }
}

internal import StapesKernels

/// Divides the outputs of a network into utterances, at pauses.
struct UtteranceCutter: Sendable {
  /// The outputs of an utterance.
  struct Piece: Sendable {
    /// Natural logs, [outputs × classes].
    var logProbabilities: Matrix
    /// The number of outputs before it in the stream.
    var start: Int
  }

  /// The outputs since the last cut, [outputs × classes].
  private(set) var open: Piece
  /// The mean square of the sound at each of them.
  private var levels: [Float] = []

  private let (pause, shortest, longest): (Int, Int, Int)
  /// The loudest output with a letter.
  private var peak: Float = 0
  /// The number of the last outputs without a letter, and of those that are also quiet.
  private var (blankCount, quietCount) = (0, 0)
  private var hasLetter = false

  /// 20 dB below the loudest letter, or 70 dB below full scale, is quiet.
  private static let (quietShare, quietLevel): (Float, Float) = (0.01, 1e-7)

  /// - Parameters:
  ///   - options: when to cut.
  ///   - outputRate: outputs per second.
  ///   - classCount: the number of classes.
  init(_ options: StreamOptions, outputRate: Double, classCount: Int) {
    func outputs(_ seconds: Double) -> Int { Int((seconds * outputRate).rounded()) }
    pause = max(1, outputs(options.pauseSeconds))
    shortest = outputs(options.shortestSeconds)
    longest = max(2, outputs(options.longestSeconds))
    open = Piece(logProbabilities: Matrix(rowCount: 0, columnCount: classCount), start: 0)
  }

  /// Takes the next outputs.
  ///
  /// - Parameters:
  ///   - outputs: natural logs, [outputs × classes].
  ///   - levels: the mean square of the sound at each of them.
  /// - Returns: the utterances that end within them.
  mutating func append(_ outputs: Matrix, levels: [Float]) -> [Piece] {
    var pieces: [Piece] = []
    for row in 0..<outputs.rowCount {
      add(outputs.row(row), level: row < levels.count ? levels[row] : 0)
      if let cut { pieces += take(cut) }
    }
    return pieces
  }

  /// Ends the stream; what is open is its last utterance.
  mutating func finish() -> Piece {
    defer { begin(at: open.start + open.logProbabilities.rowCount) }
    return open
  }

  private mutating func add(_ output: ArraySlice<Float>, level: Float) {
    open.logProbabilities.appendRow(output)
    levels.append(level)
    guard BlankRun.isBlank(output) else {
      (blankCount, quietCount, hasLetter) = (0, 0, true)
      peak = max(peak, level)
      return
    }
    blankCount += 1
    let isQuiet = level <= max(Self.quietLevel, Self.quietShare * peak)
    quietCount = isQuiet ? quietCount + 1 : 0
  }

  /// The number of open outputs that are an utterance by now; nil where it goes on.
  private var cut: Int? {
    let count = open.logProbabilities.rowCount
    if hasLetter, count >= shortest {
      if quietCount >= pause { return count - quietCount / 2 }
      if blankCount >= 2 * pause { return count - blankCount / 2 }
    }
    guard count >= longest else { return nil }
    let runs = BlankRun.all(in: open.logProbabilities, range: 0..<count)
    return BlankRun.widest(of: runs, from: count / 2)?.middle ?? count
  }

  /// Takes an utterance off the open outputs, and looks at the rest anew.
  private mutating func take(_ count: Int) -> [Piece] {
    let (outputs, levels, start) = (open.logProbabilities, levels, open.start)
    begin(at: start + count)
    let rest = append(outputs.rows(count..<outputs.rowCount), levels: Array(levels[count...]))
    return [Piece(logProbabilities: outputs.rows(0..<count), start: start)] + rest
  }

  private mutating func begin(at start: Int) {
    open = Piece(logProbabilities: open.logProbabilities.rows(0..<0), start: start)
    levels = []
    (peak, blankCount, quietCount, hasLetter) = (0, 0, 0, false)
  }
}

extension UtteranceCutter.Piece {
  /// The outputs with a letter, from the first to the last, counted from the stream's start; nil
  /// where there is none.
  var spoken: Range<Int>? {
    let rows = (0..<logProbabilities.rowCount).filter {
      !BlankRun.isBlank(logProbabilities.row($0))
    }
    guard let first = rows.first, let last = rows.last else { return nil }
    return start + first..<start + last + 1
  }
}

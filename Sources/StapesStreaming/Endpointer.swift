package import StapesKernels

/// Divides the outputs of a network into utterances, at pauses.
package struct Endpointer: Sendable {
  /// Why the open utterance ends.
  package enum End: Equatable {
    /// A pause; so many outputs are the utterance's.
    case pause(outputCount: Int)
    /// It lasts too long.
    case length
  }

  /// The outputs of an utterance.
  package struct Piece: Sendable {
    /// Natural logs, [outputs × classes].
    package var logProbabilities: Matrix
    /// The number of outputs before it in the stream.
    package var start: Int
  }

  /// The outputs since the last cut, [outputs × classes].
  package private(set) var open: Piece
  /// The mean square of the sound at each of them.
  private var levels: [Float] = []

  /// The number of quiet outputs without a letter that end an utterance.
  package let pause: Int
  private let (shortest, longest): (Int, Int)
  /// The loudest output with a letter.
  private var peak: Float = 0
  /// The number of the last outputs without a letter, and of those that are also quiet.
  private var (blankCount, quietCount) = (0, 0)
  /// Whether the open outputs hold a letter.
  package private(set) var hasLetter = false

  /// 20 dB below the loudest letter, or 70 dB below full scale, is quiet.
  private static let (quietShare, quietLevel): (Float, Float) = (0.01, 1e-7)

  /// - Parameters:
  ///   - pauseSeconds: how long a pause ends an utterance.
  ///   - seconds: how long an utterance may be.
  ///   - outputRate: outputs per second.
  ///   - classCount: the number of classes.
  package init(
    pauseSeconds: Double, utterance seconds: ClosedRange<Double>, outputRate: Double,
    classCount: Int
  ) {
    func outputs(_ seconds: Double) -> Int { Int((seconds * outputRate).rounded()) }
    pause = max(1, outputs(pauseSeconds))
    shortest = outputs(seconds.lowerBound)
    longest = max(2, outputs(seconds.upperBound))
    open = Piece(logProbabilities: Matrix(rowCount: 0, columnCount: classCount), start: 0)
  }

  /// Takes the next output.
  ///
  /// - Parameters:
  ///   - output: natural logs, a class each.
  ///   - level: the mean square of the sound at it.
  package mutating func append(_ output: ArraySlice<Float>, level: Float) {
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

  /// Why the open outputs are an utterance by now; nil where it goes on.
  package var end: End? {
    let count = open.logProbabilities.rowCount
    if hasLetter, count >= shortest {
      if quietCount >= pause { return .pause(outputCount: count - quietCount / 2) }
      if blankCount >= 2 * pause { return .pause(outputCount: count - blankCount / 2) }
    }
    return count >= longest ? .length : nil
  }

  /// The number of open outputs up to the middle of the widest gap in their second half, or of all
  /// where there is none.
  package var gap: Int {
    let count = open.logProbabilities.rowCount
    let runs = BlankRun.all(in: open.logProbabilities, range: 0..<count)
    return BlankRun.widest(of: runs, from: count / 2)?.middle ?? count
  }

  /// Takes an utterance off the open outputs, and looks at the rest anew.
  package mutating func take(_ count: Int) -> Piece {
    let (outputs, levels, start) = (open.logProbabilities, levels, open.start)
    begin(at: start + count)
    for row in count..<outputs.rowCount { append(outputs.row(row), level: levels[row]) }
    return Piece(logProbabilities: outputs.rows(0..<count), start: start)
  }

  private mutating func begin(at start: Int) {
    open = Piece(logProbabilities: open.logProbabilities.rows(0..<0), start: start)
    levels = []
    (peak, blankCount, quietCount, hasLetter) = (0, 0, 0, false)
  }
}

extension Endpointer.Piece {
  /// The outputs with a letter, from the first to the last, counted from the stream's start; nil
  /// where there is none.
  package var spoken: Range<Int>? {
    let rows = (0..<logProbabilities.rowCount).filter {
      !BlankRun.isBlank(logProbabilities.row($0))
    }
    guard let first = rows.first, let last = rows.last else { return nil }
    return start + first..<start + last + 1
  }
}

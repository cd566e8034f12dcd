/// Which slopes over time are appended to the features.
///
/// The slope of a feature x at frame t is that of the line fitted to its neighbours by least
/// squares (Furui, 1986):
///
///     d[t] = (sum over k = 1 … K of k · (x[t+k] - x[t-k])) / (2 · sum over k of k²)
///
/// Frames before the first count as the first, and frames after the last as the last.
public struct DeltaOptions: Codable, Sendable, Equatable {
  /// 1 for the slopes, 2 for the slopes and the slopes of the slopes.
  public var order = 2
  /// K, the neighbours on each side.
  public var window = 2

  /// Makes the default options.
  public init() {}
}

/// Appends slopes over time to rows of features, as soon as the rows they need are known.
///
/// Level 0 holds the features, level 1 their slopes, level 2 the slopes of those. All levels keep
/// the rows from `start` on, each up to where it is known.
struct DeltaStream: Sendable {
  private let columnCount: Int
  private let window: Int
  private var levels: [[Float]]
  private var start = 0
  private var emittedCount = 0

  /// Begins with no rows; a row has `columnCount` features, without slopes.
  init(_ options: DeltaOptions, columnCount: Int) {
    self.columnCount = columnCount
    window = options.window
    levels = Array(repeating: [], count: options.order + 1)
  }

  /// Takes rows of features, joined, and returns the rows that are now known, joined.
  mutating func append(_ rows: [Float]) -> [Float] {
    levels[0] += rows
    return advance(isFinished: false)
  }

  /// Ends the stream and returns the rows left.
  mutating func finish() -> [Float] {
    advance(isFinished: true)
  }

  private mutating func advance(isFinished: Bool) -> [Float] {
    for level in 1..<levels.count {
      let sourceCount = levels[level - 1].count / columnCount
      let firstRow = levels[level].count / columnCount
      for row in firstRow..<max(firstRow, isFinished ? sourceCount : sourceCount - window) {
        appendSlopes(at: row, from: level - 1, sourceCount: sourceCount)
      }
    }
    let rows = joinedRows()
    discard()
    return rows
  }

  /// Appends one row to the level above a level; rows are counted from `start`.
  private mutating func appendSlopes(at row: Int, from level: Int, sourceCount: Int) {
    let norm = Float(window * (window + 1) * (2 * window + 1) / 3)
    for column in 0..<columnCount {
      var sum: Float = 0
      for distance in 1...window {
        let before = max(0, row - distance) * columnCount + column
        let after = min(sourceCount - 1, row + distance) * columnCount + column
        sum += Float(distance) * (levels[level][after] - levels[level][before])
      }
      levels[level + 1].append(sum / norm)
    }
  }

  /// The rows whose every level is known and which have not been returned yet.
  private mutating func joinedRows() -> [Float] {
    let known = (levels.last?.count ?? 0) / columnCount
    var rows: [Float] = []
    rows.reserveCapacity(max(0, known - (emittedCount - start)) * columnCount * levels.count)
    for row in emittedCount - start..<known {
      for level in levels {
        rows += level[row * columnCount..<(row + 1) * columnCount]
      }
    }
    emittedCount = start + known
    return rows
  }

  /// Forgets the rows that no slope will need again.
  private mutating func discard() {
    let count = max(0, emittedCount - window - start)
    for level in levels.indices {
      levels[level].removeFirst(count * columnCount)
    }
    start += count
  }
}

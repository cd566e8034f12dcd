/// The rows of a stream that are still needed, in the order in which they came.
public struct RowQueue: Sendable {
  /// The rows that are kept.
  public private(set) var rows: Matrix
  /// The position in the stream of the first row that is kept.
  public private(set) var start = 0
  /// The number of rows that the stream has had so far.
  public var end: Int { start + rows.rowCount }

  /// Begins a stream of rows of so many columns.
  public init(columnCount: Int) {
    rows = Matrix(rowCount: 0, columnCount: columnCount)
  }

  /// Appends what comes next in the stream; a matrix without rows may have any columns.
  public mutating func append(_ matrix: Matrix) {
    if matrix.rowCount > 0 { rows.appendRows(of: matrix) }
  }

  /// Discards the rows before a position in the stream.
  public mutating func discard(before position: Int) {
    let count = min(max(0, position - start), rows.rowCount)
    guard count > 0 else { return }
    rows = rows.rows(count..<rows.rowCount)
    start += count
  }
}

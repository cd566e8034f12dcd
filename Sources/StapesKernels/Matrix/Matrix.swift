/// A dense matrix of 32-bit floats, stored row after row.
///
/// It is the only thing that the stages of the recogniser hand each other; rows are time.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public private(set) var rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The elements, row after row: element (r, c) is at index `r * columnCount + c`.
  ///
  /// - Precondition: the count stays `rowCount * columnCount`.
  public var values: [Float] {
    get { storage }
    // An observer (`didSet`) would copy all elements whenever one is written.
    _modify {
      yield &storage
      precondition(
        storage.count == rowCount * columnCount,
        "\(storage.count) values for \(rowCount) x \(columnCount)")
    }
  }
  private var storage: [Float]

  /// Makes a matrix of one repeated value.
  ///
  /// - Precondition: both counts are at least 0.
  public init(rowCount: Int, columnCount: Int, repeating value: Float = 0) {
    precondition(rowCount >= 0 && columnCount >= 0, "\(rowCount) x \(columnCount)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = [Float](repeating: value, count: rowCount * columnCount)
  }

  /// Makes a matrix from its elements, row after row.
  ///
  /// - Precondition: there are `rowCount * columnCount` values.
  public init(rowCount: Int, columnCount: Int, values: [Float]) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && values.count == rowCount * columnCount,
      "\(values.count) values for \(rowCount) x \(columnCount)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = values
  }

  /// Makes a matrix from its rows; no rows give a matrix of 0 x 0.
  ///
  /// - Precondition: all rows are of one length.
  public init(rows: [[Float]]) {
    let columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columnCount }, "rows of different lengths")
    self.init(rowCount: rows.count, columnCount: columnCount, values: Array(rows.joined()))
  }

  /// The element in a row and a column, both counted from 0.
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
      return values[row * columnCount + column]
    }
    set {
      precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
      values[row * columnCount + column] = newValue
    }
  }

  /// One row, as a view of the elements (its indices are those of `values`).
  public func row(_ index: Int) -> ArraySlice<Float> {
    values[index * columnCount..<(index + 1) * columnCount]
  }

  /// A copy of some consecutive rows.
  public func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      rowCount: range.count, columnCount: columnCount,
      values: Array(values[range.lowerBound * columnCount..<range.upperBound * columnCount]))
  }

  /// Appends one row.
  ///
  /// - Precondition: the row has `columnCount` elements.
  public mutating func appendRow(_ row: some Collection<Float>) {
    precondition(row.count == columnCount, "a row of \(row.count) for \(columnCount) columns")
    rowCount += 1
    storage += row
  }

  /// Appends all rows of another matrix.
  ///
  /// - Precondition: the other matrix has as many columns.
  public mutating func appendRows(of other: Matrix) {
    precondition(other.columnCount == columnCount, "\(other.columnCount) for \(columnCount)")
    rowCount += other.rowCount
    storage += other.storage
  }
}

extension Matrix {
  /// Makes a matrix whose rows are all the same.
  ///
  /// - Parameters:
  ///   - row: [1 × columnCount].
  ///   - count: the number of rows.
  public init(repeatingRow row: Matrix, count: Int) {
    precondition(row.rowCount == 1, "\(row.rowCount) rows instead of one")
    var values = [Float]()
    values.reserveCapacity(count * row.columnCount)
    for _ in 0..<count { values += row.values }
    self.init(rowCount: count, columnCount: row.columnCount, values: values)
  }

  /// A copy of some consecutive columns.
  public func columns(_ range: Range<Int>) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: range.count)
    result.copyRows(rowCount, of: self, from: 0, column: range.lowerBound)
    return result
  }

  /// Copies rows of another matrix over rows of this one.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - other: the matrix to copy from; `columnCount` of its columns, from `column` on.
  ///   - first: its first row.
  ///   - column: its first column.
  ///   - target: the first row here.
  public mutating func copyRows(
    _ count: Int, of other: Matrix, from first: Int, column: Int = 0, to target: Int = 0
  ) {
    precondition(
      column >= 0 && column + columnCount <= other.columnCount
        && target + count <= rowCount && first + count <= other.rowCount,
      "\(count) rows from \(first), \(columnCount) columns from \(column)")
    let (width, stride) = (columnCount, other.columnCount)
    unsafe values.withUnsafeMutableBufferPointer { to in
      unsafe other.values.withUnsafeBufferPointer { from in
        guard let to = to.baseAddress, let from = from.baseAddress else { return }
        for row in 0..<count {
          unsafe (to + (target + row) * width).update(
            from: from + (first + row) * stride + column, count: width)
        }
      }
    }
  }

  /// The sum of each column, [1 × columnCount].
  public func columnSums() -> Matrix {
    Matrix(rowCount: 1, columnCount: rowCount, repeating: 1).times(self)
  }

  /// Puts matrices of one width below each other; none give [0 × 0].
  public init(joiningRowsOf parts: [Matrix]) {
    let columnCount = parts.first?.columnCount ?? 0
    var values: [Float] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for part in parts {
      precondition(
        part.columnCount == columnCount, "\(part.columnCount) and \(columnCount) columns")
      values.append(contentsOf: part.values)
    }
    self.init(
      rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: columnCount, values: values)
  }

  /// Puts matrices of one height side by side; none give [0 × 0].
  public init(joiningColumnsOf parts: [Matrix]) {
    let rowCount = parts.first?.rowCount ?? 0
    var values: [Float] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for part in parts { precondition(part.rowCount == rowCount, "\(part.rowCount) rows") }
    for row in 0..<rowCount {
      for part in parts { values.append(contentsOf: part.row(row)) }
    }
    self.init(
      rowCount: rowCount, columnCount: parts.reduce(0) { $0 + $1.columnCount }, values: values)
  }
}

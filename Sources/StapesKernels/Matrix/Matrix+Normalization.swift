internal import CKernels

/// What normalising rows caches for the backward pass.
public struct NormalizedRows: Sendable {
  /// (x − mean) / deviation, [N × n].
  fileprivate var values: Matrix
  /// 1 / deviation of each row.
  fileprivate var inverseDeviations: [Float]
}

extension Matrix {
  /// Normalises each row to mean 0 and variance 1, then scales and shifts each column
  /// (layer normalisation: Ba, Kiros and Hinton 2016).
  ///
  /// - Parameters:
  ///   - gain: the columns' scales, [1 × n].
  ///   - bias: the columns' shifts, [1 × n].
  /// - Returns: the cache of the backward pass.
  @discardableResult
  public mutating func normalizeRows(gain: Matrix, bias: Matrix) -> NormalizedRows {
    precondition(
      gain.values.count == columnCount && bias.values.count == columnCount,
      "\(gain.values.count) and \(bias.values.count) for \(columnCount) columns")
    let (rows, columns, epsilon) = (rowCount, columnCount, Float(1e-5))
    var normalized = NormalizedRows(
      values: self, inverseDeviations: [Float](repeating: 0, count: rows))
    unsafe withPointers(&normalized.values.values, &normalized.inverseDeviations) {
      normalized, inverse in
      unsafe stapes_normalize_rows(
        rows, columns, values, gain.values, bias.values, epsilon, normalized, inverse, &values)
    }
    return normalized
  }

  /// Turns the gradient of normalised rows into that of what was normalised.
  ///
  /// - Parameters:
  ///   - rows: what `normalizeRows(gain:bias:)` returned.
  ///   - gain: the columns' scales, [1 × n].
  ///   - gainGradient: what the gradient of the scales is added to.
  ///   - biasGradient: what the gradient of the shifts is added to.
  public mutating func backward(
    through rows: NormalizedRows, gain: Matrix, gainGradient: inout Matrix,
    biasGradient: inout Matrix
  ) {
    precondition(
      rows.values.values.count == values.count && gainGradient.values.count == columnCount
        && biasGradient.values.count == columnCount, "[\(rowCount) x \(columnCount)]")
    let gradient = values
    let (rowCount, columnCount) = (rowCount, columnCount)
    unsafe withPointers(&gainGradient.values, &biasGradient.values) { gainGradient, biasGradient in
      unsafe stapes_normalize_rows_backward(
        rowCount, columnCount, rows.values.values, rows.inverseDeviations, gain.values, gradient,
        &values, gainGradient, biasGradient)
    }
  }

  /// Adds the rows of another matrix times a factor for each column.
  ///
  /// - Parameters:
  ///   - other: the matrix.
  ///   - source: its rows.
  ///   - target: the first row here.
  ///   - factors: the factors; as many as columns.
  public mutating func addRows(
    of other: Matrix, _ source: Range<Int>, to target: Int, timesColumns factors: ArraySlice<Float>
  ) {
    precondition(
      other.columnCount == columnCount && factors.count == columnCount
        && source.upperBound <= other.rowCount && target + source.count <= rowCount,
      "\(source.count) rows of \(other.columnCount) columns to row \(target)")
    let columns = columnCount
    unsafe values.withUnsafeMutableBufferPointer { to in
      unsafe other.values.withUnsafeBufferPointer { from in
        unsafe factors.withUnsafeBufferPointer { factors in
          guard let to = to.baseAddress, let from = from.baseAddress else { return }
          unsafe stapes_add_scaled_columns(
            to + target * columns, from + source.lowerBound * columns, factors.baseAddress,
            source.count, columns)
        }
      }
    }
  }

  /// Adds to one row the sum over rows of a[r][j] · b[r][j].
  ///
  /// - Parameters:
  ///   - row: the row of this matrix; it has n columns.
  ///   - a: a matrix, of whose columns n are taken from `columnOfA` on.
  ///   - rowsOfA: its rows.
  ///   - columnOfA: the first of its columns.
  ///   - b: a matrix, of whose columns the first n are taken.
  ///   - rowsOfB: its first row.
  public mutating func addColumnProducts(
    toRow row: Int, _ a: Matrix, rows rowsOfA: Range<Int>, column columnOfA: Int = 0, _ b: Matrix,
    from rowsOfB: Int
  ) {
    precondition(
      columnOfA + columnCount <= a.columnCount && columnCount <= b.columnCount
        && rowsOfA.upperBound <= a.rowCount && rowsOfB + rowsOfA.count <= b.rowCount
        && row < rowCount, "\(rowsOfA.count) rows of \(columnCount) columns")
    let columns = columnCount
    unsafe values.withUnsafeMutableBufferPointer { to in
      unsafe a.values.withUnsafeBufferPointer { one in
        unsafe b.values.withUnsafeBufferPointer { other in
          guard let to = to.baseAddress, let one = one.baseAddress, let other = other.baseAddress
          else { return }
          unsafe stapes_add_column_products(
            to + row * columns, one + rowsOfA.lowerBound * a.columnCount + columnOfA,
            a.columnCount, other + rowsOfB * b.columnCount, b.columnCount, rowsOfA.count, columns)
        }
      }
    }
  }
}

internal import CKernels

extension Matrix {
  /// The sum of the squares of all elements, in double precision.
  public var squaredNorm: Double {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe stapes_squared_norm(values.baseAddress, values.count)
    }
  }

  /// Adds another matrix of the same shape, times a factor.
  public mutating func add(_ other: Matrix, times factor: Float = 1) {
    precondition(
      rowCount == other.rowCount && columnCount == other.columnCount,
      "[\(rowCount) x \(columnCount)] and [\(other.rowCount) x \(other.columnCount)]")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe other.values.withUnsafeBufferPointer { other in
        unsafe stapes_add_scaled(values.baseAddress, other.baseAddress, factor, values.count)
      }
    }
  }

  /// Multiplies all elements by a factor.
  public mutating func scale(by factor: Float) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe stapes_scale(values.baseAddress, factor, values.count)
    }
  }

  /// Multiplies each element by the one in the same place of another matrix.
  public mutating func multiplyElements(by other: Matrix) {
    precondition(
      rowCount == other.rowCount && columnCount == other.columnCount,
      "[\(rowCount) x \(columnCount)] and [\(other.rowCount) x \(other.columnCount)]")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe other.values.withUnsafeBufferPointer { other in
        unsafe stapes_multiply(values.baseAddress, other.baseAddress, values.count)
      }
    }
  }

  /// Moves each element x towards that of another matrix of the same shape, y: x += gain · (y − x).
  package mutating func move(towards other: Matrix, gain: Float) {
    precondition(
      values.count == other.values.count, "\(values.count) and \(other.values.count) values")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe other.values.withUnsafeBufferPointer { other in
        unsafe stapes_move_towards(values.baseAddress, other.baseAddress, gain, values.count)
      }
    }
  }
}

extension Matrix {
  /// Replaces each row x by its log-softmax, x − ln Σ exp(x).
  ///
  /// A class at −∞ stays there. A row that holds NaN or +∞, or −∞ alone, becomes NaN.
  public mutating func takeLogSoftmaxOfRows() {
    let (rowCount, columnCount) = (rowCount, columnCount)
    guard rowCount > 0, columnCount > 0 else { return }
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe stapes_ctc_kernels_best().pointee
        .log_softmax_rows(values.baseAddress, rowCount, columnCount)
    }
  }
}

extension Matrix {
  /// Replaces each element x of the first rows by ln max(x, floor).
  ///
  /// - Parameters:
  ///   - count: how many rows; the others are left as they are.
  ///   - floor: above 0.
  public mutating func takeLogarithms(ofFirst count: Int, floor: Float) {
    precondition(
      count >= 0 && count <= rowCount && floor > 0, "\(count) of \(rowCount) rows, floor \(floor)")
    let elementCount = count * columnCount
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe stapes_take_logarithm(values.baseAddress, elementCount, floor)
    }
  }

  /// Replaces each element of the first rows by its square root.
  ///
  /// - Parameter count: how many rows; the others are left as they are.
  public mutating func takeSquareRoots(ofFirst count: Int) {
    precondition(count >= 0 && count <= rowCount, "\(count) of \(rowCount) rows")
    let elementCount = count * columnCount
    unsafe values.withUnsafeMutableBufferPointer { values in
      for index in 0..<elementCount { unsafe values[index] = values[index].squareRoot() }
    }
  }
}

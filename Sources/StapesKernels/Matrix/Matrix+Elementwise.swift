internal import CKernels
internal import Glibc

extension Matrix {
  /// The sum of the squares of all elements, in double precision.
  public var squaredNorm: Double {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe stapes_squared_norm(values.baseAddress, values.count)
    }
  }

  /// Adds another matrix of the same shape, times a factor.
  public mutating func add(_ other: Matrix, times factor: Float = 1) {
    unsafe combine(with: other) { unsafe stapes_add_scaled($0, $1, factor, $2) }
  }

  /// Multiplies all elements by a factor.
  public mutating func scale(by factor: Float) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe stapes_scale(values.baseAddress, factor, values.count)
    }
  }

  /// Multiplies each element by the one in the same place of another matrix.
  public mutating func multiplyElements(by other: Matrix) {
    unsafe combine(with: other) { unsafe stapes_multiply($0, $1, $2) }
  }

  /// Moves each element x towards that of another matrix of the same shape, y: x += gain · (y − x).
  package mutating func move(towards other: Matrix, gain: Float) {
    unsafe combine(with: other) { unsafe stapes_move_towards($0, $1, gain, $2) }
  }

  /// Calls a kernel with the elements, those of a matrix of the same shape, and how many they are.
  private mutating func combine(
    with other: Matrix,
    _ kernel: (UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int) -> Void
  ) {
    precondition(
      rowCount == other.rowCount && columnCount == other.columnCount,
      "[\(rowCount) x \(columnCount)] and [\(other.rowCount) x \(other.columnCount)]")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe other.values.withUnsafeBufferPointer { other in
        unsafe kernel(values.baseAddress, other.baseAddress, values.count)
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

  /// The softmax of each row x, exp(x) / Σ exp(x), as exact as its logarithm.
  public func softmaxOfRows() -> Matrix {
    var result = self
    result.takeLogSoftmaxOfRows()
    for index in result.values.indices { result.values[index] = exp(result.values[index]) }
    return result
  }

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
    for index in 0..<count * columnCount { values[index] = values[index].squareRoot() }
  }
}

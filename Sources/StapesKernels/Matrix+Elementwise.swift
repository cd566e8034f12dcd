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

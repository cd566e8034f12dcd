internal import CKernels

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

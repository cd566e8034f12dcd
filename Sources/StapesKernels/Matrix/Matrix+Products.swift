/// OpenBLAS.
private let blas = BLAS()

extension Matrix {
  /// The product A·B.
  ///
  /// - Parameter other: B, [columnCount × n].
  /// - Returns: [rowCount × n]; zeros when `columnCount` is 0.
  public func times(_ other: Matrix) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: other.columnCount)
    result.addProduct(self, other)
    return result
  }

  /// The product A·Bᵀ.
  ///
  /// - Parameter other: B, [n × columnCount].
  /// - Returns: [rowCount × n]; zeros when `columnCount` is 0.
  public func timesTransposed(_ other: Matrix) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: other.rowCount)
    result.addProduct(self, transposed: other)
    return result
  }

  /// Adds A·B to this matrix.
  public mutating func addProduct(_ a: Matrix, _ b: Matrix) {
    precondition(
      a.columnCount == b.rowCount && rowCount == a.rowCount && columnCount == b.columnCount,
      "\(a.shape) times \(b.shape) into \(shape)")
    add(a, BLAS.asItIs, b, BLAS.asItIs, innerCount: a.columnCount)
  }

  /// Adds A·Bᵀ to this matrix.
  public mutating func addProduct(_ a: Matrix, transposed b: Matrix) {
    precondition(
      a.columnCount == b.columnCount && rowCount == a.rowCount && columnCount == b.rowCount,
      "\(a.shape) times transposed \(b.shape) into \(shape)")
    add(a, BLAS.asItIs, b, BLAS.transposed, innerCount: a.columnCount)
  }

  /// Adds Aᵀ·B to this matrix.
  public mutating func addProduct(transposed a: Matrix, _ b: Matrix) {
    precondition(
      a.rowCount == b.rowCount && rowCount == a.columnCount && columnCount == b.columnCount,
      "transposed \(a.shape) times \(b.shape) into \(shape)")
    add(a, BLAS.transposed, b, BLAS.asItIs, innerCount: a.rowCount)
  }

  /// The shape in words, for messages.
  private var shape: String { "[\(rowCount) x \(columnCount)]" }

  private mutating func add(
    _ a: Matrix, _ transposeA: CInt, _ b: Matrix, _ transposeB: CInt,
    innerCount: Int
  ) {
    guard rowCount > 0, columnCount > 0, innerCount > 0 else { return }
    let (m, n, k) = (CInt(rowCount), CInt(columnCount), CInt(innerCount))
    let (lda, ldb) = (CInt(a.columnCount), CInt(b.columnCount))
    unsafe values.withUnsafeMutableBufferPointer { c in
      unsafe a.values.withUnsafeBufferPointer { a in
        unsafe b.values.withUnsafeBufferPointer { b in
          unsafe blas.multiply(
            BLAS.rowMajor, transposeA, transposeB, m, n, k, 1, a.baseAddress, lda,
            b.baseAddress, ldb, 1, c.baseAddress, n)
        }
      }
    }
  }
}

internal import CKernels

/// The left factor A of a product, rounded to bfloat16, [rowCount × columnCount].
struct RoundedRows: Sendable {
  let rowCount: Int
  let columnCount: Int
  fileprivate let pairs: AlignedArray<UInt32>

  /// Rounds A.
  init(_ matrix: Matrix) {
    (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    unsafe pairs = matrix.paired(rowCount * stapes_pair_count(columnCount), by: stapes_pair_rows)
  }

  /// Rounds A = Xᵀ.
  ///
  /// - Parameter matrix: X, [columnCount × rowCount].
  init(transposing matrix: Matrix) {
    (rowCount, columnCount) = (matrix.columnCount, matrix.rowCount)
    unsafe pairs = matrix.paired(
      rowCount * stapes_pair_count(columnCount), by: stapes_pair_columns)
  }
}

/// The right factor B of a product, rounded to bfloat16, [rowCount × columnCount].
struct RoundedPanels: Sendable {
  let rowCount: Int
  let columnCount: Int
  private let panels: AlignedArray<UInt32>

  /// Rounds B.
  init(_ matrix: Matrix) {
    (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    unsafe panels = matrix.paired(
      stapes_pair_panels_count(rowCount, columnCount), by: stapes_pair_panels)
  }

  /// Rounds B = Xᵀ.
  ///
  /// - Parameter matrix: X, [columnCount × rowCount].
  init(transposing matrix: Matrix) {
    (rowCount, columnCount) = (matrix.columnCount, matrix.rowCount)
    unsafe panels = matrix.paired(
      stapes_pair_panels_count(rowCount, columnCount), by: stapes_pair_panels_transposed)
  }

  /// out [rows × columnCount] += a [rows × rowCount] · B, a rounded first.
  func addProduct(
    rows: Int, _ a: UnsafePointer<Float>, stride aStride: Int,
    to out: UnsafeMutablePointer<Float>, stride outStride: Int
  ) {
    let inner = rowCount
    unsafe withUnsafeTemporaryAllocation(
      of: UInt32.self, capacity: rows * stapes_pair_count(inner)
    ) { pairs in
      guard let pairs = pairs.baseAddress else { return }
      unsafe stapes_pair_rows(a, rows, inner, aStride, pairs)
      unsafe addProduct(rows: rows, pairs, to: out, stride: outStride)
    }
  }

  fileprivate func addProduct(
    rows: Int, _ pairs: UnsafePointer<UInt32>, to out: UnsafeMutablePointer<Float>,
    stride outStride: Int
  ) {
    unsafe panels.withPointer { panels in
      unsafe stapes_bfloat16_add_product(
        stapes_bfloat16_kernels_best(), rows, columnCount, rowCount, pairs, panels, out, outStride)
    }
  }
}

extension Matrix {
  /// The elements rounded and stored in so many pairs, by one of the C functions that do so.
  fileprivate func paired(
    _ count: Int,
    by store: (UnsafePointer<Float>?, Int, Int, Int, UnsafeMutablePointer<UInt32>?) -> Void
  ) -> AlignedArray<UInt32> {
    unsafe AlignedArray(count: count) { pairs in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe store(values.baseAddress, rowCount, columnCount, columnCount, pairs)
      }
    }
  }
}

extension Matrix {
  /// Adds A·B to this matrix.
  mutating func addProduct(_ a: RoundedRows, _ b: RoundedPanels) {
    precondition(
      a.columnCount == b.rowCount && rowCount == a.rowCount && columnCount == b.columnCount,
      "[\(a.rowCount) x \(a.columnCount)] times [\(b.rowCount) x \(b.columnCount)]")
    let (rows, stride) = (rowCount, columnCount)
    unsafe values.withUnsafeMutableBufferPointer { out in
      guard let out = out.baseAddress else { return }
      unsafe a.pairs.withPointer { pairs in
        unsafe b.addProduct(rows: rows, pairs, to: out, stride: stride)
      }
    }
  }

  /// Adds A·Bᵀ to this matrix.
  ///
  /// - Parameters:
  ///   - a: A, [rowCount × k].
  ///   - b: B, [columnCount × k].
  ///   - precision: how the product is computed.
  public mutating func addProduct(
    _ a: Matrix, transposed b: Matrix, precision: ProductPrecision
  ) {
    switch precision {
    case .float32: addProduct(a, transposed: b)
    case .bfloat16: addProduct(RoundedRows(a), RoundedPanels(transposing: b))
    }
  }

  /// Adds A·B to this matrix.
  ///
  /// - Parameters:
  ///   - a: A, [rowCount × k].
  ///   - b: B, [k × columnCount].
  ///   - precision: how the product is computed.
  public mutating func addProduct(_ a: Matrix, _ b: Matrix, precision: ProductPrecision) {
    switch precision {
    case .float32: addProduct(a, b)
    case .bfloat16: addProduct(RoundedRows(a), RoundedPanels(b))
    }
  }

  /// Adds Aᵀ·B to this matrix.
  ///
  /// - Parameters:
  ///   - a: Aᵀ, [rowCount × k].
  ///   - b: B, [k × columnCount].
  public mutating func addProduct(_ a: TransposedFactor, _ b: Matrix) {
    switch a.factor {
    case .float32(let a): addProduct(transposed: a, b)
    case .bfloat16(let a): addProduct(a, RoundedPanels(b))
    }
  }
}

/// The transpose of a matrix, made ready to be the left factor of several products.
public struct TransposedFactor: Sendable {
  fileprivate enum Factor: Sendable {
    case float32(Matrix)
    case bfloat16(RoundedRows)
  }

  fileprivate let factor: Factor

  /// Makes Aᵀ ready.
  ///
  /// - Parameters:
  ///   - matrix: A.
  ///   - precision: how the products are computed.
  public init(_ matrix: Matrix, precision: ProductPrecision) {
    factor =
      switch precision {
      case .float32: .float32(matrix)
      case .bfloat16: .bfloat16(RoundedRows(transposing: matrix))
      }
  }
}

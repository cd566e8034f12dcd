internal import CKernels

/// A matrix B, stored once in the panels that the recurrent product reads.
///
/// Packing costs about one pass over B and pays as soon as B is used for a few time steps.
public struct PackedMatrix: Sendable {
  /// The number of B's rows: the length of the sums.
  public let rowCount: Int
  /// The number of B's columns.
  public let columnCount: Int
  private let panels: [Float]

  /// Packs B, [rowCount × columnCount].
  public init(_ matrix: Matrix) {
    self.init(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount,
      rowStride: matrix.columnCount, columnStride: 1, values: matrix.values)
  }

  /// Packs B = Aᵀ.
  ///
  /// - Parameter matrix: A, [columnCount × rowCount].
  public init(transposing matrix: Matrix) {
    self.init(
      rowCount: matrix.columnCount, columnCount: matrix.rowCount,
      rowStride: 1, columnStride: matrix.columnCount, values: matrix.values)
  }

  private init(
    rowCount: Int, columnCount: Int, rowStride: Int, columnStride: Int, values: [Float]
  ) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    let count = stapes_packed_count(rowCount, columnCount)
    unsafe panels = [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      if let panels = buffer.baseAddress {
        unsafe values.withUnsafeBufferPointer { values in
          unsafe stapes_pack(
            values.baseAddress, rowCount, columnCount, rowStride, columnStride, panels)
        }
      }
      initializedCount = count
    }
  }

  func withPanels<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result {
    unsafe panels.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}

extension Matrix {
  /// Adds A·B to this matrix, each element summed in order over the inner index.
  ///
  /// Meant for a B that serves many products of few rows; `addProduct(_:_:)` is for large ones.
  ///
  /// - Parameters:
  ///   - a: A, [rowCount × b.rowCount].
  ///   - b: B, packed, [b.rowCount × columnCount].
  public mutating func addProduct(_ a: Matrix, _ b: PackedMatrix) {
    precondition(
      a.columnCount == b.rowCount && rowCount == a.rowCount && columnCount == b.columnCount,
      "[\(a.rowCount) x \(a.columnCount)] times [\(b.rowCount) x \(b.columnCount)]")
    let (m, n, k) = (rowCount, columnCount, a.columnCount)
    unsafe values.withUnsafeMutableBufferPointer { out in
      unsafe a.values.withUnsafeBufferPointer { a in
        unsafe b.withPanels { panels in
          unsafe stapes_recurrent_kernels_best().pointee.add_product(
            m, n, k, a.baseAddress, k, panels, out.baseAddress, n)
        }
      }
    }
  }
}

internal import CKernels

/// How the large products of a network are computed.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
  /// In 32-bit floats.
  case float32
  /// Both factors are rounded to bfloat16, 8 significant bits, and summed in 32-bit floats: several
  /// times faster where the processor has instructions for it (AMX-BF16 or AVX512_BF16).
  case bfloat16 = "bf16"

  /// Whether this processor has instructions for it.
  public var isSupported: Bool {
    switch self {
    case .float32: true
    case .bfloat16: stapes_bfloat16_kernel_count() > 1
    }
  }
}

/// A matrix B, stored once in the panels that the recurrent product reads.
///
/// Packing costs about one pass over B and pays as soon as B is used for a few time steps.
public struct PackedMatrix: Sendable {
  /// The number of B's rows: the length of the sums.
  public let rowCount: Int
  /// The number of B's columns.
  public let columnCount: Int
  private let panels: Panels

  private enum Panels: Sendable {
    case float32(AlignedArray<Float>)
    case bfloat16(AlignedArray<UInt16>)
    case int8(AlignedArray<Int8>, scales: [Float])
    case rounded(RoundedPanels)
  }

  /// Packs B, [rowCount × columnCount].
  ///
  /// - Parameters:
  ///   - matrix: B.
  ///   - precision: how products with B are computed.
  public init(_ matrix: Matrix, precision: ProductPrecision = .float32) {
    rowCount = matrix.rowCount
    columnCount = matrix.columnCount
    panels =
      switch precision {
      case .float32:
        unsafe .float32(
          matrix.values.packed(rowCount, columnCount, strides: (columnCount, 1), with: stapes_pack))
      case .bfloat16: .rounded(RoundedPanels(matrix))
      }
  }

  /// Packs B = Aᵀ.
  ///
  /// - Parameters:
  ///   - matrix: A, [columnCount × rowCount].
  ///   - precision: how products with B are computed.
  public init(transposing matrix: Matrix, precision: ProductPrecision = .float32) {
    switch precision {
    case .float32: self.init(transposing: .float32(matrix))
    case .bfloat16: self.init(RoundedPanels(transposing: matrix))
    }
  }

  private init(_ rounded: RoundedPanels) {
    (rowCount, columnCount) = (rounded.rowCount, rounded.columnCount)
    panels = .rounded(rounded)
  }

  /// Packs B = Aᵀ in the precision that A is stored in.
  ///
  /// - Parameter weights: A, [columnCount × rowCount].
  public init(transposing weights: WeightMatrix) {
    let (inner, columns) = (weights.columnCount, weights.rowCount)
    (rowCount, columnCount) = (inner, columns)
    panels =
      switch weights {
      case .float32(let matrix):
        unsafe .float32(
          matrix.values.packed(inner, columns, strides: (1, inner), with: stapes_pack))
      case .bfloat16(let matrix):
        unsafe .bfloat16(
          matrix.values.packed(inner, columns, strides: (1, inner), with: stapes_pack_bfloat16))
      case .int8(let matrix):
        unsafe .int8(
          matrix.values.packed(inner, columns, strides: (1, inner), with: stapes_pack_int8),
          scales: matrix.scales)
      }
  }

  /// out [rows × columnCount] += a [rows × rowCount] · B, with the distances from row to row.
  func addProduct(
    rows: Int, _ a: UnsafePointer<Float>, stride aStride: Int,
    to out: UnsafeMutablePointer<Float>, stride outStride: Int,
    using kernels: stapes_recurrent_kernels
  ) {
    let (n, k) = (columnCount, rowCount)
    switch panels {
    case .float32(let panels):
      unsafe panels.withPointer { panels in
        unsafe kernels.add_product(rows, n, k, a, aStride, panels, out, outStride)
      }
    case .bfloat16(let panels):
      unsafe panels.withPointer { panels in
        unsafe kernels.add_product_bfloat16(rows, n, k, a, aStride, panels, out, outStride)
      }
    case .int8(let panels, let scales):
      unsafe panels.withPointer { panels in
        unsafe kernels.add_product_int8(rows, n, k, a, aStride, panels, scales, out, outStride)
      }
    case .rounded(let panels):
      unsafe panels.addProduct(rows: rows, a, stride: aStride, to: out, stride: outStride)
    }
  }
}

extension Array where Element: BitwiseCopyable & Sendable {
  /// Packs a matrix [inner × columns] whose element (k, n) is at k · strides.0 + n · strides.1.
  fileprivate func packed(
    _ inner: Int, _ columns: Int, strides: (Int, Int),
    with pack: (UnsafePointer<Element>?, Int, Int, Int, Int, UnsafeMutablePointer<Element>?) -> Void
  ) -> AlignedArray<Element> {
    unsafe AlignedArray(count: stapes_packed_count(inner, columns)) { panels in
      unsafe withUnsafeBufferPointer { values in
        unsafe pack(values.baseAddress, inner, columns, strides.0, strides.1, panels)
      }
    }
  }
}

extension Matrix {
  /// Adds A·B to this matrix, each element summed in order over the inner index.
  ///
  /// Meant for a B that serves many products: a row's result is the same whatever rows are beside
  /// it. `addProduct(_:_:)` is for a B that is used once.
  ///
  /// - Parameters:
  ///   - a: A, [rowCount × b.rowCount].
  ///   - b: B, packed, [b.rowCount × columnCount].
  public mutating func addProduct(_ a: Matrix, _ b: PackedMatrix) {
    addProduct(a, rows: 0..<a.rowCount, b)
  }

  /// Adds the product of some rows of A and B to this matrix.
  mutating func addProduct(_ a: Matrix, rows: Range<Int>, _ b: PackedMatrix) {
    precondition(
      a.columnCount == b.rowCount && rowCount == rows.count && columnCount == b.columnCount
        && rows.upperBound <= a.rowCount,
      "[\(rows.count) x \(a.columnCount)] times [\(b.rowCount) x \(b.columnCount)]")
    let (outStride, aStride) = (columnCount, a.columnCount)
    unsafe values.withUnsafeMutableBufferPointer { out in
      unsafe a.values.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress, let out = out.baseAddress else { return }
        unsafe b.addProduct(
          rows: rows.count, a + rows.lowerBound * aStride, stride: aStride, to: out,
          stride: outStride, using: stapes_recurrent_kernels_best().pointee)
      }
    }
  }
}

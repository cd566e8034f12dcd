internal import CKernels

/// A constant matrix whose rows hold one run of consecutive weights each, and zeros elsewhere.
///
/// A mel filter bank is one; so is, with full rows, a small dense matrix.
public struct BandedMatrix: Sendable, Equatable {
  /// One row: the weights from column `start` on.
  public struct Band: Sendable, Equatable {
    /// The column of the first weight.
    public let start: Int
    /// The weights, one column after the other.
    public let weights: [Float]

    /// Makes a row from its run of weights.
    public init(start: Int, weights: [Float]) {
      self.start = start
      self.weights = weights
    }
  }

  /// The number of rows.
  public var rowCount: Int { starts.count }
  /// The number of columns.
  public let columnCount: Int

  private let starts: [Int]
  private let lengths: [Int]
  private let weights: [Float]

  /// Makes a matrix from its rows.
  ///
  /// - Precondition: each band lies within `columnCount` columns.
  public init(bands: [Band], columnCount: Int) {
    for band in bands {
      precondition(
        band.start >= 0 && band.start + band.weights.count <= columnCount,
        "\(band.weights.count) weights from column \(band.start) of \(columnCount)")
    }
    self.columnCount = columnCount
    starts = bands.map(\.start)
    lengths = bands.map(\.weights.count)
    weights = bands.flatMap(\.weights)
  }

  /// Computes X·Bᵀ, B being this matrix, for the first rows of X.
  ///
  /// A row of the result depends on its row of X alone, to the last bit: rows may come in blocks
  /// of any size.
  ///
  /// - Parameters:
  ///   - count: how many rows are multiplied; the others are left as they are.
  ///   - rows: X, [at least count × columnCount].
  ///   - result: [at least count × rowCount], receives the product.
  public func multiply(first count: Int, of rows: Matrix, into result: inout Matrix) {
    precondition(
      count >= 0 && count <= rows.rowCount && count <= result.rowCount
        && rows.columnCount == columnCount && result.columnCount == rowCount,
      "\(count) rows of \(rows.columnCount) into [\(result.rowCount) x \(result.columnCount)]")
    unsafe result.values.withUnsafeMutableBufferPointer { result in
      unsafe stapes_banded_product(
        rows.values, count, columnCount, starts, lengths, rowCount, weights,
        result.baseAddress)
    }
  }
}

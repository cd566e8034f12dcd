/// How weights are stored.
///
/// Products expand them and add up in 32-bit floats in every case.
public enum WeightPrecision: String, Sendable, Codable, CaseIterable {
  /// 32-bit floats, as training makes them.
  case float32
  /// The upper halves of 32-bit floats, rounded to nearest even: 8 significant bits.
  case bfloat16 = "bf16"
  /// Integers in -127...127 with one scale for each row of the matrix.
  case int8
}

/// A matrix of weights in the precision that it is stored in, row after row.
public enum WeightMatrix: Sendable, Equatable {
  /// 32-bit floats.
  case float32(Matrix)
  /// The upper halves of 32-bit floats.
  case bfloat16(BrainFloatMatrix)
  /// Integers with a scale for each row.
  case int8(ScaledByteMatrix)

  /// Rounds a matrix to a precision; `float32` keeps it as it is.
  ///
  /// - Precondition: every element is finite.
  public init(_ matrix: Matrix, precision: WeightPrecision) {
    switch precision {
    case .float32: self = .float32(matrix)
    case .bfloat16: self = .bfloat16(BrainFloatMatrix(rounding: matrix))
    case .int8: self = .int8(ScaledByteMatrix(rounding: matrix))
    }
  }

  /// The number of rows.
  public var rowCount: Int {
    switch self {
    case .float32(let matrix): matrix.rowCount
    case .bfloat16(let matrix): matrix.rowCount
    case .int8(let matrix): matrix.rowCount
    }
  }

  /// The number of columns.
  public var columnCount: Int {
    switch self {
    case .float32(let matrix): matrix.columnCount
    case .bfloat16(let matrix): matrix.columnCount
    case .int8(let matrix): matrix.columnCount
    }
  }

  /// The precision that it is stored in.
  public var precision: WeightPrecision {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .int8: .int8
    }
  }

  /// The weights as 32-bit floats.
  public var matrix: Matrix {
    switch self {
    case .float32(let matrix): matrix
    case .bfloat16(let matrix): matrix.matrix
    case .int8(let matrix): matrix.matrix
    }
  }
}

/// A matrix of bfloat16 numbers: the upper halves of 32-bit floats.
public struct BrainFloatMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The elements' bits, row after row.
  public let values: [UInt16]

  /// Makes a matrix from its elements' bits, row after row.
  ///
  /// - Precondition: there are `rowCount * columnCount` values.
  public init(rowCount: Int, columnCount: Int, values: [UInt16]) {
    precondition(values.count == rowCount * columnCount, "\(values.count) values")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  /// Rounds each element to the nearest bfloat16, to the even one of two; what would be rounded to
  /// infinity becomes the largest finite number.
  ///
  /// - Precondition: every element is finite.
  public init(rounding matrix: Matrix) {
    let values = matrix.values.map { value in
      let bits = value.bitPattern
      let rounded = UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
      return rounded & 0x7FFF == 0x7F80 ? rounded - 1 : rounded
    }
    self.init(rowCount: matrix.rowCount, columnCount: matrix.columnCount, values: values)
  }

  /// The elements as 32-bit floats.
  public var matrix: Matrix {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      values: values.map { Float(bitPattern: UInt32($0) << 16) })
  }
}

/// A matrix of integers of 8 bits with one scale for each row: element (r, c) is
/// `scales[r] * values[r * columnCount + c]`.
public struct ScaledByteMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The integers, row after row.
  public let values: [Int8]
  /// The scale of each row.
  public let scales: [Float]

  /// Makes a matrix from its integers, row after row, and the scales of its rows.
  ///
  /// - Precondition: there are `rowCount * columnCount` values and `rowCount` scales.
  public init(rowCount: Int, columnCount: Int, values: [Int8], scales: [Float]) {
    precondition(
      values.count == rowCount * columnCount && scales.count == rowCount,
      "\(values.count) values and \(scales.count) scales for \(rowCount) x \(columnCount)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
    self.scales = scales
  }

  /// Rounds each element to the nearest multiple of its row's scale, which is a 127th of the
  /// largest magnitude of the row; the scale of a row of zeros is 0.
  ///
  /// - Precondition: every element is finite.
  public init(rounding matrix: Matrix) {
    var (values, scales) = ([Int8](), [Float]())
    values.reserveCapacity(matrix.values.count)
    for index in 0..<matrix.rowCount {
      let row = matrix.row(index)
      let scale = (row.lazy.map(abs).max() ?? 0) / 127
      scales.append(scale)
      for value in row {
        let step = scale > 0 ? (value / scale).rounded(.toNearestOrEven) : 0
        values.append(Int8(min(max(step, -127), 127)))
      }
    }
    self.init(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, values: values, scales: scales)
  }

  /// The elements as 32-bit floats.
  public var matrix: Matrix {
    var elements = values.map { Float($0) }
    for row in 0..<rowCount {
      let scale = scales[row]
      for index in row * columnCount..<(row + 1) * columnCount { elements[index] *= scale }
    }
    return Matrix(rowCount: rowCount, columnCount: columnCount, values: elements)
  }
}

extension WeightMatrix {
  /// The transpose, packed for products that are computed so.
  package func packed(for products: ProductPrecision) -> PackedMatrix {
    switch products {
    case .float32: PackedMatrix(transposing: self)
    case .bfloat16: PackedMatrix(transposing: matrix, precision: .bfloat16)
    }
  }
}

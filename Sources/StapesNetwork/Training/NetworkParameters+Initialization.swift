internal import StapesKernels

extension NetworkParameters {
  /// Fresh weights, drawn as the configuration says, matrix after matrix.
  static func random(
    for configuration: NetworkConfiguration, using generator: inout some RandomNumberGenerator
  ) -> NetworkParameters {
    let initialization = configuration.architecture.initialization
    return NetworkParameters(
      tensors: shapes(for: configuration).map { shape in
        NamedMatrix(
          name: shape.name,
          matrix: Matrix(initializing: shape, initialization, using: &generator))
      })
  }
}

extension Matrix {
  /// The fresh weights of a matrix.
  fileprivate init(
    initializing shape: TensorShape, _ initialization: NetworkArchitecture.Initialization,
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(rowCount: shape.rowCount, columnCount: shape.columnCount)
    switch shape.role {
    case .constant(let value): values = values.map { _ in value }
    case .ones(let places):
      for place in places { values[place] = 1 }
    case .input(let unitCount):
      fill(initialization, unitCount: unitCount, using: &generator)
    case .recurrent(let unitCount):
      switch initialization {
      case .orthogonal where unitCount == columnCount:
        self = Matrix(rowCount: 0, columnCount: columnCount)
        while rowCount < shape.rowCount {
          appendRows(of: .randomOrthogonal(size: columnCount, using: &generator))
        }
      case .identity:
        for row in 0..<rowCount where row % unitCount < columnCount {
          self[row, row % unitCount] = 1
        }
      case .orthogonal, .glorot, .he, .uniform:
        fill(initialization, unitCount: unitCount, using: &generator)
      }
    }
  }

  /// Fills the matrix with weights of inputs.
  private mutating func fill(
    _ initialization: NetworkArchitecture.Initialization, unitCount: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    switch initialization {
    case .orthogonal, .glorot, .identity:
      fill(within: (6 / Float(columnCount + unitCount)).squareRoot(), using: &generator)
    case .he:
      let deviation = (2 / Double(columnCount)).squareRoot()
      values = values.map { _ in Float(deviation * generator.nextNormal()) }
    case .uniform(let bound): fill(within: Float(bound), using: &generator)
    }
  }

  /// Fills the matrix with numbers uniform in ±bound.
  private mutating func fill(
    within bound: Float, using generator: inout some RandomNumberGenerator
  ) {
    values = values.map { _ in Float.random(in: -bound...bound, using: &generator) }
  }

  /// A random orthogonal matrix, [size × size]: normal numbers, made orthonormal row by row
  /// (Gram–Schmidt, each row twice, which is enough: Giraud 2005).
  fileprivate static func randomOrthogonal(
    size: Int, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    var result = Matrix(rowCount: 0, columnCount: size)
    while result.rowCount < size {
      var row = Matrix(
        rowCount: 1, columnCount: size,
        values: (0..<size).map { _ in Float(generator.nextNormal()) })
      for _ in 0..<2 {
        row.add(row.timesTransposed(result).times(result), times: -1)
        row.scale(by: Float(1 / row.squaredNorm.squareRoot()))
      }
      result.appendRows(of: row)
    }
    return result
  }
}

internal import StapesKernels

extension NetworkParameters {
  /// Fresh random weights, as `Network.init(configuration:using:)` describes them.
  static func random(
    for configuration: NetworkConfiguration, using generator: inout some RandomNumberGenerator
  ) -> NetworkParameters {
    let hidden = configuration.hiddenSize
    let directionCount = configuration.directionCount
    var parameters = zeros(for: configuration)
    for layer in 0..<configuration.layerCount {
      for direction in 0..<directionCount {
        func position(_ part: Part) -> Int {
          Self.position(part, ofLayer: layer, direction: direction, of: directionCount)
        }
        parameters.tensors[position(.input)].matrix.fillUniformly(
          fanOut: hidden, using: &generator)
        var recurrent = Matrix(rowCount: 0, columnCount: hidden)
        for _ in 0..<4 {
          recurrent.appendRows(of: .randomOrthogonal(size: hidden, using: &generator))
        }
        parameters.tensors[position(.recurrent)].matrix = recurrent
        for unit in hidden..<2 * hidden {
          parameters.tensors[position(.bias)].matrix.values[unit] = 1
        }
      }
    }
    parameters.tensors[parameters.outputPositions.weights].matrix.fillUniformly(
      fanOut: configuration.classCount, using: &generator)
    return parameters
  }
}

extension Matrix {
  /// Fills the matrix with numbers uniform in ±√(6 / (columns + fanOut)).
  fileprivate mutating func fillUniformly(
    fanOut: Int, using generator: inout some RandomNumberGenerator
  ) {
    let bound = (6 / Float(columnCount + fanOut)).squareRoot()
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

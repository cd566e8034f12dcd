public import StapesKernels

/// A matrix of weights with its name in the model file.
public struct NamedMatrix: Sendable, Equatable {
  /// The name, such as `layers.0.forward.recurrent`.
  public let name: String
  /// The weights; a bias is [1 × n].
  public var matrix: Matrix

  /// Names a matrix.
  public init(name: String, matrix: Matrix) {
    self.name = name
    self.matrix = matrix
  }
}

/// All weights of a network; also the shape of gradients, moments and averages.
///
/// First the convolutions' matrices, then for each layer those that its kind names, at the end
/// `output.weights` [C × columns of the last layer's output] and `output.bias` [1 × C].
public struct NetworkParameters: Sendable, Equatable {
  /// The matrices in their fixed order.
  public var tensors: [NamedMatrix]

  /// Takes over matrices; `Network.init(configuration:parameters:)` checks them.
  public init(tensors: [NamedMatrix]) {
    self.tensors = tensors
  }

  /// The name and the shape of each matrix of a network, in order.
  public static func shapes(for configuration: NetworkConfiguration) -> [TensorShape] {
    configuration.plan.shapes
  }

  /// All weights zero.
  public static func zeros(for configuration: NetworkConfiguration) -> NetworkParameters {
    NetworkParameters(
      tensors: shapes(for: configuration).map { shape in
        NamedMatrix(
          name: shape.name,
          matrix: Matrix(rowCount: shape.rowCount, columnCount: shape.columnCount))
      })
  }

  /// The number of weights.
  public var count: Int { tensors.reduce(0) { $0 + $1.matrix.values.count } }

  /// The sum of the squares of all weights.
  public var squaredNorm: Double {
    tensors.reduce(0) { $0 + $1.matrix.squaredNorm }
  }

  /// Adds the weights of another network of the same shape, times a factor.
  public mutating func add(_ other: NetworkParameters, times factor: Float = 1) {
    precondition(tensors.count == other.tensors.count, "networks of different shapes")
    for index in tensors.indices {
      tensors[index].matrix.add(other.tensors[index].matrix, times: factor)
    }
  }

  /// Multiplies all weights by a factor.
  public mutating func scale(by factor: Float) {
    for index in tensors.indices { tensors[index].matrix.scale(by: factor) }
  }

  /// Lends the matrices of one part of a network to be changed.
  mutating func change(_ positions: Range<Int>, _ body: (inout [Matrix]) -> Void) {
    // Nothing else holds them meanwhile, so that none is copied.
    var matrices = positions.map { _ in Matrix(rowCount: 0, columnCount: 0) }
    for (index, position) in positions.enumerated() {
      swap(&matrices[index], &tensors[position].matrix)
    }
    body(&matrices)
    for (index, position) in positions.enumerated() {
      swap(&matrices[index], &tensors[position].matrix)
    }
  }

  /// The matrices of one part of a network.
  func matrices(from first: Int, count: Int) -> [Matrix] {
    tensors[first..<first + count].map(\.matrix)
  }
}

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
/// For each layer and direction: `input` [4H × inputs], `recurrent` [4H × H] and `bias` [1 × 4H]
/// with the gates in the order i f g o; at the end `output.weights` [C × directions · H] and
/// `output.bias` [1 × C].
public struct NetworkParameters: Sendable, Equatable {
  /// The matrices in their fixed order.
  public var tensors: [NamedMatrix]

  /// The parts of one direction of a layer, in the order of `tensors`.
  enum Part: Int, CaseIterable {
    case input
    case recurrent
    case bias
  }

  /// Takes over matrices; `Network.init(configuration:parameters:)` checks them.
  public init(tensors: [NamedMatrix]) {
    self.tensors = tensors
  }

  /// The name and the shape of each matrix of a network, in order.
  public static func shapes(
    for configuration: NetworkConfiguration
  ) -> [(name: String, rowCount: Int, columnCount: Int)] {
    var shapes: [(name: String, rowCount: Int, columnCount: Int)] = []
    let hidden = configuration.hiddenSize
    for layer in 0..<configuration.layerCount {
      for direction in ["forward", "backward"].prefix(configuration.directionCount) {
        let prefix = "layers.\(layer).\(direction)"
        shapes.append(("\(prefix).input", 4 * hidden, configuration.inputCount(ofLayer: layer)))
        shapes.append(("\(prefix).recurrent", 4 * hidden, hidden))
        shapes.append(("\(prefix).bias", 1, 4 * hidden))
      }
    }
    shapes.append(
      ("output.weights", configuration.classCount, configuration.directionCount * hidden))
    shapes.append(("output.bias", 1, configuration.classCount))
    return shapes
  }

  /// All weights zero.
  public static func zeros(for configuration: NetworkConfiguration) -> NetworkParameters {
    NetworkParameters(
      tensors: shapes(for: configuration).map { name, rowCount, columnCount in
        NamedMatrix(name: name, matrix: Matrix(rowCount: rowCount, columnCount: columnCount))
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

  /// The position in `tensors` of a part of one direction of a layer.
  static func position(_ part: Part, ofLayer layer: Int, direction: Int, of directionCount: Int)
    -> Int
  {
    (layer * directionCount + direction) * Part.allCases.count + part.rawValue
  }

  /// The positions of the linear output's weights and bias.
  var outputPositions: (weights: Int, bias: Int) { (tensors.count - 2, tensors.count - 1) }

  /// The positions of the linear output's weights and bias in the parameters of a network.
  static func outputPositions(
    for configuration: NetworkConfiguration
  ) -> (weights: Int, bias: Int) {
    let before =
      configuration.layerCount * configuration.directionCount * Part.allCases.count
    return (before, before + 1)
  }
}

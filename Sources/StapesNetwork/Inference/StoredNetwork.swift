public import StapesKernels

/// A network's shape and its weights in the precision that they are stored in.
///
/// Biases and other vectors are 32-bit floats in every precision. Training needs a `Network`, which `network()` gives
/// where all weights are 32-bit floats; recognition takes any (`InferenceNetwork`).
public struct StoredNetwork: Sendable, Equatable {
  /// The network's shape.
  public let configuration: NetworkConfiguration
  /// The precision of all weights but biases and other vectors.
  public let precision: WeightPrecision
  /// The weights in the order of `NetworkParameters.shapes(for:)`.
  public let weights: [WeightMatrix]

  /// Rounds a network's weights to a precision; `float32` keeps them as they are.
  public init(_ network: Network, precision: WeightPrecision = .float32) {
    configuration = network.configuration
    self.precision = precision
    weights = zip(network.parameters.tensors, configuration.plan.shapes).map { tensor, shape in
      WeightMatrix(tensor.matrix, precision: shape.isMultiplied ? precision : .float32)
    }
  }

  /// Makes a stored network from its weights.
  ///
  /// - Throws: `NetworkError.settingOutOfRange`; `NetworkError.weightsDiffer` when a matrix is
  ///   missing, or is not of the shape and the precision for its place.
  public init(
    configuration: NetworkConfiguration, precision: WeightPrecision, weights: [WeightMatrix]
  ) throws(NetworkError) {
    try configuration.validate()
    let shapes = NetworkParameters.shapes(for: configuration)
    guard weights.count == shapes.count else {
      throw .weightsDiffer(
        name: "all", found: "\(weights.count) matrices", expected: "\(shapes.count)")
    }
    for (found, expected) in zip(weights, shapes) {
      let expectedPrecision = expected.isMultiplied ? precision : .float32
      guard
        found.rowCount == expected.rowCount, found.columnCount == expected.columnCount,
        found.precision == expectedPrecision
      else {
        throw .weightsDiffer(
          name: expected.name,
          found: "[\(found.rowCount) x \(found.columnCount)] as \(found.precision.rawValue)",
          expected: "[\(expected.rowCount) x \(expected.columnCount)] as "
            + expectedPrecision.rawValue)
      }
    }
    self.configuration = configuration
    self.precision = precision
    self.weights = weights
  }

  /// The number of weights.
  public var weightCount: Int { weights.reduce(0) { $0 + $1.rowCount * $1.columnCount } }

  /// How the products of recognition are computed: in bfloat16 where weights are rounded anyway and the
  /// processor has instructions for it; in 32-bit floats where the network may serve a stream, for
  /// whose few rows packing costs more than it saves.
  public var usualProducts: ProductPrecision {
    let mayBeRounded = precision != .float32 && configuration.architecture.isBidirectional
    return mayBeRounded && ProductPrecision.bfloat16.isSupported ? .bfloat16 : .float32
  }

  /// The network, to train it or to round it.
  ///
  /// - Throws: `NetworkError.notFloat32` where the weights are stored in another precision.
  public func network() throws(NetworkError) -> Network {
    guard precision == .float32 else { throw .notFloat32(found: precision) }
    let shapes = NetworkParameters.shapes(for: configuration)
    return try Network(
      configuration: configuration,
      parameters: NetworkParameters(
        tensors: zip(shapes, weights).map { NamedMatrix(name: $0.name, matrix: $1.matrix) }))
  }
}

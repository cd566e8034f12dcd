public import StapesKernels

/// The network of a recogniser: convolutions → stacked frames → layers → a linear layer → logits.
///
/// Letters in the shapes: T frames, T′ outputs (one for each stride), F features, H hidden units,
/// C classes. Sequences of unequal lengths run together, packed by time without padding; a
/// sequence's result does not depend on those beside it.
public struct Network: Sendable {
  /// The network's shape.
  public let configuration: NetworkConfiguration
  /// The network's weights, of the shapes that the configuration gives.
  public var parameters: NetworkParameters

  /// Makes a network with fresh random weights.
  ///
  /// They are drawn as the architecture's `initialization` says.
  ///
  /// - Throws: `NetworkError.settingOutOfRange`.
  public init(
    configuration: NetworkConfiguration, using generator: inout some RandomNumberGenerator
  ) throws(NetworkError) {
    try configuration.validate()
    self.configuration = configuration
    parameters = .random(for: configuration, using: &generator)
  }

  /// Makes a network from its weights.
  ///
  /// - Throws: `NetworkError.settingOutOfRange`; `NetworkError.weightsDiffer` when a matrix is
  ///   missing, is not of the described shape, or is not in its place.
  public init(configuration: NetworkConfiguration, parameters: NetworkParameters)
    throws(NetworkError)
  {
    try configuration.validate()
    let shapes = NetworkParameters.shapes(for: configuration)
    guard parameters.tensors.count == shapes.count else {
      throw .weightsDiffer(
        name: "all", found: "\(parameters.tensors.count) matrices", expected: "\(shapes.count)")
    }
    for (found, expected) in zip(parameters.tensors, shapes) {
      guard found.name == expected.name else {
        throw .weightsDiffer(
          name: expected.name, found: "named “\(found.name)”", expected: "“\(expected.name)”")
      }
      let matrix = found.matrix
      guard matrix.rowCount == expected.rowCount, matrix.columnCount == expected.columnCount
      else {
        throw .weightsDiffer(
          name: found.name, found: "[\(matrix.rowCount) x \(matrix.columnCount)]",
          expected: "[\(expected.rowCount) x \(expected.columnCount)]")
      }
    }
    self.configuration = configuration
    self.parameters = parameters
  }

  /// The logits of some clips; `InferenceNetwork` is faster for many calls.
  ///
  /// - Parameter sequences: each clip's features, [T × F]; a clip may be empty.
  /// - Returns: for each clip, [T′ × C].
  public func logits(of sequences: [Matrix]) -> [Matrix] {
    InferenceNetwork(self).logits(of: sequences)
  }

  /// The network with normal noise added to all weights but biases and gains (Graves 2011), of the
  /// architecture's `weightNoise`; the network itself where that is 0.
  ///
  /// - Parameter seed: what the noise depends on.
  public func withWeightNoise(seed: UInt64) -> Network {
    let deviation = configuration.architecture.weightNoise
    guard deviation > 0 else { return self }
    var network = self
    var generator = SplitMix64(seed: seed)
    for (position, shape) in configuration.plan.shapes.enumerated() where shape.isMultiplied {
      network.parameters.tensors[position].matrix.values = parameters.tensors[position].matrix
        .values.map { $0 + Float(deviation * generator.nextNormal()) }
    }
    return network
  }

  /// The linear output layer: x·Wᵀ + b, [N × C].
  func linearOutput(of input: Matrix, at position: Int) -> Matrix {
    var logits = Matrix(
      repeatingRow: parameters.tensors[position + 1].matrix, count: input.rowCount)
    logits.addProduct(input, transposed: parameters.tensors[position].matrix)
    return logits
  }
}

public import StapesKernels

/// The network of a recogniser: stacked frames → LSTM layers → a linear layer → logits.
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
  /// Input weights are uniform in ±√(6 / (inputs + H)) (Glorot and Bengio 2010), each gate's
  /// recurrent weights orthogonal (Saxe 2013), the forget gate's bias 1 (Jozefowicz 2015), all
  /// other biases 0.
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

  /// The linear output layer: x·Wᵀ + b, [N × C].
  func linearOutput(of input: Matrix) -> Matrix {
    let (weights, bias) = parameters.outputPositions
    var logits = Matrix(
      repeatingRow: parameters.tensors[bias].matrix, count: input.rowCount)
    logits.addProduct(input, transposed: parameters.tensors[weights].matrix)
    return logits
  }
}

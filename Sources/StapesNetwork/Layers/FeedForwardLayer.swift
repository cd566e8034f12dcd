public import StapesKernels

/// Units that see the current input only: y = f(W·x + b).
///
/// It is the baseline without memory.
public struct FeedForwardLayer: Sendable, Equatable {
  /// The number of units.
  public var size: Int
  /// f.
  public var activation: Activation

  /// Describes a layer.
  public init(size: Int, activation: Activation = .relu) {
    self.size = size
    self.activation = activation
  }
}

extension FeedForwardLayer: Layer {
  func validate() throws(NetworkError) {
    try NetworkError.check("hidden size", size, in: 1...16_384)
    try activation.validate()
  }

  func outputCount(inputCount: Int) -> Int { size }

  func shapes(inputCount: Int) -> [TensorShape] {
    [
      TensorShape("weights", size, inputCount, .input(unitCount: size)),
      TensorShape("bias", size),
    ]
  }

  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerCache {
    var output = Matrix(repeatingRow: weights[1], count: input.rowCount)
    output.addProduct(input, transposed: weights[0], precision: setting.precision)
    output.apply(activation)
    return LayerCache(input: input, output: output)
  }

  func backward(
    _ cache: inout LayerCache, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    cache.output.backward(through: activation, gradient: outputGradient)
    let units = cache.output
    gradient.tensors[first].matrix.addProduct(
      TransposedFactor(units, precision: setting.precision), cache.input)
    gradient.tensors[first + 1].matrix.add(units.columnSums())
    guard wantsInputGradient else { return nil }
    var inputGradient = Matrix(rowCount: units.rowCount, columnCount: cache.input.columnCount)
    inputGradient.addProduct(units, weights[0], precision: setting.precision)
    return inputGradient
  }

  func packed(_ weights: [WeightMatrix], for products: ProductPrecision) -> any PackedLayer {
    PackedFeedForwardLayer(
      affine: Affine(weights: weights[0].packed(for: products), bias: weights[1].matrix),
      activation: activation)
  }
}

/// A feed-forward layer with its weights packed; it is its own stream, since it has no state.
private struct PackedFeedForwardLayer: PackedLayer, LayerStream {
  let affine: Affine
  let activation: Activation

  var isCausal: Bool { true }
  var widestColumnCount: Int { affine.bias.columnCount }

  private func outputs(of input: Matrix) -> Matrix {
    var output = affine(input)
    output.apply(activation)
    return output
  }

  func outputs(of input: Matrix, packing: TimePacking) -> Matrix { outputs(of: input) }
  func stream(clipCount: Int) -> any LayerStream { self }
  func outputs(of input: Matrix, rowCounts: [Int]) -> Matrix { outputs(of: input) }
  func finish(with input: Matrix) -> Matrix { outputs(of: input) }
}

extension Activation {
  func validate() throws(NetworkError) {
    if case .clippedRelu(let ceiling) = self, !(ceiling > 0 && ceiling.isFinite) {
      throw .settingOutOfRange(
        name: "ceiling of a clipped unit", found: "\(ceiling)", allowed: "above 0")
    }
  }
}

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

extension FeedForwardLayer: LayerComputation {
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

  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerPass {
    var output = Matrix(repeatingRow: weights[1], count: input.rowCount)
    output.addProduct(input, transposed: weights[0], precision: setting.precision)
    output.apply(activation)
    return LayerPass(input: input, output: output)
  }

  func goBack(
    _ pass: inout LayerPass, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    pass.output.goBack(through: activation, gradient: outputGradient)
    let units = pass.output
    gradient.tensors[first].matrix.addProduct(
      TransposedFactor(units, precision: setting.precision), pass.input)
    gradient.tensors[first + 1].matrix.add(units.columnSums())
    guard wantsInputGradient else { return nil }
    var inputGradient = Matrix(rowCount: units.rowCount, columnCount: pass.input.columnCount)
    inputGradient.addProduct(units, weights[0], precision: setting.precision)
    return inputGradient
  }

  func prepared(_ weights: [WeightMatrix], for products: ProductPrecision) -> PreparedLayer.Work {
    .feedForward(
      Affine(weights: weights[0].packed(for: products), bias: weights[1].matrix), activation)
  }
}

extension Activation {
  func validate() throws(NetworkError) {
    if case .clippedRelu(let ceiling) = self, !(ceiling > 0 && ceiling.isFinite) {
      throw .settingOutOfRange(
        name: "ceiling of a clipped unit", found: "\(ceiling)", allowed: "above 0")
    }
  }
}

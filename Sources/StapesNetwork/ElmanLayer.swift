public import StapesKernels

/// Units that also see their own last outputs, in one direction or both; see `ElmanCell`.
public struct ElmanLayer: Sendable, Equatable {
  /// H: the number of units of each direction.
  public var size: Int
  /// Whether it also reads the sequence from its end to its beginning.
  public var isBidirectional: Bool
  /// What a unit makes of its input.
  public var activation: Activation

  /// Describes a layer.
  public init(size: Int, isBidirectional: Bool = false, activation: Activation = .tanh) {
    self.size = size
    self.isBidirectional = isBidirectional
    self.activation = activation
  }
}

/// The matrices of a direction: `input` [H × inputs], `recurrent` [H × H] and `bias` [1 × H].
extension ElmanLayer: RecurrentLayer {
  var gatesPerUnit: Int { 1 }
  var directionOutputCount: Int { size }

  func validate() throws(NetworkError) {
    try NetworkError.check("hidden size", size, in: 1...16_384)
    try activation.validate()
  }

  var cellShapes: [TensorShape] {
    [
      TensorShape("recurrent", size, size, .recurrent(unitCount: size)),
      TensorShape("bias", size),
    ]
  }

  func forwardCell(_ weights: [WeightMatrix], for products: ProductPrecision) -> RecurrentCell {
    .elman(ElmanCell(recurrent: weights[1].packed(for: products), activation: activation))
  }

  func backwardCell(_ weights: [Matrix], precision: ProductPrecision) -> RecurrentCell {
    .elman(
      ElmanCell(
        recurrent: PackedMatrix(weights[1], precision: precision), activation: activation))
  }

  func addCellGradients(
    _ direction: DirectionGradients, into gradient: inout NetworkParameters, at first: Int
  ) {
    gradient.tensors[first + 1].matrix.addProduct(
      direction.turnedGates, direction.previousHidden)
  }
}

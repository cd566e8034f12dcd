internal import StapesKernels

/// Gated recurrent units, in one direction or both; the equations stand at `GRUCell`.
public struct GRULayer: Sendable, Equatable {
  /// H: the number of units of each direction.
  public var size: Int
  /// Whether it also reads the sequence from its end to its beginning.
  public var isBidirectional: Bool
  /// Whether the reset gate scales h before the candidate's product (Cho 2014), not what comes of
  /// it (cuDNN, PyTorch).
  public var resetsBeforeProduct: Bool

  /// Describes a layer.
  public init(size: Int, isBidirectional: Bool = false, resetsBeforeProduct: Bool = false) {
    self.size = size
    self.isBidirectional = isBidirectional
    self.resetsBeforeProduct = resetsBeforeProduct
  }
}

/// The matrices of a direction: `input` [3H × inputs] and `bias` [1 × 3H] in the order r z n,
/// `recurrent` [2H × H] for r z, `candidate` [H × H] for n, and `candidate_bias` [1 × H] where the
/// reset comes after the product.
extension GRULayer: RecurrentLayer {
  var gatesPerUnit: Int { 3 }
  var directionOutputCount: Int { size }

  var cellShapes: [TensorShape] {
    [
      TensorShape("recurrent", 2 * size, size, .recurrent(unitCount: size)),
      TensorShape("bias", 3 * size),
      TensorShape("candidate", size, size, .recurrent(unitCount: size)),
    ] + (resetsBeforeProduct ? [] : [TensorShape("candidate_bias", size)])
  }

  func forwardCell(_ weights: [WeightMatrix], for products: ProductPrecision) -> RecurrentCell {
    .gru(
      GRUCell(
        hiddenSize: size, gates: weights[1].packed(for: products),
        candidate: weights[3].packed(for: products),
        candidateBias: resetsBeforeProduct ? nil : weights[4].matrix))
  }

  func backwardCell(_ weights: [Matrix], precision: ProductPrecision) -> RecurrentCell {
    .gru(
      GRUCell(
        hiddenSize: size, gates: PackedMatrix(weights[1], precision: precision),
        candidate: PackedMatrix(weights[3], precision: precision),
        candidateBias: resetsBeforeProduct ? nil : weights[4]))
  }

  func addCellGradients(
    _ direction: DirectionGradients, into gradient: inout NetworkParameters, at first: Int
  ) {
    let (gates, auxiliary) = (direction.trace.gates, direction.trace.auxiliary)
    let (precision, previous) = (direction.precision, direction.previousHidden)
    gradient.tensors[first + 1].matrix.addProduct(
      TransposedFactor(gates.columns(0..<2 * size), precision: precision), previous)
    if resetsBeforeProduct {
      gradient.tensors[first + 3].matrix.addProduct(
        TransposedFactor(gates.columns(2 * size..<3 * size), precision: precision), auxiliary)
    } else {
      gradient.tensors[first + 3].matrix.addProduct(
        TransposedFactor(auxiliary, precision: precision), previous)
      gradient.tensors[first + 4].matrix.add(auxiliary.columnSums())
    }
  }
}

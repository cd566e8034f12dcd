/// The plain recurrent cell: h = f(W·x + b + R·h₋₁) with f = tanh or a rectifier (Elman 1990).
///
/// Letters: H units.
public struct ElmanCell: RecurrentCell {
  /// H: the number of units.
  public var size: Int
  /// f.
  public var activation: Activation

  /// Describes a cell.
  public init(size: Int, activation: Activation = .tanh) {
    self.size = size
    self.activation = activation
  }

  /// f.
  public var unitActivation: Activation? { activation }
  /// H.
  public var gateCount: Int { size }

  /// `recurrent` [H × H] and `bias` [1 × H].
  public var parameters: [TensorShape] {
    [
      TensorShape("recurrent", size, size, .recurrent(unitCount: size)),
      TensorShape("bias", size),
    ]
  }

  /// Packs R.
  public func weights(
    _ matrices: [WeightMatrix], pack: (WeightMatrix) -> PackedMatrix
  ) -> PackedMatrix {
    pack(matrices[0])
  }

  /// h = f(a + R·h₋₁).
  public func forward(_ step: CellStep, weights recurrent: PackedMatrix) {
    step.addPreviousHidden(times: recurrent)
    unsafe activation.apply(
      rows: step.rowCount, size: size, to: step.gates, output: step.hidden, stride: step.stride,
      using: step.kernels)
  }

  /// ∂loss/∂h += Rᵀ·∂loss/∂a of the step after.
  public func receive(_ gradients: CellGradients, weights recurrent: PackedMatrix) {
    gradients.addFollowingGates(times: recurrent)
  }

  /// ∂loss/∂a = f′·∂loss/∂h.
  public func backward(
    _ step: CellStep, gradients: CellGradients, weights recurrent: PackedMatrix
  ) {
    unsafe activation.backward(
      rows: step.rowCount, size: size, outputs: step.gates, gradient: gradients.hidden,
      using: step.kernels)
  }

  /// R: ∂a·h₋₁ᵀ, summed over all steps.
  public func addGradients(_ pass: RecurrentBackward, to gradients: inout [Matrix]) {
    gradients[0].addProduct(pass.transposedGates, pass.previousHidden)
  }
}

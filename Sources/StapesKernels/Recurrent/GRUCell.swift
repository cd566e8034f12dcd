internal import CKernels

/// The gated recurrent unit.
///
/// For the gates' inputs a = W·x + b in the order r z n: r = σ(a_r + R_r·h₋₁), z = σ(a_z + R_z·h₋₁)
/// and h = (1 − z)·n + z·h₋₁. Reset before the product (Cho 2014): n = tanh(a_n + R_n·(r·h₋₁)).
/// Reset after it (cuDNN, PyTorch): n = tanh(a_n + r·(R_n·h₋₁ + b_n)). Letters: H units.
///
/// The cache's auxiliary matrix, [N × H], holds r·h₋₁ where the reset comes before; where it comes
/// after, R_n·h₋₁ + b_n, and after the backward pass the gradient of that.
public struct GRUCell: RecurrentCell {
  /// H: the number of units.
  public var size: Int
  /// Whether the reset gate scales h₋₁ before the candidate's product (Cho 2014) instead of the
  /// product (cuDNN, PyTorch).
  public var resetsBeforeProduct: Bool

  /// Describes a cell.
  public init(size: Int, resetsBeforeProduct: Bool = false) {
    self.size = size
    self.resetsBeforeProduct = resetsBeforeProduct
  }

  /// 3H.
  public var gateCount: Int { 3 * size }
  /// H.
  public var auxiliaryCount: Int { size }
  /// H.
  public var carryCount: Int { size }

  /// `recurrent` [2H × H] for r z, `bias` [1 × 3H] in the order r z n, `candidate` [H × H] for n,
  /// and `candidate_bias` [1 × H] where the reset comes after the product.
  public var parameters: [TensorShape] {
    [
      TensorShape("recurrent", 2 * size, size, .recurrent(unitCount: size)),
      TensorShape("bias", 3 * size),
      TensorShape("candidate", size, size, .recurrent(unitCount: size)),
    ] + (resetsBeforeProduct ? [] : [TensorShape("candidate_bias", size)])
  }

  /// (R_r, R_z), R_n and b_n.
  public struct Weights: Sendable {
    let gates: PackedMatrix
    let candidate: PackedMatrix
    let candidateBias: [Float]
  }

  /// Packs (R_r, R_z) and R_n.
  public func weights(
    _ matrices: [WeightMatrix], pack: (WeightMatrix) -> PackedMatrix
  ) -> Weights {
    Weights(
      gates: pack(matrices[0]), candidate: pack(matrices[2]),
      candidateBias: resetsBeforeProduct ? [] : matrices[3].matrix.values)
  }

  /// Computes r, z, n and h.
  public func forward(_ step: CellStep, weights: Weights) {
    step.addPreviousHidden(times: weights.gates)
    let (count, previous) = (step.rowCount, step.previousCount)
    guard resetsBeforeProduct else {
      for row in 0..<count {
        unsafe (step.auxiliary + row * size).update(from: weights.candidateBias, count: size)
      }
      unsafe weights.candidate.addProduct(
        rows: previous, step.hiddenBefore, stride: step.stride, to: step.auxiliary, stride: size,
        using: step.kernels)
      return unsafe step.kernels.gru_forward(
        count, previous, size, step.gates, step.auxiliary, step.hiddenBefore, step.hidden,
        step.stride)
    }
    unsafe step.kernels.gru_reset(
      count, previous, size, step.gates, step.auxiliary, step.hiddenBefore, step.stride)
    unsafe weights.candidate.addProduct(
      rows: previous, step.auxiliary, stride: size, to: step.gates + 2 * size, stride: 3 * size,
      using: step.kernels)
    unsafe step.kernels.gru_candidate(
      count, previous, size, step.gates, step.hiddenBefore, step.hidden, step.stride)
  }

  /// ∂loss/∂h += what went straight to h₋₁ at the step after, and what went through the products.
  public func receive(_ gradients: CellGradients, weights: Weights) {
    let following = gradients.followingCount
    unsafe stapes_add_scaled(gradients.hidden, gradients.carry, 1, following * size)
    gradients.addFollowingGates(times: weights.gates)
    guard !resetsBeforeProduct else { return }
    unsafe weights.candidate.addProduct(
      rows: following, gradients.auxiliary, stride: size, to: gradients.hidden, stride: size,
      using: gradients.kernels)
  }

  /// Takes ∂loss/∂h through z, n and r.
  public func backward(_ step: CellStep, gradients: CellGradients, weights: Weights) {
    let (count, previous) = (step.rowCount, step.previousCount)
    defer { unsafe gradients.carry.update(from: gradients.hidden, count: count * size) }
    guard resetsBeforeProduct else {
      return unsafe step.kernels.gru_backward(
        count, previous, size, step.gates, step.auxiliary, step.hiddenBefore, step.stride,
        gradients.hidden)
    }
    unsafe step.kernels.gru_candidate_backward(
      count, previous, size, step.gates, step.hiddenBefore, step.stride, gradients.hidden)
    // The carry is free until the end of the step: it takes the gradient of r·h₋₁.
    unsafe gradients.carry.update(repeating: 0, count: count * size)
    unsafe weights.candidate.addProduct(
      rows: count, step.gates + 2 * size, stride: 3 * size, to: gradients.carry, stride: size,
      using: step.kernels)
    unsafe step.kernels.gru_reset_backward(
      count, previous, size, step.gates, gradients.carry, step.hiddenBefore, step.stride,
      gradients.hidden)
  }

  /// R_r and R_z: ∂a·h₋₁ᵀ; R_n: ∂a_n·(r·h₋₁)ᵀ, or where the reset comes after, ∂(R_n·h₋₁)·h₋₁ᵀ,
  /// and b_n: ∂(R_n·h₋₁); each summed over all steps.
  public func addGradients(_ pass: RecurrentBackward, to gradients: inout [Matrix]) {
    let (gates, auxiliary) = (pass.cache.gates, pass.cache.auxiliary)
    gradients[0].addProduct(
      pass.transposed(gates, columns: 0..<2 * size), pass.previousHidden)
    if resetsBeforeProduct {
      gradients[2].addProduct(
        pass.transposed(gates, columns: 2 * size..<3 * size), auxiliary)
    } else {
      gradients[2].addProduct(
        TransposedFactor(auxiliary, precision: pass.precision), pass.previousHidden)
      gradients[3].add(auxiliary.columnSums())
    }
  }
}

internal import CKernels

/// The gated recurrent unit.
///
/// For the gates' inputs a = W·x + b in the order r z n: r = σ(a_r + R_r·h₋₁), z = σ(a_z + R_z·h₋₁)
/// and h = (1 − z)·n + z·h₋₁. Reset before the product (Cho 2014): n = tanh(a_n + R_n·(r·h₋₁)).
/// Reset after it (cuDNN, PyTorch): n = tanh(a_n + r·(R_n·h₋₁ + b_n)). Letters: H units.
///
/// The trace's auxiliary matrix, [N × H], holds r·h₋₁ where the reset comes before; where it comes
/// after, R_n·h₋₁ + b_n, and after the way back the gradient of that.
public struct GRUCell: Sendable {
  private let hiddenSize: Int
  private let gates: PackedMatrix
  private let candidate: PackedMatrix
  private let candidateBias: [Float]?

  /// Makes a cell for one way.
  ///
  /// - Parameters:
  ///   - hiddenSize: H.
  ///   - gates: forward (R_r, R_z)ᵀ, [H × 2H]; back (R_r, R_z), [2H × H].
  ///   - candidate: forward R_nᵀ; back R_n, [H × H].
  ///   - candidateBias: b_n, [1 × H], to reset after the product; nil to reset before it.
  public init(
    hiddenSize: Int, gates: PackedMatrix, candidate: PackedMatrix, candidateBias: Matrix?
  ) {
    precondition(
      max(gates.rowCount, gates.columnCount) == 2 * hiddenSize
        && candidate.rowCount == hiddenSize && candidate.columnCount == hiddenSize,
      "[\(gates.rowCount) x \(gates.columnCount)] for \(hiddenSize) hidden units")
    self.hiddenSize = hiddenSize
    self.gates = gates
    self.candidate = candidate
    self.candidateBias = candidateBias?.values
  }
}

extension GRUCell: RecurrentSteps {
  var gateCount: Int { 3 * hiddenSize }
  var memoryCount: Int { 0 }
  var auxiliaryCount: Int { hiddenSize }
  var outputCount: Int { hiddenSize }
  var carryCount: Int { hiddenSize }

  func goForward(
    _ rows: CellRows, to hidden: UnsafeMutablePointer<Float>,
    using kernels: stapes_recurrent_kernels
  ) {
    let size = hiddenSize
    let (count, previous) = unsafe (rows.rowCount, rows.previousCount)
    unsafe gates.addProduct(
      rows: previous, rows.hiddenBefore, stride: rows.stride, to: rows.gates, stride: 3 * size,
      using: kernels)
    if let candidateBias {
      unsafe candidateBias.withUnsafeBufferPointer { bias in
        guard let bias = bias.baseAddress else { return }
        for row in 0..<count {
          unsafe (rows.auxiliary + row * size).update(from: bias, count: size)
        }
      }
      unsafe candidate.addProduct(
        rows: previous, rows.hiddenBefore, stride: rows.stride, to: rows.auxiliary, stride: size,
        using: kernels)
      unsafe kernels.gru_forward(
        count, previous, size, rows.gates, rows.auxiliary, rows.hiddenBefore, hidden,
        rows.stride)
    } else {
      unsafe kernels.gru_reset(
        count, previous, size, rows.gates, rows.auxiliary, rows.hiddenBefore, rows.stride)
      unsafe candidate.addProduct(
        rows: previous, rows.auxiliary, stride: size, to: rows.gates + 2 * size, stride: 3 * size,
        using: kernels)
      unsafe kernels.gru_candidate(
        count, previous, size, rows.gates, rows.hiddenBefore, hidden, rows.stride)
    }
  }

  func receive(_ after: CellGradients, using kernels: stapes_recurrent_kernels) {
    let size = hiddenSize
    let following = unsafe after.followingCount
    unsafe stapes_add_scaled(after.hidden, after.carry, 1, following * size)
    unsafe gates.addProduct(
      rows: following, after.gates, stride: 3 * size, to: after.hidden, stride: size,
      using: kernels)
    guard candidateBias != nil else { return }
    unsafe candidate.addProduct(
      rows: following, after.auxiliary, stride: size, to: after.hidden, stride: size,
      using: kernels)
  }

  func goBack(
    _ rows: CellRows, from after: CellGradients, using kernels: stapes_recurrent_kernels
  ) {
    let size = hiddenSize
    let count = unsafe rows.rowCount
    if candidateBias != nil {
      unsafe kernels.gru_backward(
        count, rows.previousCount, size, rows.gates, rows.auxiliary, rows.hiddenBefore,
        rows.stride, after.hidden)
      unsafe after.carry.update(from: after.hidden, count: count * size)
    } else {
      unsafe kernels.gru_candidate_backward(
        count, rows.previousCount, size, rows.gates, rows.hiddenBefore, rows.stride, after.hidden)
      // The carry is free until the end of the step: it takes the gradient of r·h₋₁.
      unsafe after.carry.update(repeating: 0, count: count * size)
      unsafe candidate.addProduct(
        rows: count, rows.gates + 2 * size, stride: 3 * size, to: after.carry, stride: size,
        using: kernels)
      unsafe kernels.gru_reset_backward(
        count, rows.previousCount, size, rows.gates, after.carry, rows.hiddenBefore, rows.stride,
        after.hidden)
      unsafe after.carry.update(from: after.hidden, count: count * size)
    }
  }
}

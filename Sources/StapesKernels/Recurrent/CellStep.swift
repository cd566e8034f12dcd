internal import CKernels

/// The rows of one step as a cell works on them; a sweep makes it, while it lends its memory.
@safe
public struct CellStep {
  /// How many rows the step has.
  let rowCount: Int
  /// How many of them, the first ones, have a step before; the others begin from zero.
  let previousCount: Int
  /// The gates, [rows × G].
  let gates: UnsafeMutablePointer<Float>
  let gateCount: Int
  /// The memory, [rows × memoryCount].
  let memory: UnsafeMutablePointer<Float>
  /// The memory of the step before, [previous rows × memoryCount].
  let memoryBefore: UnsafeMutablePointer<Float>
  /// What else is cached, [rows × auxiliaryCount].
  let auxiliary: UnsafeMutablePointer<Float>
  /// h, [rows × R], with `stride` from row to row.
  let hidden: UnsafeMutablePointer<Float>
  /// h of the step before, [previous rows × R], with `stride` from row to row.
  let hiddenBefore: UnsafeMutablePointer<Float>
  /// The distance from row to row of h.
  let stride: Int
  let kernels: stapes_recurrent_kernels

  /// gates += h₋₁·weights, from the first gate on.
  func addPreviousHidden(times weights: PackedMatrix) {
    unsafe weights.addProduct(
      rows: previousCount, hiddenBefore, stride: stride, to: gates, stride: gateCount,
      using: kernels)
  }
}

/// The gradients that reach one step on the backward pass.
@safe
public struct CellGradients {
  /// How many rows also run at the step after.
  let followingCount: Int
  /// The gradients of the gates' inputs at the step after, [following rows × G].
  let gates: UnsafeMutablePointer<Float>
  let gateCount: Int
  /// What the cell cached at the step after, [following rows × auxiliaryCount].
  let auxiliary: UnsafeMutablePointer<Float>
  /// The gradient of h, [rows × R]: that of the layers above on entry.
  let hidden: UnsafeMutablePointer<Float>
  let outputCount: Int
  /// What the step after left for this one, and this leaves for the one before,
  /// [rows × carryCount].
  let carry: UnsafeMutablePointer<Float>
  let kernels: stapes_recurrent_kernels

  /// ∂loss/∂h += the gates' gradients at the step after · weights, from the first gate on.
  func addFollowingGates(times weights: PackedMatrix) {
    unsafe weights.addProduct(
      rows: followingCount, gates, stride: gateCount, to: hidden, stride: outputCount,
      using: kernels)
  }
}

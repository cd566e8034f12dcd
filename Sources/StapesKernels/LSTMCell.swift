internal import CKernels

/// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate of Gers 2000).
///
/// For the gates' inputs a = W·x + b + R·h₋₁ in the order i f g o: i, f, o = σ(a), g = tanh(a);
/// c = f·c₋₁ + i·g; m = o·tanh(c); h = m. With peepholes p (Gers 2002) the gates see the cell:
/// p_i·c₋₁ and p_f·c₋₁ are added to a_i and a_f, and p_o·c to a_o. With a projection P (Sak 2014)
/// h = P·m is narrower. Letters: H units of c, R columns of h; without projection R is H.
///
/// The trace's memory is c. With a projection its auxiliary matrix, [N × H + R], holds m, and after
/// the way back the gradient of h.
public struct LSTMCell: Sendable {
  private let hiddenSize: Int
  private let recurrent: PackedMatrix
  private let projection: PackedMatrix?
  private let peepholes: [Float]

  /// Makes a cell for one way.
  ///
  /// - Parameters:
  ///   - hiddenSize: H.
  ///   - recurrent: forward Rᵀ, [R × 4H]; back R, [4H × R].
  ///   - projection: forward Pᵀ, [H × R]; back P, [R × H]; nil for none.
  ///   - peepholes: [3 × H], for i f o; nil for none.
  public init(
    hiddenSize: Int, recurrent: PackedMatrix, projection: PackedMatrix? = nil,
    peepholes: Matrix? = nil
  ) {
    precondition(
      max(recurrent.rowCount, recurrent.columnCount) == 4 * hiddenSize,
      "[\(recurrent.rowCount) x \(recurrent.columnCount)] for \(hiddenSize) hidden units")
    self.hiddenSize = hiddenSize
    self.recurrent = recurrent
    self.projection = projection
    self.peepholes = peepholes?.values ?? []
  }
}

extension LSTMCell: RecurrentSteps {
  var gateCount: Int { 4 * hiddenSize }
  var memoryCount: Int { hiddenSize }
  var auxiliaryCount: Int { projection == nil ? 0 : hiddenSize + outputCount }
  var outputCount: Int { min(recurrent.rowCount, recurrent.columnCount) }
  var carryCount: Int { hiddenSize }

  func goForward(
    _ rows: CellRows, to hidden: UnsafeMutablePointer<Float>,
    using kernels: stapes_recurrent_kernels
  ) {
    let (size, width) = (hiddenSize, auxiliaryCount)
    unsafe recurrent.addProduct(
      rows: rows.previousCount, rows.hiddenBefore, stride: rows.stride, to: rows.gates,
      stride: 4 * size, using: kernels)
    let (m, stride) =
      unsafe projection == nil ? (hidden, rows.stride) : (rows.auxiliary, width)
    if peepholes.isEmpty {
      unsafe kernels.lstm_forward(
        rows.rowCount, rows.previousCount, size, rows.gates, rows.memoryBefore, rows.memory, m,
        stride)
    } else {
      unsafe kernels.lstm_peephole_forward(
        rows.rowCount, rows.previousCount, size, peepholes, rows.gates, rows.memoryBefore,
        rows.memory, m, stride)
    }
    guard let projection else { return }
    for row in unsafe 0..<rows.rowCount {
      unsafe (hidden + row * rows.stride).update(repeating: 0, count: outputCount)
    }
    unsafe projection.addProduct(
      rows: rows.rowCount, m, stride: stride, to: hidden, stride: rows.stride, using: kernels)
  }

  func receive(_ after: CellGradients, using kernels: stapes_recurrent_kernels) {
    unsafe recurrent.addProduct(
      rows: after.followingCount, after.gates, stride: 4 * hiddenSize, to: after.hidden,
      stride: outputCount, using: kernels)
  }

  func goBack(
    _ rows: CellRows, from after: CellGradients, using kernels: stapes_recurrent_kernels
  ) {
    let (size, width, outputs) = (hiddenSize, auxiliaryCount, outputCount)
    guard let projection else {
      return unsafe goBack(rows, gradient: after.hidden, carry: after.carry, using: kernels)
    }
    for row in unsafe 0..<rows.rowCount {
      unsafe (rows.auxiliary + row * width + size).update(
        from: after.hidden + row * outputs, count: outputs)
    }
    let rowCount = unsafe rows.rowCount
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: rowCount * size) { m in
      guard let m = m.baseAddress else { return }
      unsafe m.initialize(repeating: 0, count: rowCount * size)
      unsafe projection.addProduct(
        rows: rowCount, after.hidden, stride: outputs, to: m, stride: size, using: kernels)
      unsafe goBack(rows, gradient: m, carry: after.carry, using: kernels)
    }
  }

  /// Goes back from the gradient of m.
  private func goBack(
    _ rows: CellRows, gradient: UnsafePointer<Float>, carry: UnsafeMutablePointer<Float>,
    using kernels: stapes_recurrent_kernels
  ) {
    if peepholes.isEmpty {
      unsafe kernels.lstm_backward(
        rows.rowCount, rows.previousCount, hiddenSize, rows.gates, rows.memoryBefore, rows.memory,
        gradient, carry)
    } else {
      unsafe kernels.lstm_peephole_backward(
        rows.rowCount, rows.previousCount, hiddenSize, peepholes, rows.gates, rows.memoryBefore,
        rows.memory, gradient, carry)
    }
  }
}

internal import CKernels

/// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate of Gers 2000).
///
/// For the gates' inputs a = W·x + b + R·h₋₁ in the order i f g o: i, f, o = σ(a), g = tanh(a);
/// c = f·c₋₁ + i·g; m = o·tanh(c); h = m. With peepholes p (Gers 2002) the gates see the cell:
/// p_i·c₋₁ and p_f·c₋₁ are added to a_i and a_f, and p_o·c to a_o. With a projection P (Sak 2014)
/// h = P·m is narrower. Letters: H units of c, R columns of h; without projection R is H.
///
/// The cache's memory is c. With a projection its auxiliary matrix, [N × H + R], holds m, and after
/// the backward pass the gradient of h.
public struct LSTMCell: RecurrentCell {
  /// H: the number of units.
  public var size: Int
  /// Whether the gates see the cell (Gers 2002).
  public var hasPeepholes: Bool
  /// R: the outputs that the units' are projected to (Sak 2014); nil for none.
  public var projectionSize: Int?

  /// Describes a cell.
  public init(size: Int, hasPeepholes: Bool = false, projectionSize: Int? = nil) {
    self.size = size
    self.hasPeepholes = hasPeepholes
    self.projectionSize = projectionSize
  }

  /// 4H.
  public var gateCount: Int { 4 * size }
  /// R.
  public var outputCount: Int { projectionSize ?? size }
  /// H.
  public var memoryCount: Int { size }
  /// H + R with a projection, else none.
  public var auxiliaryCount: Int { projectionSize.map { size + $0 } ?? 0 }
  /// H.
  public var carryCount: Int { size }

  /// `recurrent` [4H × R] and `bias` [1 × 4H] in the order i f g o; with peepholes `peepholes`
  /// [3 × H] in the order i f o, and with a projection `projection` [R × H].
  ///
  /// The bias of the forget gate is 1 at first (Jozefowicz 2015).
  public var parameters: [TensorShape] {
    var shapes = [
      TensorShape("recurrent", 4 * size, outputCount, .recurrent(unitCount: size)),
      TensorShape("bias", 1, 4 * size, .ones(size..<2 * size)),
    ]
    if hasPeepholes { shapes.append(TensorShape("peepholes", 3, size, .constant(0))) }
    if let projectionSize {
      shapes.append(
        TensorShape("projection", projectionSize, size, .input(unitCount: projectionSize)))
    }
    return shapes
  }

  private var peepholePosition: Int { 2 }
  private var projectionPosition: Int { hasPeepholes ? 3 : 2 }

  /// R, P and p.
  public struct Weights: Sendable {
    let recurrent: PackedMatrix
    let projection: PackedMatrix?
    let peepholes: [Float]
  }

  /// Packs R and P.
  public func weights(
    _ matrices: [WeightMatrix], pack: (WeightMatrix) -> PackedMatrix
  ) -> Weights {
    Weights(
      recurrent: pack(matrices[0]),
      projection: projectionSize == nil ? nil : pack(matrices[projectionPosition]),
      peepholes: hasPeepholes ? matrices[peepholePosition].matrix.values : [])
  }

  /// Computes c and h.
  public func forward(_ step: CellStep, weights: Weights) {
    step.addPreviousHidden(times: weights.recurrent)
    let width = auxiliaryCount
    let (m, stride) =
      unsafe projectionSize == nil ? (step.hidden, step.stride) : (step.auxiliary, width)
    if hasPeepholes {
      unsafe step.kernels.lstm_peephole_forward(
        step.rowCount, step.previousCount, size, weights.peepholes, step.gates,
        step.memoryBefore, step.memory, m, stride)
    } else {
      unsafe step.kernels.lstm_forward(
        step.rowCount, step.previousCount, size, step.gates, step.memoryBefore, step.memory, m,
        stride)
    }
    guard let projection = weights.projection else { return }
    for row in 0..<step.rowCount {
      unsafe (step.hidden + row * step.stride).update(repeating: 0, count: outputCount)
    }
    unsafe projection.addProduct(
      rows: step.rowCount, m, stride: stride, to: step.hidden, stride: step.stride,
      using: step.kernels)
  }

  /// ∂loss/∂h += Rᵀ·∂loss/∂a of the step after.
  public func receive(_ gradients: CellGradients, weights: Weights) {
    gradients.addFollowingGates(times: weights.recurrent)
  }

  /// Takes ∂loss/∂h through P, the output gate, c and the other gates.
  public func backward(_ step: CellStep, gradients: CellGradients, weights: Weights) {
    guard let projection = weights.projection else {
      return unsafe backward(
        step, gradient: gradients.hidden, carry: gradients.carry, peepholes: weights.peepholes)
    }
    let (width, outputs, count) = (auxiliaryCount, outputCount, step.rowCount)
    for row in 0..<count {
      unsafe (step.auxiliary + row * width + size).update(
        from: gradients.hidden + row * outputs, count: outputs)
    }
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count * size) { m in
      guard let m = m.baseAddress else { return }
      unsafe m.initialize(repeating: 0, count: count * size)
      unsafe projection.addProduct(
        rows: count, gradients.hidden, stride: outputs, to: m, stride: size,
        using: step.kernels)
      unsafe backward(step, gradient: m, carry: gradients.carry, peepholes: weights.peepholes)
    }
  }

  /// Takes the gradient of m through the gates.
  private func backward(
    _ step: CellStep, gradient: UnsafePointer<Float>, carry: UnsafeMutablePointer<Float>,
    peepholes: [Float]
  ) {
    if hasPeepholes {
      unsafe step.kernels.lstm_peephole_backward(
        step.rowCount, step.previousCount, size, peepholes, step.gates, step.memoryBefore,
        step.memory, gradient, carry)
    } else {
      unsafe step.kernels.lstm_backward(
        step.rowCount, step.previousCount, size, step.gates, step.memoryBefore, step.memory,
        gradient, carry)
    }
  }

  /// R: ∂a·h₋₁ᵀ; p_i and p_f: ∂a·c₋₁, p_o: ∂a·c; P: ∂h·mᵀ, each summed over all steps.
  public func addGradients(_ pass: RecurrentBackward, to gradients: inout [Matrix]) {
    gradients[0].addProduct(pass.transposedGates, pass.previousHidden)
    let cache = pass.cache
    if hasPeepholes {
      let before = pass.sweep.previous(of: cache.memory, columns: 0..<size)
      for (row, (gate, cells)) in [(0, before), (1, before), (3, cache.memory)].enumerated() {
        gradients[peepholePosition].addColumnProducts(
          toRow: row, cache.gates, rows: 0..<cache.gates.rowCount, column: gate * size, cells,
          from: 0)
      }
    }
    if projectionSize != nil {
      gradients[projectionPosition].addProduct(
        pass.transposed(cache.auxiliary, columns: size..<cache.auxiliary.columnCount),
        cache.auxiliary.columns(0..<size))
    }
  }
}

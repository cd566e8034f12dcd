internal import CKernels

/// What a walk through time works in: the gates, and the states that go from step to step.
///
/// Letters: N rows, G columns of the gates.
public struct RecurrentCache: Sendable {
  /// [N × G]: W·x + b before the forward pass, the gates' values after it, and after the backward
  /// pass the gradients of the gates' inputs.
  public internal(set) var gates: Matrix
  /// ∂loss/∂state of each row, [N × R + memoryCount], after a backward pass that keeps it: of h for
  /// all that follows, the layers above included, and of the memory that is handed to the next
  /// step.
  public internal(set) var stateGradients: Matrix?
  /// What a step hands to the next besides h: an LSTM's cells, [N × memoryCount].
  var memory: Matrix
  /// What else the gradient needs, [N × auxiliaryCount]; see each cell.
  var auxiliary: Matrix
  /// Whether each step keeps rows of its own in `memory` and `auxiliary`; if not, all share the
  /// first ones, and there is no backward pass.
  let keepsSteps: Bool
  /// The row of the walk that the first row of `gates` is.
  var firstRow = 0

  /// A cache for the backward pass.
  ///
  /// - Parameters:
  ///   - gates: the gates' inputs W·x + b of all rows, [N × G].
  ///   - cell: the cell.
  public init(gates: Matrix, of cell: some RecurrentCell) {
    self.init(gates: gates, stateRowCount: gates.rowCount, keepsSteps: true, of: cell)
  }

  /// The states of so many sequences side by side, without gates as yet.
  init(sequenceCount: Int, of cell: some RecurrentCell) {
    self.init(
      gates: Matrix(rowCount: 0, columnCount: cell.gateCount), stateRowCount: sequenceCount,
      keepsSteps: false, of: cell)
  }

  private init(
    gates: Matrix, stateRowCount: Int, keepsSteps: Bool, of cell: some RecurrentCell
  ) {
    precondition(gates.columnCount == cell.gateCount, "\(gates.columnCount) gate columns")
    self.gates = gates
    self.keepsSteps = keepsSteps
    // No matrix is without columns, so that each has a first element to point to.
    memory = Matrix(rowCount: stateRowCount, columnCount: max(cell.memoryCount, 1))
    auxiliary = Matrix(rowCount: stateRowCount, columnCount: max(cell.auxiliaryCount, 1))
  }
}

extension RecurrentCache {
  /// Sets the gates' inputs of some rows to b.
  ///
  /// - Parameters:
  ///   - rows: those of the next steps.
  ///   - bias: b, [1 × G].
  mutating func begin(_ rows: Range<Int>, bias: Matrix) {
    firstRow = rows.lowerBound
    guard gates.rowCount == rows.count else {
      gates = Matrix(repeatingRow: bias, count: rows.count)
      return
    }
    for row in 0..<rows.count { gates.copyRows(1, of: bias, from: 0, to: row) }
  }
}

/// The memory of a walk, lent for some steps.
@safe
struct SweepMemory {
  fileprivate let gates: UnsafeMutablePointer<Float>
  fileprivate let memory: UnsafeMutablePointer<Float>
  fileprivate let auxiliary: UnsafeMutablePointer<Float>
  fileprivate let hidden: UnsafeMutablePointer<Float>
  fileprivate let stride: Int
  fileprivate let firstRow: Int
  fileprivate let keepsSteps: Bool
  fileprivate let counts: (gates: Int, memory: Int, auxiliary: Int, outputs: Int)
  fileprivate let kernels: stapes_recurrent_kernels

  /// The rows of a step.
  func step(_ step: TimeStep) -> CellStep {
    let (row, before) = (step.rows.lowerBound, step.previousStart)
    let (place, placeBefore) = keepsSteps ? (row, before) : (0, 0)
    return unsafe CellStep(
      rowCount: step.rows.count, previousCount: step.previousCount,
      gates: gates + (row - firstRow) * counts.gates, gateCount: counts.gates,
      memory: memory + place * counts.memory, memoryBefore: memory + placeBefore * counts.memory,
      auxiliary: auxiliary + place * counts.auxiliary, hidden: hidden + row * stride,
      hiddenBefore: hidden + before * stride, stride: stride, kernels: kernels)
  }

  /// What reaches a step from the one after; none where `followingCount` is 0.
  func gradients(
    after row: Int, followingCount: Int, hidden: UnsafeMutablePointer<Float>,
    carry: UnsafeMutablePointer<Float>
  ) -> CellGradients {
    unsafe CellGradients(
      followingCount: followingCount, gates: gates + row * counts.gates, gateCount: counts.gates,
      auxiliary: auxiliary + row * counts.auxiliary, hidden: hidden, outputCount: counts.outputs,
      carry: carry, kernels: kernels)
  }
}

extension RecurrentCache {
  /// Lends the memory for some steps of a forward pass.
  ///
  /// - Parameters:
  ///   - cell: the cell that it belongs to.
  ///   - hidden: h, from `column` on.
  ///   - column: see `hidden`.
  ///   - body: works on it.
  mutating func lend(
    of cell: some RecurrentCell, hidden: inout Matrix, column: Int, to body: (SweepMemory) -> Void
  ) {
    let stride = hidden.columnCount
    unsafe hidden.values.withUnsafeMutableBufferPointer { hidden in
      guard let hidden = hidden.baseAddress else { return }
      unsafe lend(of: cell, hidden: hidden + column, stride: stride, to: body)
    }
  }

  /// Lends the memory for some steps of a backward pass, which does not write h.
  mutating func lend(
    of cell: some RecurrentCell, hidden: Matrix, column: Int, to body: (SweepMemory) -> Void
  ) {
    unsafe hidden.values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      unsafe lend(
        of: cell, hidden: UnsafeMutablePointer(mutating: values) + column,
        stride: hidden.columnCount, to: body)
    }
  }

  private mutating func lend(
    of cell: some RecurrentCell, hidden: UnsafeMutablePointer<Float>, stride: Int,
    to body: (SweepMemory) -> Void
  ) {
    let (firstRow, keepsSteps) = (firstRow, keepsSteps)
    let counts = (cell.gateCount, cell.memoryCount, cell.auxiliaryCount, cell.outputCount)
    unsafe withPointers(&gates.values, &memory.values, &auxiliary.values) {
      gates, memory, auxiliary in
      body(
        unsafe SweepMemory(
          gates: gates, memory: memory, auxiliary: auxiliary, hidden: hidden, stride: stride,
          firstRow: firstRow, keepsSteps: keepsSteps, counts: counts,
          kernels: stapes_recurrent_kernels_best().pointee))
    }
  }
}

/// The two arrays' elements; nothing is done when one is empty.
func withPointers(
  _ a: inout [Float], _ b: inout [Float],
  _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  unsafe a.withUnsafeMutableBufferPointer { a in
    unsafe b.withUnsafeMutableBufferPointer { b in
      guard let a = a.baseAddress, let b = b.baseAddress else { return }
      unsafe body(a, b)
    }
  }
}

/// The three arrays' elements; nothing is done when one is empty.
func withPointers(
  _ a: inout [Float], _ b: inout [Float], _ c: inout [Float],
  _ body: (
    UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void
) {
  unsafe withPointers(&a, &b) { a, b in
    unsafe c.withUnsafeMutableBufferPointer { c in
      guard let c = c.baseAddress else { return }
      unsafe body(a, b, c)
    }
  }
}

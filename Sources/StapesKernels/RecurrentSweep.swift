internal import CKernels

/// One direction of one recurrent layer over packed sequences, forward and back through time.
///
/// A step's h₋₁ is that of the step before in the direction of the sweep, zero where a sequence
/// begins. Letters: N rows of the packing, G columns of the cell's gates, R columns of h.
public struct RecurrentSweep: Sendable {
  let packing: TimePacking
  let isReversed: Bool
  private let truncation: Int?

  /// Makes a sweep.
  ///
  /// - Parameters:
  ///   - packing: how the sequences lie.
  ///   - isReversed: whether it goes from their last step to their first.
  ///   - truncation: the way back is cut between the steps n·truncation − 1 and n·truncation; nil
  ///     goes all the way.
  public init(over packing: TimePacking, reversed isReversed: Bool, truncation: Int? = nil) {
    self.packing = packing
    self.isReversed = isReversed
    self.truncation = truncation
  }

  /// The step that the sweep visits before a step; it may be outside of the packing.
  func stepBefore(_ step: Int) -> Int { isReversed ? step + 1 : step - 1 }

  /// How many of a step's rows have a step before.
  func previousRowCount(_ step: Int) -> Int {
    min(packing.rowCount(ofStep: step), packing.rowCount(ofStep: stepBefore(step)))
  }

  /// The first row of a step, 0 for a step outside of the packing.
  func start(_ step: Int) -> Int {
    step >= 0 && step < packing.stepCount ? packing.stepStarts[step] : 0
  }

  /// Whether the gradient stops between two neighbouring steps.
  private func isCut(between step: Int, and other: Int) -> Bool {
    guard let truncation else { return false }
    return max(step, other) % truncation == 0
  }

  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - cell: the cell, packed for the way forward.
  ///   - trace: with the gates' inputs; keeps what the way back needs.
  ///   - output: [N × at least column + R]; h is written from `column` on.
  ///   - column: the first of h's columns in `output`.
  public func run(
    _ cell: RecurrentCell, trace: inout RecurrentTrace, output: inout Matrix, column: Int
  ) {
    let (steps, stride) = (cell.steps, output.columnCount)
    check(steps, trace, output, column)
    guard packing.rowCount > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    unsafe withPointers(
      &trace.gates.values, &trace.memory.values, &trace.auxiliary.values, &output.values
    ) { gates, memory, auxiliary, hidden in
      for index in 0..<packing.stepCount {
        let step = isReversed ? packing.stepCount - 1 - index : index
        let (row, before) = (start(step), start(stepBefore(step)))
        let rows = unsafe CellRows(
          rowCount: packing.rowCount(ofStep: step), previousCount: previousRowCount(step),
          gates: gates + row * steps.gateCount, memory: memory + row * steps.memoryCount,
          memoryBefore: memory + before * steps.memoryCount,
          auxiliary: auxiliary + row * steps.auxiliaryCount,
          hiddenBefore: hidden + before * stride + column, stride: stride)
        unsafe steps.goForward(rows, to: hidden + row * stride + column, using: kernels)
      }
    }
  }

  /// Goes back through time.
  ///
  /// - Parameters:
  ///   - cell: the cell, packed for the way back.
  ///   - trace: as `run` left it; its gates become the gradients of their inputs.
  ///   - output: as `run` left it.
  ///   - outputGradient: ∂loss/∂h from the layers above, at the columns from `column` on.
  ///   - column: the first of h's columns in `output` and `outputGradient`.
  ///   - keepsStateGradients: whether the trace keeps the gradients of the states.
  public func goBack(
    _ cell: RecurrentCell, trace: inout RecurrentTrace, output: Matrix, outputGradient: Matrix,
    column: Int, keepsStateGradients: Bool = false
  ) {
    let (steps, stride) = (cell.steps, output.columnCount)
    check(steps, trace, output, column)
    check(steps, trace, outputGradient, column)
    guard packing.rowCount > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    let widest = packing.rowCount(ofStep: 0)
    var gradient = Matrix(rowCount: widest, columnCount: steps.outputCount)
    var carry = Matrix(rowCount: widest, columnCount: max(steps.carryCount, 1))
    var states = keepsStateGradients ? StateGradients(rowCount: packing.rowCount, steps) : nil
    for index in 0..<packing.stepCount {
      let step = isReversed ? index : packing.stepCount - 1 - index
      let after = isReversed ? step - 1 : step + 1
      let (row, before) = (start(step), start(stepBefore(step)))
      let rowCount = packing.rowCount(ofStep: step)
      var following = min(rowCount, packing.rowCount(ofStep: after))
      if isCut(between: step, and: after) {
        following = 0
        carry.scale(by: 0)
      }
      gradient.copyRows(rowCount, of: outputGradient, from: row, column: column)
      unsafe withPointers(
        &trace.gates.values, &trace.memory.values, &trace.auxiliary.values, output.values
      ) { gates, memory, auxiliary, hidden in
        let rows = unsafe CellRows(
          rowCount: rowCount, previousCount: previousRowCount(step),
          gates: gates + row * steps.gateCount, memory: memory + row * steps.memoryCount,
          memoryBefore: memory + before * steps.memoryCount,
          auxiliary: auxiliary + row * steps.auxiliaryCount,
          hiddenBefore: hidden + before * stride + column, stride: stride)
        unsafe withPointers(&gradient.values, &carry.values) { gradient, carry in
          let after = unsafe CellGradients(
            followingCount: following, gates: gates + start(after) * steps.gateCount,
            auxiliary: auxiliary + start(after) * steps.auxiliaryCount, hidden: gradient,
            carry: carry)
          unsafe steps.receive(after, using: kernels)
          unsafe states?.keep(rowCount, from: row, hidden: gradient, carry: carry)
          unsafe steps.goBack(rows, from: after, using: kernels)
        }
      }
    }
    trace.stateGradients = states?.matrix
  }

  /// What the step before had in each row: the matrix that a gradient of the gates' inputs
  /// multiplies to give that of the recurrent weights.
  ///
  /// - Parameters:
  ///   - matrix: h or c, from `column` on.
  ///   - column: the first of its columns.
  ///   - count: how many columns.
  /// - Returns: [N × count]; zero where a sequence begins.
  public func previous(of matrix: Matrix, column: Int, count: Int) -> Matrix {
    var previous = Matrix(rowCount: packing.rowCount, columnCount: count)
    for step in 0..<packing.stepCount {
      previous.copyRows(
        previousRowCount(step), of: matrix, from: start(stepBefore(step)), column: column,
        to: start(step))
    }
    return previous
  }

  private func check(
    _ steps: any RecurrentSteps, _ trace: RecurrentTrace, _ hidden: Matrix, _ column: Int
  ) {
    let rows = packing.rowCount
    precondition(
      trace.gates.rowCount == rows && trace.memory.rowCount == rows
        && trace.auxiliary.rowCount == rows && hidden.rowCount == rows,
      "\(trace.gates.rowCount) and \(hidden.rowCount) rows for \(rows)")
    precondition(
      trace.gates.columnCount == steps.gateCount
        && trace.memory.columnCount == max(steps.memoryCount, 1)
        && trace.auxiliary.columnCount == max(steps.auxiliaryCount, 1)
        && column >= 0 && column + steps.outputCount <= hidden.columnCount,
      "\(trace.gates.columnCount) gates, \(hidden.columnCount) columns of h from \(column)")
  }
}

/// Gathers the gradients of the states, step after step.
private struct StateGradients {
  private(set) var matrix: Matrix
  private let hiddenCount: Int
  private let memoryCount: Int

  init(rowCount: Int, _ steps: any RecurrentSteps) {
    (hiddenCount, memoryCount) = (steps.outputCount, steps.memoryCount)
    matrix = Matrix(rowCount: rowCount, columnCount: hiddenCount + memoryCount)
  }

  /// Takes those of a step: of h, and of the memory what the carry brings.
  mutating func keep(
    _ count: Int, from first: Int, hidden: UnsafePointer<Float>, carry: UnsafePointer<Float>
  ) {
    let width = hiddenCount + memoryCount
    unsafe matrix.values.withUnsafeMutableBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for row in 0..<count {
        let place = unsafe values + (first + row) * width
        unsafe place.update(from: hidden + row * hiddenCount, count: hiddenCount)
        unsafe (place + hiddenCount).update(from: carry + row * memoryCount, count: memoryCount)
      }
    }
  }
}

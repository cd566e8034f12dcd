/// One direction of one recurrent layer over packed sequences, forward and backward through time.
///
/// A step's h₋₁ is that of the step before in the direction of the sweep, zero where a sequence
/// begins. Letters: N rows of the packing, G columns of the cell's gates, R columns of h.
public struct RecurrentSweep: Sendable {
  /// The gates' inputs that are worked on at once: as many floats as stay in the processor's cache
  /// between the product that makes them and the step that uses them.
  package static let cachedGateCount = 1 << 17

  private let steps: [TimeStep]
  private let rowCount: Int
  private let truncation: Int?

  /// Makes a sweep.
  ///
  /// - Parameters:
  ///   - packing: how the sequences lie.
  ///   - isReversed: whether it goes from their last step to their first.
  ///   - truncation: the backward pass is cut between the steps n·truncation − 1 and n·truncation;
  ///     nil does not cut it.
  public init(over packing: TimePacking, reversed isReversed: Bool, truncation: Int? = nil) {
    steps = packing.steps(reversed: isReversed)
    rowCount = packing.rowCount
    self.truncation = truncation
  }

  /// Runs the cell forward, and caches what the backward pass needs.
  ///
  /// - Parameters:
  ///   - cell: the cell.
  ///   - weights: packed for the forward pass.
  ///   - cache: with the gates' inputs of all rows.
  ///   - output: [N × at least column + R]; h is written from `column` on.
  ///   - column: the first of h's columns in `output`.
  public func forward<Cell: RecurrentCell>(
    _ cell: Cell, weights: Cell.Weights, cache: inout RecurrentCache, output: inout Matrix,
    column: Int
  ) {
    check(cell, cache, output, column)
    cell.walk(steps[...], weights: weights, cache: &cache, output: &output, column: column)
  }

  /// Runs the cell backward through time.
  ///
  /// - Parameters:
  ///   - cell: the cell.
  ///   - weights: packed for the backward pass.
  ///   - cache: as `forward` left it; its gates become the gradients of their inputs.
  ///   - output: as `forward` left it.
  ///   - outputGradient: ∂loss/∂h from the layers above, at the columns from `column` on.
  ///   - column: the first of h's columns in `output` and `outputGradient`.
  ///   - keepsStateGradients: whether the cache keeps the gradients of the states.
  public func backward<Cell: RecurrentCell>(
    _ cell: Cell, weights: Cell.Weights, cache: inout RecurrentCache, output: Matrix,
    outputGradient: Matrix, column: Int, keepsStateGradients: Bool = false
  ) {
    check(cell, cache, output, column)
    check(cell, cache, outputGradient, column)
    let widest = steps.map(\.rows.count).max() ?? 0
    var gradient = Matrix(rowCount: widest, columnCount: cell.outputCount)
    var carry = Matrix(rowCount: widest, columnCount: max(cell.carryCount, 1))
    var states = keepsStateGradients ? StateGradients(rowCount: rowCount, of: cell) : nil
    var after: TimeStep?
    for step in steps.reversed() {
      let isCut = isCut(between: step, and: after)
      if isCut { carry.scale(by: 0) }
      gradient.copyRows(
        step.rows.count, of: outputGradient, from: step.rows.lowerBound, column: column)
      func visit(_ body: (SweepMemory, CellGradients) -> Void) {
        cache.lend(of: cell, hidden: output, column: column) { memory in
          unsafe withPointers(&gradient.values, &carry.values) { gradient, carry in
            body(
              memory,
              unsafe memory.gradients(
                after: after?.rows.lowerBound ?? 0,
                followingCount: isCut ? 0 : after?.previousCount ?? 0, hidden: gradient,
                carry: carry))
          }
        }
      }
      visit { cell.receive($1, weights: weights) }
      states?.keep(step.rows, hidden: gradient, carry: carry)
      visit { cell.backward($0.step(step), gradients: $1, weights: weights) }
      after = step
    }
    cache.stateGradients = states?.matrix
  }

  /// What the step before had in each row: the matrix that a gradient of the gates' inputs
  /// multiplies to give that of the recurrent weights.
  ///
  /// - Parameters:
  ///   - matrix: h or c, at some columns.
  ///   - columns: see `matrix`.
  /// - Returns: [N × columns]; zero where a sequence begins.
  func previous(of matrix: Matrix, columns: Range<Int>) -> Matrix {
    var previous = Matrix(rowCount: rowCount, columnCount: columns.count)
    for step in steps {
      previous.copyRows(
        step.previousCount, of: matrix, from: step.previousStart, column: columns.lowerBound,
        to: step.rows.lowerBound)
    }
    return previous
  }

  /// Whether the gradient stops between two neighbouring steps.
  private func isCut(between step: TimeStep, and after: TimeStep?) -> Bool {
    guard let truncation, let after else { return false }
    return max(step.time, after.time) % truncation == 0
  }

  private func check(
    _ cell: some RecurrentCell, _ cache: RecurrentCache, _ hidden: Matrix, _ column: Int
  ) {
    precondition(
      cache.gates.rowCount == rowCount && cache.keepsSteps && hidden.rowCount == rowCount,
      "\(cache.gates.rowCount) and \(hidden.rowCount) rows for \(rowCount)")
    precondition(
      cache.gates.columnCount == cell.gateCount
        && column >= 0 && column + cell.outputCount <= hidden.columnCount,
      "\(cache.gates.columnCount) gates, \(hidden.columnCount) columns of h from \(column)")
  }
}

extension RecurrentCell {
  /// Walks forward through some steps: the one loop over time, in training, recognition and
  /// streams.
  ///
  /// - Parameters:
  ///   - steps: in the order of the walk.
  ///   - weights: packed for the forward pass.
  ///   - cache: with the gates' inputs of these steps, which become the gates' values.
  ///   - output: h is written from `column` on, to the rows of the steps.
  ///   - column: the first of h's columns in `output`.
  func walk(
    _ steps: ArraySlice<TimeStep>, weights: Weights, cache: inout RecurrentCache,
    output: inout Matrix, column: Int
  ) {
    cache.lend(of: self, hidden: &output, column: column) { memory in
      for step in steps { forward(memory.step(step), weights: weights) }
    }
  }
}

/// Gathers the gradients of the states, step after step.
private struct StateGradients {
  private var hidden: Matrix
  private var memory: Matrix

  init(rowCount: Int, of cell: some RecurrentCell) {
    hidden = Matrix(rowCount: rowCount, columnCount: cell.outputCount)
    memory = Matrix(rowCount: rowCount, columnCount: cell.memoryCount)
  }

  /// The gradients of all steps, [N × R + memoryCount].
  var matrix: Matrix { Matrix(joiningColumnsOf: [hidden, memory]) }

  /// Takes those of a step: of h, and of the memory what the carry brings.
  mutating func keep(_ rows: Range<Int>, hidden: Matrix, carry: Matrix) {
    self.hidden.copyRows(rows.count, of: hidden, from: 0, to: rows.lowerBound)
    memory.copyRows(rows.count, of: carry, from: 0, to: rows.lowerBound)
  }
}

/// One direction of a recurrent layer with its weights packed once, to recognise.
///
/// Letters: G columns of the gates.
public struct PackedCell<Cell: RecurrentCell>: Sendable {
  /// The cell.
  public let cell: Cell
  let weights: Cell.Weights
  let inputWeights: PackedMatrix
  let bias: Matrix

  /// Packs the weights of a direction.
  ///
  /// - Parameters:
  ///   - cell: the cell.
  ///   - inputWeights: W, [G × inputs].
  ///   - parameters: those of `cell.parameters`.
  ///   - products: how products are computed.
  public init(
    _ cell: Cell, inputWeights: WeightMatrix, parameters: [WeightMatrix],
    products: ProductPrecision
  ) {
    self.cell = cell
    weights = cell.weights(parameters) { $0.packed(for: products) }
    self.inputWeights = inputWeights.packed(for: products)
    bias = parameters[1].matrix
  }
}

extension PackedCell {
  /// Runs the layer over whole sequences.
  ///
  /// - Parameters:
  ///   - input: x, [N × inputs], packed.
  ///   - packing: how the sequences lie.
  ///   - isReversed: whether it goes from their last step to their first.
  ///   - output: [N × at least column + R]; h is written from `column` on.
  ///   - column: the first of h's columns in `output`.
  public func run(
    _ input: Matrix, packing: TimePacking, reversed isReversed: Bool, output: inout Matrix,
    column: Int
  ) {
    precondition(
      input.rowCount == packing.rowCount && output.rowCount == packing.rowCount && column >= 0
        && column + cell.outputCount <= output.columnCount,
      "\(input.rowCount) and \(output.rowCount) rows for \(packing.rowCount)")
    var cache = RecurrentCache(sequenceCount: packing.rowCount(ofStep: 0), of: cell)
    advance(
      packing.steps(reversed: isReversed), input: input, cache: &cache, output: &output,
      column: column)
  }

  /// Runs the layer over some steps, a stretch of them after the other, so that the gates' inputs
  /// stay in the processor's cache between the product that makes them and the step that uses them.
  ///
  /// - Parameters:
  ///   - steps: in the order of the walk.
  ///   - input: x; its first row belongs to the row `firstRow` of the walk.
  ///   - firstRow: see `input`.
  ///   - cache: the states before the first step.
  ///   - output: h is written from `column` on, to the rows of the steps.
  ///   - column: the first of h's columns in `output`.
  fileprivate func advance(
    _ steps: [TimeStep], input: Matrix, firstRow: Int = 0, cache: inout RecurrentCache,
    output: inout Matrix, column: Int
  ) {
    let widest = steps.map(\.rows.count).max() ?? 0
    let length = max(1, RecurrentSweep.cachedGateCount / (cell.gateCount * max(widest, 1)))
    for start in stride(from: 0, to: steps.count, by: length) {
      let stretch = steps[start..<min(start + length, steps.count)]
      let (one, other) = (stretch[start].rows, stretch[stretch.endIndex - 1].rows)
      let rows = min(one.lowerBound, other.lowerBound)..<max(one.upperBound, other.upperBound)
      cache.begin(rows, bias: bias)
      cache.gates.addProduct(
        input, rows: rows.lowerBound - firstRow..<rows.upperBound - firstRow, inputWeights)
      cell.walk(stretch, weights: weights, cache: &cache, output: &output, column: column)
    }
  }
}

/// Where one direction of a recurrent layer stands in sequences that come in pieces.
///
/// It computes what `PackedCell.run` does for whole sequences, to the last bit, wherever the pieces
/// begin and end. Letters: N rows of a piece, R columns of h, S sequences.
public struct RecurrentState<Cell: RecurrentCell>: Sendable {
  private let direction: PackedCell<Cell>
  private let sequenceCount: Int
  private var cache: RecurrentCache
  /// h: in the first S rows that of the last step, behind them the rows of a piece.
  private var hidden: Matrix
  private var isAtStart = true

  /// The state before the first step.
  ///
  /// - Parameters:
  ///   - direction: the cell, packed.
  ///   - sequenceCount: S, how many sequences run side by side, at least 1.
  public init(_ direction: PackedCell<Cell>, sequenceCount: Int = 1) {
    precondition(sequenceCount >= 1, "\(sequenceCount) sequences")
    self.direction = direction
    self.sequenceCount = sequenceCount
    cache = RecurrentCache(sequenceCount: sequenceCount, of: direction.cell)
    hidden = Matrix(rowCount: sequenceCount, columnCount: direction.cell.outputCount)
  }

  /// Returns to the state before the first step.
  public mutating func restart() { isAtStart = true }

  /// Runs the layer over the next steps of the sequences.
  ///
  /// - Parameters:
  ///   - input: x, [N × inputs], step after step.
  ///   - rowCounts: how many sequences are still running at each step, the first ones of those at
  ///     the step before; N in sum.
  /// - Returns: h, [N × R].
  public mutating func outputs(of input: Matrix, rowCounts: [Int]) -> Matrix {
    let steps = steps(rowCounts)
    precondition(
      input.rowCount == rowCounts.reduce(0, +), "\(input.rowCount) rows for \(rowCounts)")
    guard let last = steps.last else {
      return Matrix(rowCount: 0, columnCount: hidden.columnCount)
    }
    if hidden.rowCount != sequenceCount + input.rowCount {
      let carried = hidden
      hidden = Matrix(
        rowCount: sequenceCount + input.rowCount, columnCount: carried.columnCount)
      hidden.copyRows(sequenceCount, of: carried, from: 0)
    }
    direction.advance(
      steps, input: input, firstRow: sequenceCount, cache: &cache, output: &hidden, column: 0)
    let outputs = hidden.rows(sequenceCount..<hidden.rowCount)
    hidden.copyRows(last.rows.count, of: outputs, from: last.rows.lowerBound - sequenceCount)
    isAtStart = false
    return outputs
  }

  /// The steps of a piece, whose rows lie behind those of the step before it.
  private func steps(_ rowCounts: [Int]) -> [TimeStep] {
    var (steps, row, previous) = ([TimeStep](), sequenceCount, 0..<sequenceCount)
    for count in rowCounts where count > 0 {
      precondition(count <= previous.count, "\(count) rows after \(previous.count)")
      let begins = isAtStart && steps.isEmpty
      steps.append(
        TimeStep(
          time: steps.count, rows: row..<row + count, previousStart: previous.lowerBound,
          previousCount: begins ? 0 : count))
      previous = row..<row + count
      row += count
    }
    return steps
  }
}

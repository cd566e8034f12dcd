internal import CKernels

/// Where one forward direction of a recurrent layer stands in sequences that come in pieces.
///
/// It computes what `RecurrentSweep` does for whole sequences, to the last bit, wherever the
/// pieces begin and end. Letters: N rows of a piece, G columns of the cell's gates, R columns of h.
public struct RecurrentState: Sendable {
  private let cell: RecurrentCell
  private let sequenceCount: Int
  private var memory: [Float]
  private var auxiliary: [Float]
  private var hidden: [Float]
  private var isAtStart = true

  /// The state before the first row.
  ///
  /// - Parameters:
  ///   - cell: the cell, packed for the way forward.
  ///   - sequenceCount: how many sequences run side by side, at least 1.
  public init(_ cell: RecurrentCell, sequenceCount: Int = 1) {
    precondition(sequenceCount >= 1, "\(sequenceCount) sequences")
    self.cell = cell
    self.sequenceCount = sequenceCount
    let steps = cell.steps
    memory = [Float](repeating: 0, count: sequenceCount * max(steps.memoryCount, 1))
    auxiliary = [Float](repeating: 0, count: sequenceCount * max(steps.auxiliaryCount, 1))
    hidden = [Float](repeating: 0, count: sequenceCount * steps.outputCount)
  }

  /// Goes back to the state before the first row.
  public mutating func restart() { isAtStart = true }

  /// Runs the layer over the next steps of the sequences.
  ///
  /// - Parameters:
  ///   - gates: [N × G], step after step; W·x + b on entry, the gates' values on return.
  ///   - output: [N × R]; becomes h.
  ///   - rowCounts: how many sequences are still running at each step, the first ones of those at
  ///     the step before; N in sum.
  public mutating func advance(
    gates: inout Matrix, output: inout Matrix, rowCounts: some Sequence<Int>
  ) {
    let (steps, rowCount) = (cell.steps, gates.rowCount)
    let (gateCount, outputCount) = (steps.gateCount, steps.outputCount)
    precondition(
      gates.columnCount == gateCount && output.columnCount == outputCount
        && output.rowCount == rowCount,
      "[\(rowCount) x \(gates.columnCount)] and [\(output.rowCount) x \(output.columnCount)]")
    guard rowCount > 0 else { return }
    let (kernels, most) = unsafe (stapes_recurrent_kernels_best().pointee, sequenceCount)
    var continues = !isAtStart
    unsafe withPointers(&gates.values, &memory, &auxiliary, &output.values) {
      gates, memory, auxiliary, output in
      unsafe hidden.withUnsafeMutableBufferPointer { hidden in
        guard let hidden = hidden.baseAddress else { return }
        var before = unsafe UnsafePointer(hidden)
        var (row, count) = (0, most)
        for rows in rowCounts where rows > 0 {
          precondition(rows <= count && row + rows <= rowCount, "\(rows) rows after \(count)")
          let h = unsafe output + row * outputCount
          let cellRows = unsafe CellRows(
            rowCount: rows, previousCount: continues ? rows : 0, gates: gates + row * gateCount,
            memory: memory, memoryBefore: memory, auxiliary: auxiliary, hiddenBefore: before,
            stride: outputCount)
          unsafe steps.goForward(cellRows, to: h, using: kernels)
          unsafe before = UnsafePointer(h)
          (continues, row, count) = (true, row + rows, rows)
        }
        precondition(row == rowCount, "\(row) of \(rowCount) rows")
        unsafe hidden.update(from: before, count: count * outputCount)
      }
    }
    isAtStart = false
  }
}

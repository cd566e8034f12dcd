internal import CKernels

/// Where one forward direction of a recurrent layer stands in a sequence that comes in pieces.
///
/// It computes what `RecurrentSweep` does for the whole sequence, to the last bit, wherever the
/// pieces begin and end. Letters: N rows of a piece, G columns of the cell's gates, R columns of h.
public struct RecurrentState: Sendable {
  private let cell: RecurrentCell
  private var memory: [Float]
  private var auxiliary: [Float]
  private var hidden: [Float]
  private var isAtStart = true

  /// The state before the first row.
  ///
  /// - Parameter cell: the cell, packed for the way forward.
  public init(_ cell: RecurrentCell) {
    self.cell = cell
    let steps = cell.steps
    memory = [Float](repeating: 0, count: max(steps.memoryCount, 1))
    auxiliary = [Float](repeating: 0, count: max(steps.auxiliaryCount, 1))
    hidden = [Float](repeating: 0, count: steps.outputCount)
  }

  /// Goes back to the state before the first row.
  public mutating func restart() { isAtStart = true }

  /// Runs the layer over the next rows of the sequence.
  ///
  /// - Parameters:
  ///   - gates: [N × G]; W·x + b on entry, the gates' values on return.
  ///   - output: [N × R]; becomes h.
  public mutating func advance(gates: inout Matrix, output: inout Matrix) {
    let (steps, rowCount) = (cell.steps, gates.rowCount)
    let (gateCount, outputCount) = (steps.gateCount, steps.outputCount)
    precondition(
      gates.columnCount == gateCount && output.columnCount == outputCount
        && output.rowCount == rowCount,
      "[\(rowCount) x \(gates.columnCount)] and [\(output.rowCount) x \(output.columnCount)]")
    guard rowCount > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    var previous = isAtStart ? 0 : 1
    unsafe withPointers(&gates.values, &memory, &auxiliary, &output.values) {
      gates, memory, auxiliary, output in
      unsafe hidden.withUnsafeMutableBufferPointer { hidden in
        guard let hidden = hidden.baseAddress else { return }
        var before = unsafe UnsafePointer(hidden)
        for row in 0..<rowCount {
          let h = unsafe output + row * outputCount
          let rows = unsafe CellRows(
            rowCount: 1, previousCount: previous, gates: gates + row * gateCount, memory: memory,
            memoryBefore: memory, auxiliary: auxiliary, hiddenBefore: before,
            stride: outputCount)
          unsafe steps.goForward(rows, to: h, using: kernels)
          unsafe before = UnsafePointer(h)
          previous = 1
        }
        unsafe hidden.update(from: before, count: outputCount)
      }
    }
    isAtStart = false
  }
}

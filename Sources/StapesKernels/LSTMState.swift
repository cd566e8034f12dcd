internal import CKernels

/// Where one forward direction of an LSTM layer stands in a sequence that comes in pieces.
///
/// It computes what `LSTMSweep` does for the whole sequence, to the last bit, wherever the pieces
/// begin and end. Letters: N rows of a piece, H hidden units.
public struct LSTMState: Sendable {
  private var cell: [Float]
  private var hidden: [Float]
  private var isAtStart = true

  /// The state before the first row.
  public init(hiddenSize: Int) {
    precondition(hiddenSize >= 0, "\(hiddenSize) hidden units")
    cell = [Float](repeating: 0, count: hiddenSize)
    hidden = cell
  }

  /// Runs the layer over the next rows of the sequence.
  ///
  /// - Parameters:
  ///   - gates: [N × 4H]; W·x + b on entry, the gates' values on return.
  ///   - output: [N × H]; becomes h.
  ///   - recurrentWeights: Rᵀ, [H × 4H].
  public mutating func advance(
    gates: inout Matrix, output: inout Matrix, recurrentWeights: PackedMatrix
  ) {
    let (size, rowCount) = (cell.count, gates.rowCount)
    precondition(
      gates.columnCount == 4 * size && output.columnCount == size && output.rowCount == rowCount,
      "[\(rowCount) x \(gates.columnCount)] and [\(output.rowCount) x \(output.columnCount)]")
    precondition(recurrentWeights.rowCount == size && recurrentWeights.columnCount == 4 * size)
    guard rowCount > 0, size > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    var previous = isAtStart ? 0 : 1
    unsafe withPointers(&gates.values, &cell, &output.values) { gates, cell, output in
      unsafe hidden.withUnsafeMutableBufferPointer { hidden in
        guard let hidden = hidden.baseAddress else { return }
        var before = unsafe UnsafePointer(hidden)
        for row in 0..<rowCount {
          let (a, h) = unsafe (gates + row * 4 * size, output + row * size)
          unsafe recurrentWeights.addProduct(
            rows: previous, before, stride: size, to: a, stride: 4 * size, using: kernels)
          unsafe kernels.lstm_forward(1, previous, size, a, cell, cell, h, size)
          unsafe before = UnsafePointer(h)
          previous = 1
        }
        unsafe hidden.update(from: before, count: size)
      }
    }
    isAtStart = false
  }
}

internal import CKernels

/// One direction of one LSTM layer over packed sequences, forward and back through time.
///
/// For the gates' inputs a = W·x + b + R·h₋₁ in the order i f g o:
/// i, f, o = σ(a), g = tanh(a); c = f·c₋₁ + i·g; h = o·tanh(c), where ₋₁ is the step before in the
/// direction of the sweep (Hochreiter and Schmidhuber 1997; forget gate of Gers 2000).
/// Letters: N rows of the packing, H hidden units.
public struct LSTMSweep: Sendable {
  private let packing: TimePacking
  private let isReversed: Bool
  private let hiddenSize: Int

  /// A sweep over sequences packed so, from their last step to their first when reversed.
  public init(over packing: TimePacking, reversed isReversed: Bool, hiddenSize: Int) {
    self.packing = packing
    self.isReversed = isReversed
    self.hiddenSize = hiddenSize
  }

  /// The step that the sweep visits before a step; it may be outside of the packing.
  private func stepBefore(_ step: Int) -> Int { isReversed ? step + 1 : step - 1 }

  /// How many of a step's rows have a step before.
  private func previousRowCount(_ step: Int) -> Int {
    min(packing.rowCount(ofStep: step), packing.rowCount(ofStep: stepBefore(step)))
  }

  /// The first row of a step, 0 for a step outside of the packing.
  private func start(_ step: Int) -> Int {
    step >= 0 && step < packing.stepCount ? packing.stepStarts[step] : 0
  }

  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - gates: [N × 4H]; W·x + b on entry, the gates' values on return.
  ///   - cells: [N × H]; becomes c.
  ///   - hidden: [N × at least column + H]; h is written from `column` on.
  ///   - column: the first of h's columns in `hidden`.
  ///   - recurrentWeights: Rᵀ, [H × 4H].
  public func run(
    gates: inout Matrix, cells: inout Matrix, hidden: inout Matrix, column: Int,
    recurrentWeights: PackedMatrix
  ) {
    let (size, stride) = (hiddenSize, hidden.columnCount)
    check(gates, cells, hidden, column)
    precondition(recurrentWeights.rowCount == size && recurrentWeights.columnCount == 4 * size)
    guard packing.rowCount > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    unsafe withPointers(&gates.values, &cells.values, &hidden.values) { gates, cells, hidden in
      for index in 0..<packing.stepCount {
        let step = isReversed ? packing.stepCount - 1 - index : index
        let (row, before) = (start(step), start(stepBefore(step)))
        let previous = previousRowCount(step)
        unsafe recurrentWeights.addProduct(
          rows: previous, hidden + before * stride + column, stride: stride,
          to: gates + row * 4 * size, stride: 4 * size, using: kernels)
        unsafe kernels.lstm_forward(
          packing.rowCount(ofStep: step), previous, size, gates + row * 4 * size,
          cells + before * size, cells + row * size, hidden + row * stride + column, stride)
      }
    }
  }

  /// The gates' inputs that are worked on at a time: as many floats as stay in the cache between
  /// the product that makes them and the step that uses them.
  private static let cachedGateCount = 1 << 17

  /// Runs the layer where nothing is kept for a way back.
  ///
  /// - Parameters:
  ///   - input: x, [N × inputs].
  ///   - inputWeights: Wᵀ, [inputs × 4H].
  ///   - bias: b, [1 × 4H].
  ///   - hidden: [N × at least column + H]; h is written from `column` on.
  ///   - column: the first of h's columns in `hidden`.
  ///   - recurrentWeights: Rᵀ, [H × 4H].
  public func run(
    input: Matrix, inputWeights: PackedMatrix, bias: Matrix, hidden: inout Matrix, column: Int,
    recurrentWeights: PackedMatrix
  ) {
    let (size, widest) = (hiddenSize, packing.rowCount(ofStep: 0))
    precondition(
      input.rowCount == packing.rowCount && hidden.rowCount == packing.rowCount
        && column >= 0 && column + size <= hidden.columnCount,
      "\(input.rowCount) and \(hidden.rowCount) rows for \(packing.rowCount)")
    precondition(
      inputWeights.rowCount == input.columnCount && inputWeights.columnCount == 4 * size
        && recurrentWeights.rowCount == size && recurrentWeights.columnCount == 4 * size)
    guard packing.rowCount > 0, size > 0 else { return }
    let (stride, kernels) = unsafe (hidden.columnCount, stapes_recurrent_kernels_best().pointee)
    let chunkLength = max(1, Self.cachedGateCount / (4 * size * widest))
    var cells = Matrix(rowCount: widest, columnCount: size)
    var cellsBefore = cells
    for first in Swift.stride(from: 0, to: packing.stepCount, by: chunkLength) {
      let indices = first..<min(first + chunkLength, packing.stepCount)
      let steps = isReversed ? indices.map { packing.stepCount - 1 - $0 } : Array(indices)
      let rows =
        start(
          min(steps[0], steps[steps.count - 1]))..<packing.stepStarts[
          max(steps[0], steps[steps.count - 1]) + 1]
      var gates = Matrix(repeatingRow: bias, count: rows.count)
      gates.addProduct(input, rows: rows, inputWeights)
      unsafe withPointers(&gates.values, &hidden.values) { gates, hidden in
        for step in steps {
          swap(&cells, &cellsBefore)
          let (rowCount, previous) = (packing.rowCount(ofStep: step), previousRowCount(step))
          let stepGates = unsafe gates + (start(step) - rows.lowerBound) * 4 * size
          let before = unsafe hidden + start(stepBefore(step)) * stride + column
          unsafe recurrentWeights.addProduct(
            rows: previous, before, stride: stride, to: stepGates, stride: 4 * size,
            using: kernels)
          unsafe withPointers(&cells.values, &cellsBefore.values) { cells, cellsBefore in
            unsafe kernels.lstm_forward(
              rowCount, previous, size, stepGates, cellsBefore, cells,
              hidden + start(step) * stride + column, stride)
          }
        }
      }
    }
  }

  /// Goes back through time.
  ///
  /// - Parameters:
  ///   - gates: [N × 4H]; the gates' values on entry, ∂loss/∂a on return.
  ///   - cells: c, [N × H], as `run` left it.
  ///   - hiddenGradient: ∂loss/∂h from the layers above, at the columns from `column` on.
  ///   - column: the first of h's columns in `hiddenGradient`.
  ///   - recurrentWeights: R, [4H × H].
  public func goBack(
    gates: inout Matrix, cells: Matrix, hiddenGradient: Matrix, column: Int,
    recurrentWeights: PackedMatrix
  ) {
    let size = hiddenSize
    check(gates, cells, hiddenGradient, column)
    precondition(recurrentWeights.rowCount == 4 * size && recurrentWeights.columnCount == size)
    guard packing.rowCount > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    let widest = packing.rowCount(ofStep: 0)
    var stepGradient = Matrix(rowCount: widest, columnCount: size)
    var cellGradient = Matrix(rowCount: widest, columnCount: size)
    for index in 0..<packing.stepCount {
      let step = isReversed ? index : packing.stepCount - 1 - index
      let rows = packing.rowCount(ofStep: step)
      let after = isReversed ? step - 1 : step + 1
      let following = min(rows, packing.rowCount(ofStep: after))
      stepGradient.copyRows(rows, of: hiddenGradient, from: start(step), column: column)
      unsafe withPointers(&gates.values, &stepGradient.values, &cellGradient.values) {
        gates, dh, dc in
        unsafe recurrentWeights.addProduct(
          rows: following, gates + start(after) * 4 * size, stride: 4 * size, to: dh, stride: size,
          using: kernels)
        unsafe cells.values.withUnsafeBufferPointer { cells in
          guard let cells = cells.baseAddress else { return }
          unsafe kernels.lstm_backward(
            rows, previousRowCount(step), size, gates + start(step) * 4 * size,
            cells + start(stepBefore(step)) * size, cells + start(step) * size, dh, dc)
        }
      }
    }
  }

  /// h₋₁ for every row: the matrix that ∂loss/∂a multiplies to give the gradient of R.
  ///
  /// - Parameters:
  ///   - hidden: h, from `column` on.
  ///   - column: the first of h's columns in `hidden`.
  /// - Returns: [N × H]; zero where a sequence begins.
  public func previousHidden(_ hidden: Matrix, column: Int) -> Matrix {
    var previous = Matrix(rowCount: packing.rowCount, columnCount: hiddenSize)
    for step in 0..<packing.stepCount {
      previous.copyRows(
        previousRowCount(step), of: hidden, from: start(stepBefore(step)), column: column,
        to: start(step))
    }
    return previous
  }

  private func check(_ gates: Matrix, _ cells: Matrix, _ hidden: Matrix, _ column: Int) {
    let rows = packing.rowCount
    precondition(
      gates.rowCount == rows && cells.rowCount == rows && hidden.rowCount == rows,
      "\(gates.rowCount), \(cells.rowCount) and \(hidden.rowCount) rows for \(rows)")
    precondition(
      gates.columnCount == 4 * hiddenSize && cells.columnCount == hiddenSize
        && column >= 0 && column + hiddenSize <= hidden.columnCount,
      "\(gates.columnCount), \(cells.columnCount) and \(hidden.columnCount) columns "
        + "for \(hiddenSize) hidden units from column \(column)")
  }
}

/// The two arrays' elements; nothing is done when one is empty.
private func withPointers(
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
  _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    -> Void
) {
  unsafe a.withUnsafeMutableBufferPointer { a in
    unsafe b.withUnsafeMutableBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
        unsafe body(a, b, c)
      }
    }
  }
}

internal import CKernels

extension RecurrentSweep {
  /// The gates' inputs that are worked on at a time: as many floats as stay in the cache between
  /// the product that makes them and the step that uses them.
  package static let cachedGateCount = 1 << 17

  /// Runs the layer where nothing is kept for a way back.
  ///
  /// - Parameters:
  ///   - cell: the cell, packed for the way forward.
  ///   - input: x, [N × inputs].
  ///   - inputWeights: Wᵀ, [inputs × G].
  ///   - bias: b, [1 × G].
  ///   - output: [N × at least column + R]; h is written from `column` on.
  ///   - column: the first of h's columns in `output`.
  public func run(
    _ cell: RecurrentCell, input: Matrix, inputWeights: PackedMatrix, bias: Matrix,
    output: inout Matrix, column: Int
  ) {
    let (steps, widest) = (cell.steps, packing.rowCount(ofStep: 0))
    precondition(
      input.rowCount == packing.rowCount && output.rowCount == packing.rowCount
        && column >= 0 && column + steps.outputCount <= output.columnCount,
      "\(input.rowCount) and \(output.rowCount) rows for \(packing.rowCount)")
    precondition(
      inputWeights.rowCount == input.columnCount && inputWeights.columnCount == steps.gateCount)
    guard packing.rowCount > 0 else { return }
    let kernels = unsafe stapes_recurrent_kernels_best().pointee
    let (stride, gateCount) = (output.columnCount, steps.gateCount)
    let chunkLength = max(1, Self.cachedGateCount / (gateCount * widest))
    var memory = Matrix(rowCount: widest, columnCount: max(steps.memoryCount, 1))
    var memoryBefore = memory
    var auxiliary = Matrix(rowCount: widest, columnCount: max(steps.auxiliaryCount, 1))
    for chunk in chunks(of: chunkLength) {
      var gates = Matrix(repeatingRow: bias, count: chunk.rows.count)
      gates.addProduct(input, rows: chunk.rows, inputWeights)
      for step in chunk.steps {
        swap(&memory, &memoryBefore)
        unsafe withPointers(
          &gates.values, &memory.values, &auxiliary.values, &output.values
        ) { gates, memory, auxiliary, hidden in
          unsafe memoryBefore.values.withUnsafeMutableBufferPointer { memoryBefore in
            guard let memoryBefore = memoryBefore.baseAddress else { return }
            let rows = unsafe CellRows(
              rowCount: packing.rowCount(ofStep: step), previousCount: previousRowCount(step),
              gates: gates + (start(step) - chunk.rows.lowerBound) * gateCount, memory: memory,
              memoryBefore: memoryBefore, auxiliary: auxiliary,
              hiddenBefore: hidden + start(stepBefore(step)) * stride + column, stride: stride)
            unsafe steps.goForward(
              rows, to: hidden + start(step) * stride + column, using: kernels)
          }
        }
      }
    }
  }

  /// Runs of steps in the order of the sweep, and the rows of each.
  private func chunks(of length: Int) -> [(steps: [Int], rows: Range<Int>)] {
    Swift.stride(from: 0, to: packing.stepCount, by: length).map { first in
      let indices = first..<min(first + length, packing.stepCount)
      let steps = isReversed ? indices.map { packing.stepCount - 1 - $0 } : Array(indices)
      let (one, other) = (steps[0], steps[steps.count - 1])
      return (steps, start(min(one, other))..<packing.stepStarts[max(one, other) + 1])
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

/// The elements of three arrays that change and one more; nothing is done when one is empty.
func withPointers(
  _ a: inout [Float], _ b: inout [Float], _ c: inout [Float], _ d: [Float],
  _ body: (
    UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>,
    UnsafePointer<Float>
  ) -> Void
) {
  unsafe withPointers(&a, &b) { a, b in
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe d.withUnsafeBufferPointer { d in
        guard let c = c.baseAddress, let d = d.baseAddress else { return }
        unsafe body(a, b, c, d)
      }
    }
  }
}

/// The four arrays' elements; nothing is done when one is empty.
func withPointers(
  _ a: inout [Float], _ b: inout [Float], _ c: inout [Float], _ d: inout [Float],
  _ body: (
    UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>,
    UnsafeMutablePointer<Float>
  ) -> Void
) {
  unsafe withPointers(&a, &b) { a, b in
    unsafe withPointers(&c, &d) { c, d in unsafe body(a, b, c, d) }
  }
}

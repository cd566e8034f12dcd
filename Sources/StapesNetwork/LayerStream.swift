internal import StapesKernels

/// A layer that hears a clip in pieces.
///
/// Letters: n rows of a piece.
struct LayerStream: Sendable {
  private let layer: PreparedLayer
  private var state: State

  private enum State: Sendable {
    case none
    case recurrent(RecurrentStream)
    /// The inputs from the next output's on, row after row.
    case waiting(Matrix)
  }

  /// Begins a clip, or as many as `clipCount`; a layer that looks ahead hears but one.
  init(_ layer: PreparedLayer, clipCount: Int = 1) {
    self.layer = layer
    switch layer.work {
    case .feedForward: state = .none
    case .recurrent(let directions):
      state = .recurrent(RecurrentStream(directions[0], clipCount: clipCount))
    case .rowConvolution(_, let taps):
      state = .waiting(Matrix(rowCount: 0, columnCount: taps.columnCount))
    }
  }

  /// The outputs that an input makes known, [n × inputs] to [m × outputs].
  mutating func outputs(of input: Matrix) -> Matrix {
    outputs(of: input, rowCounts: repeatElement(1, count: input.rowCount))
  }

  /// The outputs that the next steps of several clips make known; see `RecurrentState.advance`.
  mutating func outputs(of input: Matrix, rowCounts: some Sequence<Int>) -> Matrix {
    switch state {
    case .none:
      // A layer without memory takes the rows as so many sequences of one step.
      return layer.run(
        input, packing: TimePacking(lengths: [Int](repeating: 1, count: input.rowCount)))
    case .recurrent(var stream):
      state = .none
      let output = stream.outputs(of: input, rowCounts: rowCounts)
      state = .recurrent(stream)
      return layer.finished(output, input: input)
    case .waiting(var inputs):
      inputs.appendRows(of: input)
      return outputs(of: inputs, isEnd: false)
    }
  }

  /// The outputs of the clip's end, and the beginning of a new clip.
  ///
  /// - Parameter input: the last inputs, [n × inputs].
  mutating func finish(with input: Matrix) -> Matrix {
    switch state {
    case .none: return outputs(of: input)
    case .recurrent(var stream):
      let output = outputs(of: input)
      stream.restart()
      state = .recurrent(stream)
      return output
    case .waiting(var inputs):
      inputs.appendRows(of: input)
      return outputs(of: inputs, isEnd: true)
    }
  }

  /// Looks ahead in what is there.
  private mutating func outputs(of inputs: Matrix, isEnd: Bool) -> Matrix {
    guard case .rowConvolution(let convolution, _) = layer.work else { return inputs }
    let count = isEnd ? inputs.rowCount : max(inputs.rowCount - convolution.lookAhead, 0)
    let outputs = layer.run(inputs, packing: TimePacking(lengths: [inputs.rowCount]))
    state = .waiting(inputs.rows((isEnd ? inputs.rowCount : count)..<inputs.rowCount))
    return outputs.rows(0..<count)
  }
}

/// One forward direction of a recurrent layer, and its matrices of the last piece, used again for
/// one of the same size.
private struct RecurrentStream: Sendable {
  private let input: Affine
  private var state: RecurrentState
  private var gates: Matrix
  private var output: Matrix

  init(_ direction: PreparedLayer.Direction, clipCount: Int) {
    input = direction.input
    state = RecurrentState(direction.cell, sequenceCount: clipCount)
    gates = Matrix(rowCount: 0, columnCount: direction.cell.gateCount)
    output = Matrix(rowCount: 0, columnCount: direction.cell.outputCount)
  }

  mutating func restart() { state.restart() }

  /// The next outputs, [n × inputs] to [n × R].
  mutating func outputs(of rows: Matrix, rowCounts: some Sequence<Int>) -> Matrix {
    if gates.rowCount == rows.rowCount {
      for row in 0..<rows.rowCount { gates.copyRows(1, of: input.bias, from: 0, to: row) }
    } else {
      gates = Matrix(repeatingRow: input.bias, count: rows.rowCount)
      output = Matrix(rowCount: rows.rowCount, columnCount: output.columnCount)
    }
    gates.addProduct(rows, input.weights)
    state.advance(gates: &gates, output: &output, rowCounts: rowCounts)
    return output
  }
}

/// A convolution that hears a clip in pieces.
struct ConvolutionStream: Sendable {
  private let convolution: PreparedConvolution
  /// The frames from `firstFrame` on that outputs may still see.
  private var frames: Matrix
  private var firstFrame = 0
  private var nextOutput = 0

  /// Begins a clip.
  init(_ convolution: PreparedConvolution) {
    self.convolution = convolution
    let place = convolution.place
    frames = Matrix(rowCount: 0, columnCount: place.frequencyCount * place.channelCount)
  }

  /// The outputs that frames make known, [n × F · D] to [m × F′ · channels].
  mutating func outputs(of input: Matrix) -> Matrix {
    if input.rowCount > 0 { frames.appendRows(of: input) }
    let shape = convolution.place.convolution
    // Output t sees kernel frames from t · stride − padding on.
    let end = firstFrame + frames.rowCount + padding - shape.kernel.time
    return outputs(before: end < 0 ? 0 : end / shape.stride.time + 1)
  }

  /// The outputs of the clip's end, and the beginning of a new clip.
  mutating func finish(with input: Matrix) -> Matrix {
    if input.rowCount > 0 { frames.appendRows(of: input) }
    let (stride, count) = (
      convolution.place.convolution.stride.time, firstFrame + frames.rowCount
    )
    let result = outputs(before: (count + stride - 1) / stride)
    self = ConvolutionStream(convolution)
    return result
  }

  private var padding: Int { (convolution.place.convolution.kernel.time - 1) / 2 }

  private mutating func outputs(before end: Int) -> Matrix {
    let result = convolution.outputs(
      nextOutput..<max(nextOutput, end), from: frames, firstFrame: firstFrame)
    nextOutput = max(nextOutput, end)
    let needed = nextOutput * convolution.place.convolution.stride.time - padding
    let dropped = min(max(needed - firstFrame, 0), frames.rowCount)
    frames = frames.rows(dropped..<frames.rowCount)
    firstFrame += dropped
    return result
  }
}

internal import StapesKernels

/// A look ahead for layers of one direction: y_t = Σ_k w_k ⊙ x_{t+k} for k in 0...lookAhead, each
/// unit with weights of its own (Amodei 2016, "row convolution").
///
/// Nothing lies past a clip's end.
public struct RowConvolution: Sendable, Equatable {
  /// How many outputs are looked ahead.
  public var lookAhead: Int

  /// Describes a layer.
  public init(lookAhead: Int) { self.lookAhead = lookAhead }
}

extension RowConvolution: Layer {
  func validate() throws(NetworkError) {
    try NetworkError.check("look-ahead", lookAhead, in: 1...1000)
  }

  func outputCount(inputCount: Int) -> Int { inputCount }

  /// The weights [lookAhead + 1 × units]; at first y = x.
  func shapes(inputCount: Int) -> [TensorShape] {
    [TensorShape("taps", lookAhead + 1, inputCount, .ones(0..<inputCount))]
  }

  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerCache {
    LayerCache(input: input, output: output(for: input, taps: weights[0], packing: setting.packing))
  }

  /// The output, [N × units].
  func output(for input: Matrix, taps: Matrix, packing: TimePacking) -> Matrix {
    var output = Matrix(rowCount: input.rowCount, columnCount: input.columnCount)
    for step in 0..<packing.stepCount {
      for (tap, rows) in rowsAhead(of: step, packing) {
        output.addRows(
          of: input, rows, to: packing.stepStarts[step], timesColumns: taps.row(tap))
      }
    }
    return output
  }

  func backward(
    _ cache: inout LayerCache, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    let (input, packing) = (cache.input, setting.packing)
    var inputGradient = Matrix(rowCount: input.rowCount, columnCount: input.columnCount)
    for step in 0..<packing.stepCount {
      let start = packing.stepStarts[step]
      for (tap, rows) in rowsAhead(of: step, packing) {
        gradient.tensors[first].matrix.addColumnProducts(
          toRow: tap, input, rows: rows, outputGradient, from: start)
        inputGradient.addRows(
          of: outputGradient, start..<start + rows.count, to: rows.lowerBound,
          timesColumns: weights[0].row(tap))
      }
    }
    return wantsInputGradient ? inputGradient : nil
  }

  /// The rows of the steps that a step looks at, those of sequences that run so long.
  private func rowsAhead(of step: Int, _ packing: TimePacking) -> [(tap: Int, rows: Range<Int>)] {
    (0...lookAhead).prefix { step + $0 < packing.stepCount }.map { tap in
      (tap, packing.stepStarts[step + tap]..<packing.stepStarts[step + tap + 1])
    }
  }

  func packed(_ weights: [WeightMatrix], for products: ProductPrecision) -> any PackedLayer {
    PackedRowConvolution(convolution: self, taps: weights[0].matrix)
  }
}

/// A look-ahead with its weights.
private struct PackedRowConvolution: PackedLayer {
  let convolution: RowConvolution
  let taps: Matrix

  var isCausal: Bool { false }
  var widestColumnCount: Int { 1 }

  func outputs(of input: Matrix, packing: TimePacking) -> Matrix {
    convolution.output(for: input, taps: taps, packing: packing)
  }

  func stream(clipCount: Int) -> any LayerStream {
    RowConvolutionStream(layer: self, waiting: RowQueue(columnCount: taps.columnCount))
  }
}

/// A look-ahead in a clip that comes in pieces.
private struct RowConvolutionStream: LayerStream {
  let layer: PackedRowConvolution
  /// The inputs from the next output's on.
  var waiting: RowQueue

  mutating func outputs(of input: Matrix, rowCounts: [Int]) -> Matrix {
    waiting.append(input)
    return take(max(waiting.rows.rowCount - layer.convolution.lookAhead, 0))
  }

  mutating func finish(with input: Matrix) -> Matrix {
    waiting.append(input)
    return take(waiting.rows.rowCount)
  }

  private mutating func take(_ count: Int) -> Matrix {
    let outputs = layer.outputs(
      of: waiting.rows, packing: TimePacking(lengths: [waiting.rows.rowCount]))
    waiting.discard(before: waiting.start + count)
    return outputs.rows(0..<count)
  }
}

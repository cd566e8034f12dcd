internal import StapesKernels

/// A layer of units that see what was before, in one direction or both.
///
/// Each direction has the matrices `input` W [G × inputs], those of the cell, and among them
/// `recurrent` and `bias` b [1 × G]; a layer of both directions gives h of both side by side.
/// Letters: G columns of the gates, H units, R columns of h.
protocol RecurrentLayer: LayerComputation {
  /// H: the number of units of each direction.
  var size: Int { get }
  /// Whether it also reads the sequence from its end to its beginning.
  var isBidirectional: Bool { get }
  /// The gates of a unit.
  var gatesPerUnit: Int { get }
  /// R: the columns of h of a direction.
  var directionOutputCount: Int { get }

  /// The matrices of a direction behind W; the first is `recurrent`, the second b.
  var cellShapes: [TensorShape] { get }

  /// The cell for the way forward.
  ///
  /// - Parameters:
  ///   - weights: the matrices of a direction, W the first.
  ///   - products: how products are computed.
  func forwardCell(_ weights: [WeightMatrix], for products: ProductPrecision) -> RecurrentCell

  /// The cell for the way back.
  ///
  /// - Parameters:
  ///   - weights: the matrices of a direction, W the first.
  ///   - precision: how products are computed.
  func backwardCell(_ weights: [Matrix], precision: ProductPrecision) -> RecurrentCell

  /// Adds to the gradients of a direction's matrices but W and b.
  func addCellGradients(
    _ direction: DirectionGradients, into gradient: inout NetworkParameters, at first: Int)
}

/// What the gradients of one direction of a recurrent layer are made of.
struct DirectionGradients {
  /// After the way back.
  let trace: RecurrentTrace
  /// The gradients of the gates' inputs, turned, to be multiplied from the left.
  let turnedGates: TransposedFactor
  /// h of the step before in each row, [N × R].
  let previousHidden: Matrix
  let sweep: RecurrentSweep
  let precision: ProductPrecision
}

extension RecurrentLayer {
  var directionCount: Int { isBidirectional ? 2 : 1 }
  private var partCount: Int { 1 + cellShapes.count }

  /// The position of b among the matrices of a direction.
  private var biasPart: Int { 2 }

  func validate() throws(NetworkError) {
    try NetworkError.check("hidden size", size, in: 1...16_384)
  }

  func outputCount(inputCount: Int) -> Int { directionCount * directionOutputCount }

  func shapes(inputCount: Int) -> [TensorShape] {
    ["forward", "backward"].prefix(directionCount).flatMap { direction in
      let input = TensorShape(
        "input", gatesPerUnit * size, inputCount, .input(unitCount: size))
      return ([input] + cellShapes).map { $0.prefixed(direction) }
    }
  }

  private func sweep(_ direction: Int, _ setting: LayerSetting) -> RecurrentSweep {
    RecurrentSweep(
      over: setting.packing, reversed: direction == 1, truncation: setting.truncation)
  }

  private func parts<Element>(_ direction: Int, of weights: [Element]) -> [Element] {
    Array(weights[direction * partCount..<(direction + 1) * partCount])
  }

  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerPass {
    var pass = LayerPass(
      input: input,
      output: Matrix(
        rowCount: input.rowCount, columnCount: outputCount(inputCount: input.columnCount)))
    for direction in 0..<directionCount {
      let weights = parts(direction, of: weights)
      var gates = Matrix(repeatingRow: weights[biasPart], count: input.rowCount)
      gates.addProduct(input, transposed: weights[0], precision: setting.precision)
      let cell = forwardCell(weights.map(WeightMatrix.float32), for: setting.precision)
      var trace = RecurrentTrace(gates: gates, cell: cell)
      gates = Matrix(rowCount: 0, columnCount: 0)
      sweep(direction, setting).run(
        cell, trace: &trace, output: &pass.output, column: direction * directionOutputCount)
      pass.traces.append(trace)
    }
    return pass
  }

  func goBack(
    _ pass: inout LayerPass, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    var inputGradient: Matrix?
    for direction in 0..<directionCount {
      let weights = parts(direction, of: weights)
      let (sweep, column) = (sweep(direction, setting), direction * directionOutputCount)
      sweep.goBack(
        backwardCell(weights, precision: setting.precision), trace: &pass.traces[direction],
        output: pass.output, outputGradient: outputGradient, column: column,
        keepsStateGradients: setting.keepsStateGradients)
      let trace = pass.traces[direction]
      let position = first + direction * partCount
      let turnedGates = TransposedFactor(trace.gates, precision: setting.precision)
      gradient.tensors[position].matrix.addProduct(turnedGates, pass.input)
      addCellGradients(
        DirectionGradients(
          trace: trace, turnedGates: turnedGates,
          previousHidden: sweep.previous(
            of: pass.output, column: column, count: directionOutputCount),
          sweep: sweep, precision: setting.precision),
        into: &gradient, at: position)
      gradient.tensors[position + biasPart].matrix.add(trace.gates.columnSums())
      if wantsInputGradient {
        var total =
          inputGradient
          ?? Matrix(rowCount: trace.gates.rowCount, columnCount: pass.input.columnCount)
        total.addProduct(trace.gates, weights[0], precision: setting.precision)
        inputGradient = total
      }
    }
    return inputGradient
  }

  func prepared(_ weights: [WeightMatrix], for products: ProductPrecision) -> PreparedLayer.Work {
    .recurrent(
      (0..<directionCount).map { direction in
        let weights = parts(direction, of: weights)
        return PreparedLayer.Direction(
          input: Affine(
            weights: weights[0].packed(for: products), bias: weights[biasPart].matrix),
          cell: forwardCell(weights, for: products))
      })
  }
}

internal import StapesKernels

/// What one layer keeps of its way forward for the way back.
struct LayerPass: Sendable {
  /// What went in, [N × inputs].
  let input: Matrix
  /// For each direction the gates' values, [N × 4H], and the cells, [N × H].
  var directions: [(gates: Matrix, cells: Matrix)]
  /// h of all directions side by side, [N × directions · H].
  var output: Matrix
}

extension Network {
  /// The weights of a part of one direction of a layer.
  private func weights(_ part: NetworkParameters.Part, _ layer: Int, _ direction: Int) -> Matrix {
    parameters.tensors[position(part, layer, direction)].matrix
  }

  private func position(_ part: NetworkParameters.Part, _ layer: Int, _ direction: Int) -> Int {
    NetworkParameters.position(
      part, ofLayer: layer, direction: direction, of: configuration.directionCount)
  }

  private func sweep(_ direction: Int, over packing: TimePacking) -> LSTMSweep {
    LSTMSweep(over: packing, reversed: direction == 1, hiddenSize: configuration.hiddenSize)
  }

  /// Runs one layer.
  ///
  /// - Parameters:
  ///   - input: [N × inputs], packed.
  ///   - precision: how products are computed.
  func run(
    _ layer: Int, input: Matrix, packing: TimePacking, precision: ProductPrecision = .float32
  ) -> LayerPass {
    let hidden = configuration.hiddenSize
    var output = Matrix(
      rowCount: input.rowCount, columnCount: configuration.directionCount * hidden)
    var directions: [(gates: Matrix, cells: Matrix)] = []
    for direction in 0..<configuration.directionCount {
      var gates = Matrix(repeatingRow: weights(.bias, layer, direction), count: input.rowCount)
      gates.addProduct(
        input, transposed: weights(.input, layer, direction), precision: precision)
      var cells = Matrix(rowCount: input.rowCount, columnCount: hidden)
      sweep(direction, over: packing).run(
        gates: &gates, cells: &cells, hidden: &output, column: direction * hidden,
        recurrentWeights: PackedMatrix(
          transposing: weights(.recurrent, layer, direction), precision: precision))
      directions.append((gates, cells))
    }
    return LayerPass(input: input, directions: directions, output: output)
  }

  /// Goes back through one layer and adds to the gradient of its weights.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂loss/∂output, [N × directions · H].
  ///   - precision: how products are computed.
  /// - Returns: ∂loss/∂input, [N × inputs]; nil unless it is wanted.
  func goBack(
    _ layer: Int, pass: consuming LayerPass, outputGradient: Matrix, packing: TimePacking,
    precision: ProductPrecision, into gradient: inout NetworkParameters, wantsInputGradient: Bool
  ) -> Matrix? {
    let hidden = configuration.hiddenSize
    var inputGradient: Matrix?
    for direction in 0..<configuration.directionCount {
      let sweep = sweep(direction, over: packing)
      let column = direction * hidden
      sweep.goBack(
        gates: &pass.directions[direction].gates, cells: pass.directions[direction].cells,
        hiddenGradient: outputGradient, column: column,
        recurrentWeights: PackedMatrix(
          weights(.recurrent, layer, direction), precision: precision))
      let gates = pass.directions[direction].gates
      func add(_ part: NetworkParameters.Part, _ product: (inout Matrix) -> Void) {
        product(&gradient.tensors[position(part, layer, direction)].matrix)
      }
      let turnedGates = TransposedFactor(gates, precision: precision)
      add(.input) { $0.addProduct(turnedGates, pass.input) }
      add(.recurrent) {
        $0.addProduct(turnedGates, sweep.previousHidden(pass.output, column: column))
      }
      add(.bias) { $0.add(gates.columnSums()) }
      if wantsInputGradient {
        var total =
          inputGradient ?? Matrix(rowCount: gates.rowCount, columnCount: pass.input.columnCount)
        total.addProduct(gates, weights(.input, layer, direction), precision: precision)
        inputGradient = total
      }
    }
    return inputGradient
  }
}

public import StapesKernels

/// A layer of units that see the step before, in one direction or both.
///
/// Each direction has the input weights W [G × inputs] and the parameters of its cell, the bias b
/// [1 × G] among them: the gates' inputs are W·x + b, and the cell makes h of them, step after step.
/// A layer of both directions gives h of both side by side. Letters: N rows of the packing, G
/// columns of the gates, R columns of h.
public struct RecurrentLayer<Cell: RecurrentCell>: Sendable, Equatable {
  /// What a unit computes.
  public var cell: Cell
  /// Whether it also reads the sequence from its end to its beginning.
  public var isBidirectional: Bool

  /// Describes a layer.
  public init(_ cell: Cell, isBidirectional: Bool = false) {
    self.cell = cell
    self.isBidirectional = isBidirectional
  }
}

extension RecurrentLayer: Layer {
  private var directionCount: Int { isBidirectional ? 2 : 1 }
  /// The matrices of a direction: W and the cell's.
  private var partCount: Int { 1 + cell.parameters.count }
  /// The position of b among the parameters of the cell.
  private var biasPosition: Int { 1 }

  /// The columns of the output that are h of a direction.
  private func columns(_ direction: Int) -> Range<Int> {
    direction * cell.outputCount..<(direction + 1) * cell.outputCount
  }

  func validate() throws(NetworkError) {
    try NetworkError.check("hidden size", cell.size, in: 1...16_384)
    try NetworkError.check("projection", cell.outputCount, in: 1...cell.size)
    try cell.unitActivation?.validate()
  }

  func outputCount(inputCount: Int) -> Int { directionCount * cell.outputCount }

  func shapes(inputCount: Int) -> [TensorShape] {
    ["forward", "backward"].prefix(directionCount).flatMap { direction in
      let input = TensorShape("input", cell.gateCount, inputCount, .input(unitCount: cell.size))
      return ([input] + cell.parameters).map { $0.prefixed(direction) }
    }
  }

  /// W and the cell's parameters of a direction.
  private func parts<Element>(
    _ direction: Int, of weights: [Element]
  ) -> (input: Element, cell: [Element]) {
    let first = direction * partCount
    return (weights[first], Array(weights[first + 1..<first + partCount]))
  }

  private func sweep(_ direction: Int, _ setting: LayerSetting) -> RecurrentSweep {
    RecurrentSweep(
      over: setting.packing, reversed: direction == 1, truncation: setting.truncation)
  }

  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerCache {
    var pass = LayerCache(
      input: input,
      output: Matrix(
        rowCount: input.rowCount, columnCount: outputCount(inputCount: input.columnCount)))
    for direction in 0..<directionCount {
      let weights = parts(direction, of: weights)
      var gates = Matrix(repeatingRow: weights.cell[biasPosition], count: input.rowCount)
      gates.addProduct(input, transposed: weights.input, precision: setting.precision)
      var cache = RecurrentCache(gates: gates, of: cell)
      gates = Matrix(rowCount: 0, columnCount: 0)
      sweep(direction, setting).forward(
        cell,
        weights: cell.weights(weights.cell.map(WeightMatrix.float32)) {
          $0.packed(for: setting.precision)
        },
        cache: &cache, output: &pass.output, column: columns(direction).lowerBound)
      pass.directions.append(cache)
    }
    return pass
  }

  func backward(
    _ pass: inout LayerCache, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    var inputGradient: Matrix?
    for direction in 0..<directionCount {
      let (weights, sweep) = (parts(direction, of: weights), sweep(direction, setting))
      sweep.backward(
        cell,
        weights: cell.weights(weights.cell.map(WeightMatrix.float32)) {
          PackedMatrix($0.matrix, precision: setting.precision)
        },
        cache: &pass.directions[direction], output: pass.output, outputGradient: outputGradient,
        column: columns(direction).lowerBound, keepsStateGradients: setting.keepsStateGradients)
      let result = RecurrentBackward(
        cache: pass.directions[direction], output: pass.output, columns: columns(direction),
        sweep: sweep, precision: setting.precision)
      let (gates, position) = (result.cache.gates, first + direction * partCount)
      gradient.tensors[position].matrix.addProduct(result.transposedGates, pass.input)
      gradient.change(position + 1..<position + partCount) { gradients in
        cell.addGradients(result, to: &gradients)
        gradients[biasPosition].add(gates.columnSums())
      }
      if wantsInputGradient {
        var total =
          inputGradient ?? Matrix(rowCount: gates.rowCount, columnCount: pass.input.columnCount)
        total.addProduct(gates, weights.input, precision: setting.precision)
        inputGradient = total
      }
    }
    return inputGradient
  }

  func packed(_ weights: [WeightMatrix], for products: ProductPrecision) -> any PackedLayer {
    PackedRecurrentLayer(
      directions: (0..<directionCount).map { direction in
        let weights = parts(direction, of: weights)
        return PackedCell(
          cell, inputWeights: weights.input, parameters: weights.cell, products: products)
      })
  }
}

/// A recurrent layer with its weights packed, to recognise.
private struct PackedRecurrentLayer<Cell: RecurrentCell>: PackedLayer {
  let directions: [PackedCell<Cell>]

  var isCausal: Bool { directions.count == 1 }
  var widestColumnCount: Int { directions[0].cell.gateCount }

  func outputs(of input: Matrix, packing: TimePacking) -> Matrix {
    let width = directions[0].cell.outputCount
    var output = Matrix(rowCount: input.rowCount, columnCount: directions.count * width)
    for (index, direction) in directions.enumerated() {
      direction.run(
        input, packing: packing, reversed: index == 1, output: &output, column: index * width)
    }
    return output
  }

  func concurrentOutputs(of input: Matrix, packing: TimePacking) async -> Matrix {
    guard directions.count == 2 else { return outputs(of: input, packing: packing) }
    @Sendable func output(_ index: Int) -> Matrix {
      let direction = directions[index]
      var output = Matrix(rowCount: input.rowCount, columnCount: direction.cell.outputCount)
      direction.run(input, packing: packing, reversed: index == 1, output: &output, column: 0)
      return output
    }
    async let backward = output(1)
    let forward = output(0)
    return Matrix(joiningColumnsOf: [forward, await backward])
  }

  func stream(clipCount: Int) -> any LayerStream {
    RecurrentState(directions[0], sequenceCount: clipCount)
  }
}

extension RecurrentState: LayerStream {
  mutating func finish(with input: Matrix) -> Matrix {
    defer { restart() }
    return outputs(of: input, rowCounts: [Int](repeating: 1, count: input.rowCount))
  }
}

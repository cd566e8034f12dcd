internal import StapesKernels
internal import StapesNetwork

/// The weights of one direction of a recurrent layer with the gates in ONNX's order.
private struct CellWeights {
  /// W, [gates · H × inputs].
  let input: [Float]
  /// R, [gates · H × H].
  let recurrent: [Float]
  /// What is added to the input's product; [gates · H].
  let inputBias: [Float]
  /// What is added to the product of the last outputs; [gates · H].
  let recurrentBias: [Float]
  /// [3 · H]; empty for none.
  var peepholes: [Float] = []
}

extension NetworkGraph {
  /// The directions of a layer, as they begin the names of its matrices.
  func directions(isBidirectional: Bool) -> [String] {
    isBidirectional ? ["forward", "backward"] : ["forward"]
  }

  /// Long short-term memory; with a projection, which ONNX's operator does not have, as a loop.
  mutating func outputs(of layer: LSTMLayer, _ rows: String) -> String {
    guard layer.cell.projectionSize == nil else { return projectedOutputs(of: layer, rows) }
    // Ours are i f g o, ONNX's i o f c; peepholes ours i f o, ONNX's i o f.
    let order = [0, 3, 1, 2]
    let cells = directions(isBidirectional: layer.isBidirectional).map { direction in
      CellWeights(
        input: weights("\(direction).input").values.blocks(order),
        recurrent: weights("\(direction).recurrent").values.blocks(order),
        inputBias: weights("\(direction).bias").values.blocks(order),
        recurrentBias: [Float](repeating: 0, count: 4 * layer.cell.size),
        peepholes: layer.cell.hasPeepholes
          ? weights("\(direction).peepholes").values.blocks([0, 2, 1]) : [])
    }
    return outputs(of: "LSTM", cells, rows, size: layer.cell.size)
  }

  /// Gated recurrent units.
  mutating func outputs(of layer: GRULayer, _ rows: String) -> String {
    // Ours are r z n, ONNX's z r h.
    let (order, zeros) = ([1, 0, 2], [Float](repeating: 0, count: layer.cell.size))
    let cells = directions(isBidirectional: layer.isBidirectional).map { direction in
      CellWeights(
        input: weights("\(direction).input").values.blocks(order),
        recurrent: weights("\(direction).recurrent").values.blocks([1, 0])
          + weights("\(direction).candidate").values,
        inputBias: weights("\(direction).bias").values.blocks(order),
        recurrentBias: zeros + zeros
          + (layer.cell.resetsBeforeProduct ? zeros : weights("\(direction).candidate_bias").values)
      )
    }
    return outputs(
      of: "GRU", cells, rows, size: layer.cell.size,
      attributes: [("linear_before_reset", .integer(layer.cell.resetsBeforeProduct ? 0 : 1))])
  }

  /// Plain recurrent units.
  mutating func outputs(of layer: ElmanLayer, _ rows: String) -> String {
    let cells = directions(isBidirectional: layer.isBidirectional).map { direction in
      CellWeights(
        input: weights("\(direction).input").values,
        recurrent: weights("\(direction).recurrent").values,
        inputBias: weights("\(direction).bias").values,
        recurrentBias: [Float](repeating: 0, count: layer.cell.size))
    }
    let name = layer.cell.activation == .tanh ? "Tanh" : "Relu"
    var attributes: ONNXGraph.Attributes = [
      ("activations", .texts([String](repeating: name, count: cells.count)))
    ]
    // ONNX bounds what goes into the rectifier, which bounds what comes out of it.
    if case .clippedRelu(let ceiling) = layer.cell.activation {
      attributes.append(("clip", .number(ceiling)))
    }
    return outputs(of: "RNN", cells, rows, size: layer.cell.size, attributes: attributes)
  }

  /// One of ONNX's recurrent operators over a batch of one clip.
  private mutating func outputs(
    of operation: String, _ cells: [CellWeights], _ rows: String, size: Int,
    attributes: ONNXGraph.Attributes = []
  ) -> String {
    let (count, gateCount) = (cells.count, cells[0].inputBias.count)
    let inputCount = cells[0].input.count / gateCount
    var inputs = [
      graph.add("Unsqueeze", rows, graph.constant(1)),
      graph.constant("input", [count, gateCount, inputCount], cells.flatMap(\.input)),
      graph.constant("recurrent", [count, gateCount, size], cells.flatMap(\.recurrent)),
      graph.constant(
        "bias", [count, 2 * gateCount], cells.flatMap { $0.inputBias + $0.recurrentBias }),
    ]
    if !cells[0].peepholes.isEmpty {
      let peepholes = cells.flatMap(\.peepholes)
      inputs += ["", "", "", graph.constant("peepholes", [count, 3 * size], peepholes)]
    }
    let sequences = graph.add(
      operation, inputs,
      attributes: [
        ("hidden_size", .integer(size)),
        ("direction", .text(count == 2 ? "bidirectional" : "forward")),
      ] + attributes)
    // From [N × directions × 1 × H].
    return graph.add("Reshape", sequences, graph.constant(-1, count * size))
  }
}

extension [Float] {
  /// As many blocks of equal length as there are in an order, in that order.
  fileprivate func blocks(_ order: [Int]) -> [Float] {
    let length = count / order.count
    return order.flatMap { self[$0 * length..<($0 + 1) * length] }
  }
}

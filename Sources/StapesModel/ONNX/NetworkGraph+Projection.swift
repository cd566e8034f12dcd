internal import StapesKernels
internal import StapesNetwork

extension NetworkGraph {
  /// Long short-term memory with a projection: a loop over time for each direction.
  mutating func projectedOutputs(of layer: LSTMLayer, _ rows: String) -> String {
    let scope = graph.scope
    defer { graph.scope = scope }
    let parts = directions(isBidirectional: layer.isBidirectional).map { direction in
      graph.scope = "\(scope).\(direction)"
      return directionOutputs(of: layer, rows, isBackward: direction == "backward")
    }
    return sideBySide(parts)
  }

  private mutating func directionOutputs(
    of layer: LSTMLayer, _ rows: String, isBackward: Bool
  ) -> String {
    let outputCount = layer.cell.projectionSize ?? layer.cell.size
    let gates = affine(rows, "input", "bias")
    let hidden = graph.constant(
      "hidden", [1, outputCount], [Float](repeating: 0, count: outputCount))
    let cell = graph.constant(
      "cell", [1, layer.cell.size], [Float](repeating: 0, count: layer.cell.size))
    let direction = isBackward ? 1 : 0
    return graph.add(
      "Scan", [hidden, cell, gates],
      attributes: [
        ("body", .graph(step(of: layer, outputCount: outputCount))),
        ("num_scan_inputs", .integer(1)),
        ("scan_input_directions", .integers([direction])),
        ("scan_output_directions", .integers([direction])),
      ], outputCount: 3)[2]
  }

  /// A step: h [1 × R], c [1 × H] and the gates' inputs [4H] → h, c, and h as a row [R].
  private mutating func step(of layer: LSTMLayer, outputCount: Int) -> ONNXGraph {
    var step = ONNXGraph(name: "\(graph.scope).step")
    let (before, cellBefore, inputs) = ("\(step.name).h", "\(step.name).c", "\(step.name).a")
    step.inputs = [
      ONNXGraph.Value(name: before, shape: [.fixed(1), .fixed(outputCount)]),
      ONNXGraph.Value(name: cellBefore, shape: [.fixed(1), .fixed(layer.cell.size)]),
      ONNXGraph.Value(name: inputs, shape: [.fixed(4 * layer.cell.size)]),
    ]
    let transposed: ONNXGraph.Attributes = [("transB", .integer(1))]
    let sums = step.add("Gemm", before, constant("recurrent"), inputs, attributes: transposed)
    var gates = step.add(
      "Split", [sums], attributes: [("axis", .integer(1))], outputCount: 4)  // i f g o
    let peepholes = layer.cell.hasPeepholes ? weights("peepholes") : nil
    func seeing(_ cell: String, _ gate: Int, _ row: Int) {
      guard let peepholes else { return }
      let name = graph.constant("peephole_\(row)", [layer.cell.size], Array(peepholes.row(row)))
      gates[gate] = step.add("Add", gates[gate], step.add("Mul", cell, name))
    }
    seeing(cellBefore, 0, 0)
    seeing(cellBefore, 1, 1)
    let kept = step.add("Mul", step.add("Sigmoid", gates[1]), cellBefore)
    let new = step.add("Mul", step.add("Sigmoid", gates[0]), step.add("Tanh", gates[2]))
    let cell = step.add("Add", kept, new)
    seeing(cell, 3, 2)
    let units = step.add("Mul", step.add("Sigmoid", gates[3]), step.add("Tanh", cell))
    let hidden = step.add("Gemm", units, constant("projection"), attributes: transposed)
    let row = step.add("Squeeze", hidden, graph.constant(0))
    step.outputs = [
      ONNXGraph.Value(name: hidden, shape: [.fixed(1), .fixed(outputCount)]),
      ONNXGraph.Value(name: cell, shape: [.fixed(1), .fixed(layer.cell.size)]),
      ONNXGraph.Value(name: row, shape: [.fixed(outputCount)]),
    ]
    return step
  }
}

internal import StapesFeatures
internal import StapesKernels
internal import StapesNetwork

/// A network as a graph of ONNX's standard operators, with a function for each kind of layer.
///
/// Between layers stand matrices with a row for each time, [N × columns], as in `Network`; training
/// leaves no trace in it (dropout, noise). Letters: N rows, F frequencies, D channels, H units.
struct NetworkGraph {
  /// The name of the input, [frames × features], before it is normalised.
  static let inputName = "features"
  /// The name of the output, natural log-probabilities, [outputs × classes].
  static let outputName = "log_probabilities"

  /// The graph.
  var graph = ONNXGraph(name: "network")
  private let weights: [String: WeightMatrix]

  /// Builds the graph of a network and of the normalisation of what it is given.
  init(_ network: StoredNetwork, normalization: FeatureNormalization) {
    let configuration = network.configuration
    let architecture = configuration.architecture
    weights = Dictionary(
      uniqueKeysWithValues: zip(
        NetworkParameters.shapes(for: configuration).map(\.name), network.weights))
    var rows = normalized(
      Self.inputName, by: normalization, featureCount: configuration.featureCount)
    var (frequencyCount, channelCount) = (configuration.featureCount, 1)
    for (index, convolution) in architecture.convolutions.enumerated() {
      graph.scope = "convolutions.\(index)"
      rows = convolved(
        rows, by: convolution, frequencyCount: frequencyCount, channelCount: channelCount)
      channelCount = convolution.channelCount
      frequencyCount =
        (frequencyCount + convolution.stride.frequency - 1) / convolution.stride.frequency
    }
    graph.scope = "stack"
    rows = stacked(rows, count: architecture.stackCount, stride: architecture.stackStride)
    for (index, layer) in architecture.layers.enumerated() {
      graph.scope = "layers.\(index)"
      let inner = outputs(of: layer.kind, rows)
      let outer = layer.isNormalized ? normalizedRows(inner) : inner
      rows = layer.isResidual ? graph.add("Add", outer, rows) : outer
    }
    graph.scope = "pool"
    if let pooling = architecture.pooling {
      rows = pooled(rows, pooling, isBidirectional: architecture.layers.last?.kind.isBidirectional)
    }
    graph.scope = "output"
    let logits = affine(rows, "weights", "bias")
    _ = graph.add(
      "LogSoftmax", logits, attributes: [("axis", .integer(1))], output: Self.outputName)
    describeBorders(of: configuration)
  }

  private mutating func describeBorders(of configuration: NetworkConfiguration) {
    graph.inputs = [
      ONNXGraph.Value(
        name: Self.inputName, shape: [.named("frames"), .fixed(configuration.featureCount)],
        explanation: "One clip, as `features` in the metadata describes, not normalised.")
    ]
    let isPooled = configuration.architecture.pooling != nil
    let outputs: ONNXGraph.Value.Dimension = isPooled ? .fixed(1) : .named("outputs")
    graph.outputs = [
      ONNXGraph.Value(
        name: Self.outputName, shape: [outputs, .fixed(configuration.classCount)],
        explanation: "Natural logarithms; "
          + (isPooled
            ? "class k is that at k, from 0, of `classes`."
            : "class 0 is blank, class k the k-th of `alphabet`."))
    ]
  }

  /// A matrix of the part in hand.
  func weights(_ name: String) -> Matrix {
    guard let matrix = weights["\(graph.scope).\(name)"] else {
      preconditionFailure("no weights \(graph.scope).\(name)")
    }
    return matrix.matrix
  }

  /// A matrix of the part in hand as a constant; a bias is a vector.
  mutating func constant(_ name: String, isVector: Bool = false) -> String {
    let matrix = weights(name)
    let shape = isVector ? [matrix.columnCount] : [matrix.rowCount, matrix.columnCount]
    return graph.constant(name, shape, matrix.values)
  }

  /// The linear function x·Wᵀ + b of each row.
  mutating func affine(_ rows: String, _ weights: String, _ bias: String) -> String {
    graph.add(
      "Gemm", rows, constant(weights), constant(bias, isVector: true),
      attributes: [("transB", .integer(1))])
  }

  private mutating func outputs(of kind: NetworkLayer.Kind, _ rows: String) -> String {
    switch kind {
    case .feedForward(let layer):
      activated(affine(rows, "weights", "bias"), by: layer.activation)
    case .elman(let layer): outputs(of: layer, rows)
    case .lstm(let layer): outputs(of: layer, rows)
    case .gru(let layer): outputs(of: layer, rows)
    case .rowConvolution(let layer): lookingAhead(rows, layer)
    }
  }

  mutating func activated(_ input: String, by activation: Activation) -> String {
    switch activation {
    case .tanh: graph.add("Tanh", input)
    case .relu: graph.add("Relu", input)
    case .clippedRelu(let ceiling):
      graph.add(
        "Clip", input, graph.constant("floor", [], [0]), graph.constant("ceiling", [], [ceiling]))
    }
  }

  /// Layer normalisation of each row.
  mutating func normalizedRows(_ rows: String) -> String {
    graph.add(
      "LayerNormalization", rows, constant("norm.gain", isVector: true),
      constant("norm.bias", isVector: true),
      attributes: [("axis", .integer(-1)), ("epsilon", .number(1e-5))])
  }

  /// Each row beside those that follow it, zeros behind the last; of these, every stride-th.
  private mutating func stacked(_ rows: String, count: Int, stride: Int) -> String {
    guard (count, stride) != (1, 1) else { return rows }
    let padded = graph.add(
      "Pad", rows, graph.constant(0, 0, count - 1, 0), graph.constant("zero", [], [0]))
    let (axis, step) = (graph.constant(0), graph.constant(stride))
    let parts = (0..<count).map { offset in
      // As many rows from each offset on as there are without one.
      let end = offset == count - 1 ? Int.max : offset - (count - 1)
      return graph.add(
        "Slice", padded, graph.constant(offset), graph.constant(end), axis, step)
    }
    return sideBySide(parts)
  }

  /// The columns of some matrices in one.
  mutating func sideBySide(_ parts: [String]) -> String {
    graph.add("Concat", parts, attributes: [("axis", .integer(1))])
  }

  /// One row for the clip.
  private mutating func pooled(
    _ rows: String, _ pooling: NetworkArchitecture.Pooling, isBidirectional: Bool?
  ) -> String {
    switch pooling {
    case .mean:
      return meanOverTime(rows)
    case .last:
      let axis = graph.constant(0)
      let last = graph.add("Slice", rows, graph.constant(-1), graph.constant(.max), axis)
      guard isBidirectional == true else { return last }
      // The backward direction ends at the first time; it is the second half of the columns.
      let first = graph.add("Slice", rows, graph.constant(0), graph.constant(1), axis)
      let halves = [(last, 0), (first, 1)].map { row, half in
        graph.add("Split", [row], attributes: [("axis", .integer(1))], outputCount: 2)[half]
      }
      return sideBySide(halves)
    }
  }
}

import Foundation

/// Computes a graph as ONNX's operators are defined, one element after the other.
struct ONNXInterpreter {
  private var values: [String: ONNXTensor] = [:]

  enum Fault: Error {
    case missing(String)
    case repeated(String)
    case unknown(operation: String)
  }

  /// The outputs of a graph.
  ///
  /// - Parameters:
  ///   - graph: the graph.
  ///   - inputs: for each of its inputs.
  ///   - outer: values around it that it may take, too.
  static func outputs(
    of graph: ONNXFile.Graph, inputs: [ONNXTensor], outer: [String: ONNXTensor] = [:]
  ) throws -> [ONNXTensor] {
    var run = ONNXInterpreter()
    // Every name stands for one value; a repeat is an error of the graph.
    run.values = try outer.merging(graph.constants) { _, tensor in
      throw Fault.repeated(tensor.name)
    }
    for (border, value) in zip(graph.inputs, inputs) { try run.set(border.name, value) }
    for node in graph.nodes {
      for (name, value) in zip(node.outputs, try run.outputs(of: node)) { try run.set(name, value) }
    }
    return try graph.outputs.map { try run.value($0.name) }
  }

  private mutating func set(_ name: String, _ value: ONNXTensor) throws {
    guard values.updateValue(value, forKey: name) == nil else { throw Fault.repeated(name) }
  }

  private func value(_ name: String) throws -> ONNXTensor {
    guard let value = values[name] else { throw Fault.missing(name) }
    return value
  }

  private func outputs(of node: ONNXFile.Node) throws -> [ONNXTensor] {
    // An input that is left out is an empty tensor.
    let inputs = try node.inputs.map {
      $0.isEmpty ? ONNXTensor(shape: [0], values: []) : try value($0)
    }
    switch node.operation {
    case "LSTM", "GRU", "RNN": return [try recurrentOutput(of: node, inputs)]
    case "Scan": return try scanned(node, inputs)
    case "Split":
      let axis = node.axis(in: inputs[0])
      let size = inputs[0].shape[axis] / node.outputs.count
      return node.outputs.indices.map { part in
        inputs[0].slice(axis: axis, Array(part * size..<(part + 1) * size))
      }
    default:
      let output =
        arithmetic(node, inputs) ?? arrangement(node, inputs) ?? window(node, inputs)
        ?? reduction(node, inputs)
      guard let output else { throw Fault.unknown(operation: node.operation) }
      return [output]
    }
  }

  private func arithmetic(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) -> ONNXTensor? {
    let x = inputs[0]
    switch node.operation {
    case "Add": return x.combined(inputs[1], +)
    case "Sub": return x.combined(inputs[1], -)
    case "Mul": return x.combined(inputs[1], *)
    case "Div": return x.combined(inputs[1], /)
    case "Max": return x.combined(inputs[1], max)
    case "Sqrt": return x.mapped { sqrt($0) }
    case "Tanh": return x.mapped { tanh($0) }
    case "Sigmoid": return x.mapped(sigmoid)
    case "Relu": return x.mapped { max($0, 0) }
    case "Clip":
      let (least, largest) = (inputs[1].values[0], inputs[2].values[0])
      return x.mapped { min(max($0, least), largest) }
    case "Gemm":
      let isTransposed = node.attributes["transB"]?.integer == 1
      let product = x.times(isTransposed ? inputs[1].transposed([1, 0]) : inputs[1])
      return inputs.count == 3 ? product.combined(inputs[2], +) : product
    default: return nil
    }
  }

  private func arrangement(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) -> ONNXTensor? {
    let x = inputs[0]
    switch node.operation {
    case "Shape":
      let sizes = x.shape[..<(node.attributes["end"]?.integer ?? x.shape.count)]
      return ONNXTensor(shape: [sizes.count], values: sizes.map(Double.init))
    case "Cast": return node.attributes["to"]?.integer == 1 ? x : nil  // to floats
    case "Transpose": return x.transposed(node.integers("perm"))
    case "Reshape": return x.reshaped(inputs[1].integers)
    case "Unsqueeze":
      var shape = x.shape
      shape.insert(1, at: inputs[1].integers[0])
      return ONNXTensor(shape: shape, values: x.values)
    case "Squeeze":
      var shape = x.shape
      guard shape.remove(at: inputs[1].integers[0]) == 1 else { return nil }
      return ONNXTensor(shape: shape, values: x.values)
    case "Concat":
      return inputs.dropFirst().reduce(x) { $0.joined($1, axis: node.axis(in: x)) }
    case "Slice":
      let axis = inputs[3].integers[0]
      let step = inputs.count > 4 ? inputs[4].integers[0] : 1
      let ends = [inputs[1], inputs[2]].map { end -> Int in
        let (index, size) = (end.integers[0], x.shape[axis])
        return min(max(index < 0 ? index + size : index, 0), size)
      }
      return x.slice(axis: axis, Array(stride(from: ends[0], to: ends[1], by: step)))
    case "Pad":
      let (pads, rank) = (inputs[1].integers, x.shape.count)
      return x.padded(Array(pads[..<rank]), Array(pads[rank...]), with: inputs[2].values[0])
    default: return nil
    }
  }

  private func window(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) -> ONNXTensor? {
    let x = inputs[0]
    switch node.operation {
    case "Conv":
      return x.convolved(
        inputs[1], bias: inputs.count > 2 ? inputs[2].values : [], pads: node.integers("pads"),
        strides: node.integers("strides"), groupCount: node.attributes["group"]?.integer ?? 1)
    case "AveragePool":
      // The padding counts: each window is a sum divided by the size of the kernel.
      guard node.attributes["count_include_pad"]?.integer == 1 else { return nil }
      let (kernel, channels) = (node.integers("kernel_shape"), x.shape[1])
      let size = kernel.reduce(1, *)
      let taps = ONNXTensor(
        shape: [channels, 1] + kernel,
        values: Array(repeating: 1 / Double(size), count: channels * size))
      return x.convolved(
        taps, bias: [], pads: node.integers("pads"), strides: node.integers("strides"),
        groupCount: channels)
    default: return nil
    }
  }

  private func reduction(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) -> ONNXTensor? {
    let x = inputs[0]
    switch node.operation {
    case "ReduceMean":
      guard node.integers("axes") == [0], node.attributes["keepdims"]?.integer == 1 else {
        return nil
      }
      let width = x.shape.dropFirst().reduce(1, *)
      let means = (0..<width).map { column -> Double in
        let places = stride(from: column, to: x.values.count, by: width)
        return places.reduce(0) { $0 + x.values[$1] } / Double(x.shape[0])
      }
      return ONNXTensor(shape: [1] + x.shape.dropFirst(), values: means)
    case "LayerNormalization":
      let epsilon = Double(node.attributes["epsilon"]?.number ?? 1e-5)
      let normalized = x.mappedRows { row in
        let mean = row.reduce(0, +) / Double(row.count)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
        return row.map { ($0 - mean) / sqrt(variance + epsilon) }
      }
      return normalized.combined(inputs[1], *).combined(inputs[2], +)
    case "LogSoftmax":
      return x.mappedRows { row in
        let sum = log(row.reduce(0) { $0 + exp($1) })
        return row.map { $0 - sum }
      }
    default: return nil
    }
  }

  /// A loop over the first axis of one sequence, with what is carried before it.
  private func scanned(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) throws -> [ONNXTensor] {
    guard let body = node.attributes["body"]?.graph,
      node.attributes["num_scan_inputs"]?.integer == 1, let sequence = inputs.last
    else { throw Fault.unknown(operation: "Scan") }
    let isReversed = node.attributes["scan_input_directions"]?.integers == [1]
    let turnsOutput = node.attributes["scan_output_directions"]?.integers == [1]
    var state = Array(inputs.dropLast())
    var rows: [ONNXTensor] = []
    for index in 0..<sequence.shape[0] {
      let time = isReversed ? sequence.shape[0] - 1 - index : index
      let row = sequence.slice(axis: 0, [time])
      let element = ONNXTensor(shape: Array(row.shape.dropFirst()), values: row.values)
      let outputs = try Self.outputs(of: body, inputs: state + [element], outer: values)
      state = Array(outputs.prefix(state.count))
      rows.append(outputs[state.count])
    }
    if turnsOutput { rows.reverse() }
    let stacked = ONNXTensor(
      shape: [rows.count] + (rows.first?.shape ?? []), values: rows.flatMap(\.values))
    return state + [stacked]
  }
}

extension ONNXFile.Node {
  fileprivate func integers(_ name: String) -> [Int] { attributes[name]?.integers ?? [] }

  fileprivate func axis(in tensor: ONNXTensor) -> Int {
    let axis = attributes["axis"]?.integer ?? 0
    return axis < 0 ? axis + tensor.shape.count : axis
  }
}

extension ONNXTensor {
  /// The values as integers; what is too large is the largest.
  fileprivate var integers: [Int] { values.map { Int(exactly: $0) ?? ($0 < 0 ? .min : .max) } }
}

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

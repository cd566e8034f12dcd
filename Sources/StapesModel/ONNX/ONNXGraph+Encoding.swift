// The numbers of the fields and types are those of onnx.proto, which defines the format.

/// An ONNX model: a graph, which operators it means, and what else is to be known.
struct ONNXModel {
  /// The version of the standard operators: the first with layer normalisation.
  static let operatorVersion = 17
  /// The version of the file format that came with those operators.
  static let formatVersion = 8

  let graph: ONNXGraph
  /// The version of Stapes.
  let producerVersion: String
  let explanation: String
  /// Facts by name, in order.
  let metadata: [(key: String, value: String)]

  /// The bytes of the file.
  var serialized: [UInt8] {
    var message = ProtobufMessage()
    message.add(1, Self.formatVersion)
    message.add(2, "stapes")
    message.add(3, producerVersion)
    message.add(6, explanation)
    message.add(7, graph.message)
    var operators = ProtobufMessage()
    operators.add(1, "")  // the standard ones
    operators.add(2, Self.operatorVersion)
    message.add(8, operators)
    for (key, value) in metadata {
      var entry = ProtobufMessage()
      entry.add(1, key)
      entry.add(2, value)
      message.add(14, entry)
    }
    return message.bytes
  }
}

extension ONNXGraph {
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    for node in nodes { message.add(1, node.message) }
    message.add(2, name)
    for constant in constants { message.add(5, constant.message) }
    for input in inputs { message.add(11, input.message) }
    for output in outputs { message.add(12, output.message) }
    return message
  }
}

extension ONNXGraph.Node {
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    for input in inputs { message.add(1, input) }
    for output in outputs { message.add(2, output) }
    message.add(3, outputs[0])
    message.add(4, operation)
    for (name, attribute) in attributes { message.add(5, attribute.message(named: name)) }
    return message
  }
}

extension ONNXGraph.Attribute {
  fileprivate func message(named name: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, name)
    let type: Int
    switch self {
    case .number(let value):
      message.add(2, value)
      type = 1
    case .integer(let value):
      message.add(3, value)
      type = 2
    case .text(let value):
      message.add(4, value)
      type = 3
    case .graph(let graph):
      message.add(6, graph.message)
      type = 5
    case .integers(let values):
      for value in values { message.add(8, value) }
      type = 7
    case .texts(let values):
      for value in values { message.add(9, value) }
      type = 8
    }
    message.add(20, type)
    return message
  }
}

/// The type of 32-bit floats.
private let float32Type = 1

extension ONNXGraph.Tensor {
  /// The tensor as a message; its bytes are a file, too, which ONNX's tools take as a test's input
  /// or output.
  var message: ProtobufMessage {
    var message = ProtobufMessage()
    for size in shape { message.add(1, size) }
    switch elements {
    case .numbers: message.add(2, float32Type)
    case .integers: message.add(2, 7)  // integers of 64 bits
    }
    message.add(8, name)
    switch elements {
    case .numbers(let values): message.add(9, bytesOf: values)
    case .integers(let values): message.add(9, bytesOf: values)
    }
    return message
  }
}

extension ONNXGraph.Value {
  fileprivate var message: ProtobufMessage {
    var sizes = ProtobufMessage()
    for dimension in shape {
      var size = ProtobufMessage()
      switch dimension {
      case .fixed(let count): size.add(1, count)
      case .named(let name): size.add(2, name)
      }
      sizes.add(1, size)
    }
    var tensor = ProtobufMessage()
    tensor.add(1, float32Type)
    tensor.add(2, sizes)
    var type = ProtobufMessage()
    type.add(1, tensor)
    var message = ProtobufMessage()
    message.add(1, name)
    message.add(2, type)
    if !explanation.isEmpty { message.add(3, explanation) }
    return message
  }
}

/// A reader of ONNX files, written from the descriptions of Protocol Buffers' encoding and of
/// onnx.proto, for the tests alone.
struct ONNXFile {
  struct Graph {
    var nodes: [Node] = []
    var constants: [String: ONNXTensor] = [:]
    var inputs: [Border] = []
    var outputs: [Border] = []
  }

  struct Node {
    let operation: String
    let inputs: [String]
    let outputs: [String]
    let attributes: [String: Attribute]
  }

  struct Attribute {
    let number: Float?
    let integer: Int?
    let text: String?
    let graph: Graph?
    let integers: [Int]
    let texts: [String]
    let type: Int
  }

  struct Border: Equatable {
    let name: String
    /// Numbers, or names of sizes that vary.
    let sizes: [String]
  }

  let formatVersion: Int
  let producer: String
  let operatorVersion: Int
  let graph: Graph
  let metadata: [String: String]

  init(_ bytes: [UInt8]) throws {
    let model = try Fields(bytes[...])
    formatVersion = try model.integer(1)
    producer = try model.text(2)
    graph = try Graph(Fields(model.bytes(7)))
    let operators = try Fields(model.bytes(8))
    guard try operators.text(1).isEmpty else { throw Fault.malformed("operators") }
    operatorVersion = try operators.integer(2)
    metadata = try Dictionary(
      uniqueKeysWithValues: model.all(14).map { entry in
        let entry = try Fields(entry)
        return (try entry.text(1), try entry.text(2))
      })
  }

  enum Fault: Error {
    case malformed(String)
  }
}

/// A tensor of the type TensorProto: floats or integers, held as doubles.
struct ONNXTensor {
  var shape: [Int]
  var values: [Double]
  var name = ""

  init(shape: [Int], values: [Double]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for \(shape)")
    self.shape = shape
    self.values = values
  }

  init(bytes: ArraySlice<UInt8>) throws {
    let fields = try Fields(bytes)
    shape = fields.integers(1)
    name = try fields.text(8)
    let raw = Array(try fields.bytes(9))
    func word(_ start: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(raw[start + $1]) << (8 * $1) }
    }
    switch try fields.integer(2) {
    case 1:
      values = stride(from: 0, to: raw.count, by: 4).map {
        Double(Float(bitPattern: UInt32(word($0, 4))))
      }
    case 7:
      values = stride(from: 0, to: raw.count, by: 8).map {
        Double(Int64(bitPattern: word($0, 8)))
      }
    case let type: throw ONNXFile.Fault.malformed("tensor of type \(type)")
    }
    guard values.count == shape.reduce(1, *) else { throw ONNXFile.Fault.malformed(name) }
  }
}

extension ONNXFile.Graph {
  fileprivate init(_ fields: Fields) throws {
    nodes = try fields.all(1).map { try ONNXFile.Node(Fields($0)) }
    for bytes in fields.all(5) {
      let tensor = try ONNXTensor(bytes: bytes)
      guard constants.updateValue(tensor, forKey: tensor.name) == nil else {
        throw ONNXFile.Fault.malformed("two constants are named \(tensor.name)")
      }
    }
    inputs = try fields.all(11).map { try ONNXFile.Border(Fields($0)) }
    outputs = try fields.all(12).map { try ONNXFile.Border(Fields($0)) }
  }
}

extension ONNXFile.Node {
  fileprivate init(_ fields: Fields) throws {
    inputs = fields.all(1).map { String(decoding: $0, as: UTF8.self) }
    outputs = fields.all(2).map { String(decoding: $0, as: UTF8.self) }
    operation = try fields.text(4)
    attributes = try Dictionary(
      uniqueKeysWithValues: fields.all(5).map { bytes in
        let fields = try Fields(bytes)
        return (try fields.text(1), try ONNXFile.Attribute(fields))
      })
  }
}

extension ONNXFile.Attribute {
  fileprivate init(_ fields: Fields) throws {
    type = try fields.integer(20)
    number = fields.numbers[2]
    integer = fields.integers(3).first
    text = fields.all(4).first.map { String(decoding: $0, as: UTF8.self) }
    graph = try fields.all(6).first.map { try ONNXFile.Graph(Fields($0)) }
    integers = fields.integers(8)
    texts = fields.all(9).map { String(decoding: $0, as: UTF8.self) }
    let given = [
      1: number != nil, 2: integer != nil, 3: text != nil, 5: graph != nil, 7: !integers.isEmpty,
      8: !texts.isEmpty,
    ]
    guard given[type] == true else { throw ONNXFile.Fault.malformed("attribute") }
  }
}

extension ONNXFile.Border {
  fileprivate init(_ fields: Fields) throws {
    name = try fields.text(1)
    let tensor = try Fields(Fields(fields.bytes(2)).bytes(1))
    guard try tensor.integer(1) == 1 else { throw ONNXFile.Fault.malformed(name) }
    sizes = try Fields(tensor.bytes(2)).all(1).map { bytes in
      let size = try Fields(bytes)
      return try size.integers(1).first.map { "\($0)" } ?? size.text(2)
    }
  }
}

/// The fields of a message by their numbers.
private struct Fields {
  private var integers: [Int: [UInt64]] = [:]
  private var contents: [Int: [ArraySlice<UInt8>]] = [:]
  private(set) var numbers: [Int: Float] = [:]

  init(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      let key = try Self.takeInteger(&rest)
      let field = Int(key >> 3)
      switch key & 7 {
      case 0: integers[field, default: []].append(try Self.takeInteger(&rest))
      case 2:
        let count = Int(try Self.takeInteger(&rest))
        guard count <= rest.count else { throw ONNXFile.Fault.malformed("length \(count)") }
        contents[field, default: []].append(rest.prefix(count))
        rest = rest.dropFirst(count)
      case 5:
        guard rest.count >= 4 else { throw ONNXFile.Fault.malformed("number") }
        let bits = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        numbers[field] = Float(bitPattern: bits)
        rest = rest.dropFirst(4)
      case let form: throw ONNXFile.Fault.malformed("form \(form)")
      }
    }
  }

  private static func takeInteger(_ bytes: inout ArraySlice<UInt8>) throws -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while let byte = bytes.popFirst(), shift < 64 {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw ONNXFile.Fault.malformed("integer")
  }

  func all(_ field: Int) -> [ArraySlice<UInt8>] { contents[field] ?? [] }

  func integers(_ field: Int) -> [Int] {
    (integers[field] ?? []).map { Int(Int64(bitPattern: $0)) }
  }

  func bytes(_ field: Int) throws -> ArraySlice<UInt8> {
    guard let bytes = contents[field]?.first else {
      throw ONNXFile.Fault.malformed("no field \(field)")
    }
    return bytes
  }

  func integer(_ field: Int) throws -> Int {
    guard let integer = integers(field).first else {
      throw ONNXFile.Fault.malformed("no field \(field)")
    }
    return integer
  }

  func text(_ field: Int) throws -> String {
    String(decoding: try bytes(field), as: UTF8.self)
  }
}

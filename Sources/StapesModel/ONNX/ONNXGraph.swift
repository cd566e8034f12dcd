internal import StapesKernels

/// A graph of ONNX's operators: each makes a named value of others or of constants.
struct ONNXGraph {
  /// The settings of an operator, in order.
  typealias Attributes = [(name: String, value: Attribute)]

  /// An operator in its place.
  struct Node {
    let operation: String
    /// The names of what it takes; an empty one stands for an input that is left out.
    let inputs: [String]
    let outputs: [String]
    let attributes: Attributes
  }

  /// A setting of an operator.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case number(Float)
    case text(String)
    case texts([String])
    case graph(ONNXGraph)
  }

  /// A constant.
  struct Tensor {
    /// The numbers of a constant.
    enum Elements {
      case numbers([Float])
      case integers([Int64])
    }

    let name: String
    let shape: [Int]
    let elements: Elements
  }

  /// An input or an output of numbers.
  struct Value {
    /// A size that is fixed, or one with a name that each run may choose.
    enum Dimension {
      case fixed(Int)
      case named(String)
    }

    let name: String
    let shape: [Dimension]
    var explanation = ""
  }

  /// What the graph is called.
  let name: String
  /// The part that is being built; names of what it adds begin with this.
  var scope: String
  /// What is given to the graph.
  var inputs: [Value] = []
  /// What it gives.
  var outputs: [Value] = []
  /// The operators, each behind those whose outputs it takes.
  private(set) var nodes: [Node] = []
  /// The constants.
  private(set) var constants: [Tensor] = []

  /// Begins a graph.
  init(name: String) {
    self.name = name
    scope = name
  }

  /// Adds an operator with one output.
  ///
  /// - Parameters:
  ///   - operation: the operator's name.
  ///   - inputs: the names of what it takes.
  ///   - attributes: its settings.
  ///   - output: the name of what it makes; nil for one of its own.
  /// - Returns: the name of what it makes.
  mutating func add(
    _ operation: String, _ inputs: String..., attributes: Attributes = [],
    output: String? = nil
  ) -> String {
    add(operation, inputs, attributes: attributes, output: output)
  }

  /// Adds an operator with one output, which takes a list.
  mutating func add(
    _ operation: String, _ inputs: [String], attributes: Attributes = [], output: String? = nil
  ) -> String {
    let output = output ?? "\(scope).\(operation)_\(nodes.count)"
    nodes.append(
      Node(operation: operation, inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }

  /// Adds an operator with several outputs.
  ///
  /// - Returns: the names of what it makes.
  mutating func add(
    _ operation: String, _ inputs: [String], attributes: Attributes,
    outputCount: Int
  ) -> [String] {
    let outputs = (0..<outputCount).map { "\(scope).\(operation)_\(nodes.count).\($0)" }
    nodes.append(
      Node(operation: operation, inputs: inputs, outputs: outputs, attributes: attributes))
    return outputs
  }

  /// Adds a constant of numbers.
  ///
  /// - Parameters:
  ///   - name: its name within the scope.
  ///   - shape: its sizes; none for a single number.
  ///   - values: the last index runs fastest.
  /// - Returns: its full name.
  mutating func constant(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for \(shape)")
    let name = "\(scope).\(name)"
    constants.append(Tensor(name: name, shape: shape, elements: .numbers(values)))
    return name
  }

  /// Adds a constant list of integers.
  ///
  /// - Returns: its name.
  mutating func constant(_ values: Int...) -> String {
    let name = "\(scope).integers_\(constants.count)"
    constants.append(
      Tensor(name: name, shape: [values.count], elements: .integers(values.map(Int64.init))))
    return name
  }
}

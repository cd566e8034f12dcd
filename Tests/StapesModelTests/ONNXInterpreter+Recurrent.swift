import Foundation

extension ONNXInterpreter {
  /// LSTM, GRU and RNN, as the equations in ONNX's operator list have them: X [times × clips ×
  /// inputs], W and R a block for each gate and direction, B those of the input and then those of
  /// the recurrence, and the output Y [times × directions × clips × H].
  func recurrentOutput(of node: ONNXFile.Node, _ inputs: [ONNXTensor]) throws -> ONNXTensor {
    let size = node.attributes["hidden_size"]?.integer ?? 0
    let x = inputs[0]
    let (timeCount, inputCount) = (x.shape[0], x.shape[2])
    let directionCount = inputs[1].shape[0]
    let isExpected =
      x.shape[1] == 1
      && node.attributes["direction"]?.text == (directionCount == 2 ? "bidirectional" : "forward")
      && inputs[1].shape[2] == inputCount && inputs[2].shape[2] == size
    guard isExpected else { throw Fault.unknown(operation: node.operation) }
    var output = ONNXTensor(
      shape: [timeCount, directionCount, 1, size],
      values: Array(repeating: 0, count: timeCount * directionCount * size))
    for direction in 0..<directionCount {
      let cell = Cell(node, inputs, direction: direction, size: size)
      var (h, c) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
      for index in 0..<timeCount {
        let time = direction == 1 ? timeCount - 1 - index : index
        let row = Array(x.values[time * inputCount..<(time + 1) * inputCount])
        switch node.operation {
        case "LSTM": (h, c) = cell.lstm(row, h, c)
        case "GRU": h = cell.gru(row, h)
        default: h = cell.plain(row, h)
        }
        let start = (time * directionCount + direction) * size
        output.values.replaceSubrange(start..<start + size, with: h)
      }
    }
    return output
  }
}

/// One direction.
private struct Cell {
  let size: Int
  let gateCount: Int
  let attributes: [String: ONNXFile.Attribute]
  let direction: Int
  let w: [Double]
  let r: [Double]
  let b: [Double]
  let p: [Double]

  init(_ node: ONNXFile.Node, _ inputs: [ONNXTensor], direction: Int, size: Int) {
    self.size = size
    self.direction = direction
    attributes = node.attributes
    gateCount = inputs[1].shape[1] / size
    func part(_ index: Int) -> [Double] {
      guard inputs.count > index else { return [] }
      let length = inputs[index].values.count / inputs[1].shape[0]
      return Array(inputs[index].values[direction * length..<(direction + 1) * length])
    }
    (w, r, b, p) = (part(1), part(2), part(3), part(7))
  }

  /// The sum X·W[gate]ᵀ + Wb[gate].
  private func input(_ gate: Int, _ x: [Double]) -> [Double] {
    (0..<size).map { unit in
      let row = gate * size + unit
      return x.indices.reduce(b[row]) { $0 + w[row * x.count + $1] * x[$1] }
    }
  }

  /// The sum H·R[gate]ᵀ + Rb[gate].
  private func recurrence(_ gate: Int, _ h: [Double]) -> [Double] {
    (0..<size).map { unit in
      let row = gate * size + unit
      return (0..<size).reduce(b[gateCount * size + row]) { $0 + r[row * size + $1] * h[$1] }
    }
  }

  /// Peephole · C, for the gates i o f.
  private func peephole(_ gate: Int, _ c: [Double]) -> [Double] {
    p.isEmpty ? c.map { _ in 0 } : (0..<size).map { p[gate * size + $0] * c[$0] }
  }

  func lstm(_ x: [Double], _ h: [Double], _ c: [Double]) -> (h: [Double], c: [Double]) {
    func sum(_ gate: Int) -> [Double] { zip(input(gate, x), recurrence(gate, h)).map(+) }
    let i = zip(sum(0), peephole(0, c)).map { sigmoid($0 + $1) }
    let f = zip(sum(2), peephole(2, c)).map { sigmoid($0 + $1) }
    let candidate = sum(3).map { tanh($0) }
    let next = (0..<size).map { f[$0] * c[$0] + i[$0] * candidate[$0] }
    let o = zip(sum(1), peephole(1, next)).map { sigmoid($0 + $1) }
    return ((0..<size).map { o[$0] * tanh(next[$0]) }, next)
  }

  func gru(_ x: [Double], _ h: [Double]) -> [Double] {
    let z = zip(input(0, x), recurrence(0, h)).map { sigmoid($0 + $1) }
    let r = zip(input(1, x), recurrence(1, h)).map { sigmoid($0 + $1) }
    let inner =
      attributes["linear_before_reset"]?.integer == 1
      ? zip(r, recurrence(2, h)).map(*) : recurrence(2, zip(r, h).map(*))
    let candidate = zip(input(2, x), inner).map { tanh($0 + $1) }
    return (0..<size).map { (1 - z[$0]) * candidate[$0] + z[$0] * h[$0] }
  }

  func plain(_ x: [Double], _ h: [Double]) -> [Double] {
    let bound = attributes["clip"]?.number.map(Double.init) ?? .infinity
    let isTanh = attributes["activations"]?.texts[direction] == "Tanh"
    return zip(input(0, x), recurrence(0, h)).map {
      let sum = min(max($0 + $1, -bound), bound)
      return isTanh ? tanh(sum) : max(sum, 0)
    }
  }
}

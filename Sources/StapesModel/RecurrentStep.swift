internal import Glibc
internal import StapesKernels
internal import StapesNetwork

/// One step of a network with long short-term memory for many texts at a time, each with a memory
/// of its own.
///
/// Where `NetworkStream` goes on with one clip, this goes on with all texts of a beam, in one
/// product a layer. Letters: B texts, H hidden units, C tokens; gates in the order i f g o.
struct RecurrentStep: Sendable {
  private struct Layer: Sendable {
    /// From the layer below; nil for the first layer, whose input is a single one.
    var input: PackedMatrix?
    var recurrent: PackedMatrix
    /// [1 × 4H].
    var bias: Matrix
  }

  private let layers: [Layer]
  /// What each token gives the gates of the first layer, [C × 4H].
  private let table: Matrix
  private let outputWeights: PackedMatrix
  private let outputBias: Matrix
  private let hiddenSize: Int

  /// Packs the weights of a network of one direction without strides.
  init(_ network: Network) {
    let matrices = Dictionary(
      uniqueKeysWithValues: network.parameters.tensors.map { ($0.name, $0.matrix) })
    func matrix(_ name: String) -> Matrix {
      guard let matrix = matrices[name] else { preconditionFailure("a network without \(name)") }
      return matrix
    }
    layers = (0..<network.configuration.architecture.layers.count).map { index in
      let name = "layers.\(index).forward"
      return Layer(
        input: index == 0 ? nil : PackedMatrix(transposing: matrix("\(name).input")),
        recurrent: PackedMatrix(transposing: matrix("\(name).recurrent")),
        bias: matrix("\(name).bias"))
    }
    hiddenSize = matrix("layers.0.forward.recurrent").columnCount
    let first = matrix("layers.0.forward.input")
    var table = Matrix(rowCount: first.columnCount, columnCount: first.rowCount)
    for row in 0..<first.rowCount {
      for column in 0..<first.columnCount { table[column, row] = first[row, column] }
    }
    self.table = table
    outputWeights = PackedMatrix(transposing: matrix("output.weights"))
    outputBias = matrix("output.bias")
  }

  /// The memory before the first token: for each layer the hidden values, then the cells.
  var emptyMemory: [Float] { [Float](repeating: 0, count: layers.count * 2 * hiddenSize) }

  /// Goes on by a token from each of some memories.
  ///
  /// - Returns: the memories after it, and the natural log-probabilities of what comes next,
  ///   [B × C].
  func run(
    _ texts: [(memory: [Float], token: Int)]
  ) -> (memories: [[Float]], logProbabilities: Matrix) {
    var memories = texts.map(\.memory)
    var below = Matrix(rowCount: 0, columnCount: 0)
    for (index, layer) in layers.enumerated() {
      var gates = Matrix(repeatingRow: layer.bias, count: texts.count)
      if let input = layer.input {
        gates.addProduct(below, input)
      } else {
        add(rowsOf: texts.map(\.token), to: &gates)
      }
      let place = index * 2 * hiddenSize
      var hidden = Matrix(rowCount: 0, columnCount: hiddenSize)
      for memory in memories { hidden.appendRow(memory[place..<place + hiddenSize]) }
      gates.addProduct(hidden, layer.recurrent)
      below = pass(gates, through: &memories, at: place)
    }
    var logits = Matrix(repeatingRow: outputBias, count: texts.count)
    logits.addProduct(below, outputWeights)
    logits.takeLogSoftmaxOfRows()
    return (memories, logits)
  }

  private func add(rowsOf tokens: [Int], to gates: inout Matrix) {
    let width = gates.columnCount
    var values = gates.values
    for (row, token) in tokens.enumerated() {
      for (column, value) in table.row(token).enumerated() { values[row * width + column] += value }
    }
    gates.values = values
  }

  /// c ← σ(f)·c + σ(i)·tanh(g), h ← σ(o)·tanh(c), for each text.
  ///
  /// - Returns: h, [B × H].
  private func pass(
    _ gates: Matrix, through memories: inout [[Float]], at place: Int
  ) -> Matrix {
    let (count, values) = (hiddenSize, gates.values)
    var hidden = [Float](repeating: 0, count: memories.count * count)
    for row in memories.indices {
      let gate = row * 4 * count
      for unit in 0..<count {
        let cell =
          sigmoid(values[gate + count + unit]) * memories[row][place + count + unit]
          + sigmoid(values[gate + unit]) * tanhf(values[gate + 2 * count + unit])
        let output = sigmoid(values[gate + 3 * count + unit]) * tanhf(cell)
        memories[row][place + count + unit] = cell
        memories[row][place + unit] = output
        hidden[row * count + unit] = output
      }
    }
    return Matrix(rowCount: memories.count, columnCount: count, values: hidden)
  }
}

private func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

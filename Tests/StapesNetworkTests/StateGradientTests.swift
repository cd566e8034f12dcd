import Glibc
import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// The gradients of states against the product of Jacobians and against differences, both from the
/// definition of the cells.
@Suite struct StateGradientTests {
  private typealias Vector = [Double]

  /// One state of each layer at one time, moved by some amount.
  private struct Nudge {
    let layer: Int
    let time: Int
    let column: Int
    let amount: Double
  }

  @Test(arguments: ["3 elman tanh", "3 elman relu, init he"])
  func elmanGradientsAreProductsOfJacobians(text: String) throws {
    let network = try Self.network(text)
    let (clip, seed, time) = Self.clipAndSeed(rowCount: 7)
    let states = Self.states(of: network, clip: clip)[0]
    let found = network.stateGradients(
      network.forward([clip], dropoutSeed: 0), logitGradients: [seed])
    try #require(found.count == 1 && found[0].layer == 0)
    let recurrent = Self.matrix("layers.0.forward.recurrent", network)
    // The row vector gᵀ·diag(f′)·R goes one step back.
    var gradient = Self.times(
      (0..<4).map { Double(seed[time, $0]) }, Self.matrix("output.weights", network))
    for step in (0...time).reversed() {
      for column in 0..<3 {
        #expect(abs(Double(found[0].clips[0][step, column]) - gradient[column]) < 1e-5)
      }
      let slopes = states[step].map { h -> Double in
        guard text.contains("relu") else { return 1 - h * h }
        return h > 0 ? 1 : 0
      }
      gradient = Self.times(zip(gradient, slopes).map { $0 * $1 }, recurrent)
    }
    for step in time + 1..<7 {
      #expect(found[0].clips[0].row(step).allSatisfy { $0 == 0 }, "what follows has no say")
    }
  }

  @Test(arguments: [
    "3 lstm", "3 gru", "3 gru reset-before", "2x3 lstm", "3 gru, 3 lstm", "3 elman tanh, 3 gru",
  ])
  func gradientsAreThoseOfDifferences(text: String) throws {
    let network = try Self.network(text)
    let (clip, seed, time) = Self.clipAndSeed(rowCount: 6)
    let found = network.stateGradients(
      network.forward([clip, clip.rows(0..<4)], dropoutSeed: 0),
      logitGradients: [seed, Matrix(rowCount: 4, columnCount: 4)])
    #expect(found.map(\.layer) == Array(network.configuration.architecture.layers.indices))
    func loss(_ nudge: Nudge) -> Double {
      let outputs = Self.states(of: network, clip: clip, nudge: nudge).last ?? []
      let logits = Self.times(
        Self.matrix("output.weights", network), Array(outputs[time].prefix(3)))
      return logits.indices.reduce(0) { $0 + logits[$1] * Double(seed[time, $1]) }
    }
    for layer in found {
      #expect(layer.clips[1].values.allSatisfy { $0 == 0 })
      for step in 0..<6 {
        for column in 0..<layer.clips[0].columnCount {
          let ends = [1e-5, -1e-5].map {
            loss(Nudge(layer: layer.layer, time: step, column: column, amount: $0))
          }
          let expected = (ends[0] - ends[1]) / 2e-5
          #expect(
            abs(Double(layer.clips[0][step, column]) - expected) < 1e-4,
            "layer \(layer.layer), time \(step), state \(column)")
        }
      }
    }
  }

  @Test func layersWithoutMemoryHaveNoState() throws {
    let network = try Self.network("3 dense tanh")
    let (clip, seed, _) = Self.clipAndSeed(rowCount: 3)
    let pass = network.forward([clip], dropoutSeed: 0)
    #expect(network.stateGradients(pass, logitGradients: [seed]).isEmpty)
  }

  // MARK: - The definition

  private static func network(_ text: String) throws -> Network {
    var generator = SplitMix64(seed: 3)
    return try Network(
      configuration: NetworkConfiguration(
        featureCount: 2, architecture: try NetworkArchitecture(text), classCount: 4),
      using: &generator)
  }

  /// A clip, and the gradient of a loss of its output at one time.
  private static func clipAndSeed(rowCount: Int) -> (Matrix, Matrix, time: Int) {
    var generator = SplitMix64(seed: 8)
    let clip = randomMatrix(rowCount: rowCount, columnCount: 2, using: &generator)
    var seed = Matrix(rowCount: rowCount, columnCount: 4)
    for column in 0..<4 { seed[rowCount - 2, column] = Float(column) - 1.25 }
    return (clip, seed, rowCount - 2)
  }

  /// The states of each layer at each time: h, and behind it an LSTM's c.
  private static func states(
    of network: Network, clip: Matrix, nudge: Nudge? = nil
  ) -> [[Vector]] {
    var inputs = (0..<clip.rowCount).map { clip.row($0).map(Double.init) }
    return network.configuration.architecture.layers.enumerated().map { index, layer in
      var state = Vector(repeating: 0, count: 6)
      let states = inputs.enumerated().map { time, input in
        state = next(layer.kind, "layers.\(index).forward.", network, input: input, state: state)
        if let nudge, nudge.layer == index, nudge.time == time {
          state[nudge.column] += nudge.amount
        }
        return state
      }
      inputs = states.map { Array($0.prefix(3)) }
      return states
    }
  }

  private static func next(
    _ kind: NetworkLayer.Kind, _ prefix: String, _ network: Network, input: Vector, state: Vector
  ) -> Vector {
    func weights(_ name: String) -> [Vector] { matrix(prefix + name, network) }
    let (h, c) = (Array(state.prefix(3)), Array(state.suffix(3)))
    let direct = sum(times(weights("input"), input), weights("bias")[0])
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    switch kind {
    case .elman(let layer):
      let a = sum(direct, times(weights("recurrent"), h))
      return a.map { layer.cell.activation == .tanh ? tanh($0) : max($0, 0) }
    case .lstm:
      let a = sum(direct, times(weights("recurrent"), h))
      let cells = (0..<3).map { unit -> Double in
        let kept: Double = sigmoid(a[3 + unit]) * c[unit]
        return kept + sigmoid(a[unit]) * tanh(a[6 + unit])
      }
      let outputs = (0..<3).map { unit -> Double in sigmoid(a[9 + unit]) * tanh(cells[unit]) }
      return outputs + cells
    case .gru(let layer):
      let gates = sum(Array(direct.prefix(6)), times(weights("recurrent"), h)).map(sigmoid)
      let (r, z) = (Array(gates.prefix(3)), Array(gates.suffix(3)))
      let candidate: Vector
      if layer.cell.resetsBeforeProduct {
        candidate = times(weights("candidate"), zip(r, h).map { $0 * $1 })
      } else {
        let product = sum(times(weights("candidate"), h), weights("candidate_bias")[0])
        candidate = zip(r, product).map { $0 * $1 }
      }
      return (0..<3).map { unit -> Double in
        let n: Double = tanh(direct[6 + unit] + candidate[unit])
        return (1 - z[unit]) * n + z[unit] * h[unit]
      }
    default: return state
    }
  }

  private static func matrix(_ name: String, _ network: Network) -> [Vector] {
    guard let tensor = network.parameters.tensors.first(where: { $0.name == name }) else {
      return []
    }
    return (0..<tensor.matrix.rowCount).map { tensor.matrix.row($0).map(Double.init) }
  }

  private static func times(_ matrix: [Vector], _ vector: Vector) -> Vector {
    matrix.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private static func times(_ vector: Vector, _ matrix: [Vector]) -> Vector {
    (matrix.first ?? []).indices.map { column in
      zip(vector, matrix).reduce(0) { $0 + $1.0 * $1.1[column] }
    }
  }

  private static func sum(_ a: Vector, _ b: Vector) -> Vector { zip(a, b).map { $0 + $1 } }
}

public import StapesKernels

/// A network of one direction that hears a clip in pieces and gives each output as soon as the
/// frames it needs are there.
///
/// However the clip is cut, the logits are those that `InferenceNetwork.logits(of:)` gives for the
/// whole of it, to the last bit. One frame costs one pass over the weights. Letters as in `Network`.
public struct NetworkStream: Sendable {
  private let network: InferenceNetwork
  private var frames: FrameStack
  private var layers: [Layer]

  /// A layer's state, and its matrices of the last piece, used again for one of the same size.
  fileprivate struct Layer: Sendable {
    var state: LSTMState
    var gates: Matrix
    var output: Matrix
  }

  /// Begins a clip.
  ///
  /// - Throws: `NetworkError.settingOutOfRange` for a network that reads in both directions.
  public init(_ network: InferenceNetwork) throws(NetworkError) {
    let configuration = network.configuration
    guard !configuration.isBidirectional else {
      throw .settingOutOfRange(
        name: "number of directions", found: "2",
        allowed: "1 to recognise while the sound is coming")
    }
    let hidden = configuration.hiddenSize
    let layer = Layer(
      state: LSTMState(hiddenSize: hidden), gates: Matrix(rowCount: 0, columnCount: 4 * hidden),
      output: Matrix(rowCount: 0, columnCount: hidden))
    self.network = network
    frames = FrameStack(configuration: configuration)
    layers = Array(repeating: layer, count: configuration.layerCount)
  }

  /// Hears the next frames.
  ///
  /// - Parameter frames: [n × F]; any number, also none.
  /// - Returns: the logits of the outputs whose frames are now all there, [m × C].
  public mutating func logits(of frames: Matrix) -> Matrix {
    self.frames.append(frames)
    return run(self.frames.takeComplete())
  }

  /// Ends the clip, and begins a new one.
  ///
  /// - Returns: the logits of the outputs that were still waiting for frames, [m × C].
  public mutating func finish() -> Matrix {
    let logits = run(frames.takeRest())
    for index in layers.indices {
      layers[index].state = LSTMState(hiddenSize: network.configuration.hiddenSize)
    }
    return logits
  }

  private mutating func run(_ input: Matrix) -> Matrix {
    var input = input
    for (index, layer) in network.layers.enumerated() where input.rowCount > 0 {
      layers[index].run(input, with: layer[0])
      input = layers[index].output
    }
    guard input.rowCount > 0 else {
      return Matrix(rowCount: 0, columnCount: network.configuration.classCount)
    }
    return network.output(input)
  }
}

extension NetworkStream.Layer {
  /// Runs the layer over the next rows of its input and leaves h in `output`.
  fileprivate mutating func run(_ input: Matrix, with weights: InferenceNetwork.Direction) {
    if gates.rowCount == input.rowCount {
      for row in 0..<input.rowCount { gates.copyRows(1, of: weights.input.bias, from: 0, to: row) }
    } else {
      gates = Matrix(repeatingRow: weights.input.bias, count: input.rowCount)
      output = Matrix(rowCount: input.rowCount, columnCount: output.columnCount)
    }
    gates.addProduct(input, weights.input.weights)
    state.advance(gates: &gates, output: &output, recurrentWeights: weights.recurrent)
  }
}

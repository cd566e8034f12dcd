public import StapesKernels

/// A network of one direction for clips that come in pieces: it gives each output as soon as the
/// frames it needs are there.
///
/// However the clip is cut, the logits are those that `InferenceNetwork.logits(of:)` gives for the
/// whole of it, to the last bit. One frame costs one pass over the weights. Convolutions and
/// look-ahead layers hold outputs back until what they see ahead is there. Letters as in `Network`.
public struct NetworkStream: Sendable {
  private let network: InferenceNetwork
  private var convolutions: [ConvolutionStream]
  private var frames: FrameStack
  private var layers: [InferenceLayerStream]

  /// Begins a clip.
  ///
  /// - Throws: `NetworkError.settingOutOfRange` for a network that reads in both directions, or
  ///   gives one output a clip.
  public init(_ network: InferenceNetwork) throws(NetworkError) {
    let configuration = network.configuration
    guard !configuration.architecture.isBidirectional else {
      throw .settingOutOfRange(
        name: "number of directions", found: "2",
        allowed: "1 to recognise live sound")
    }
    guard configuration.architecture.pooling == nil else {
      throw .settingOutOfRange(
        name: "pooling", found: "over whole clips",
        allowed: "omitted to recognise live sound")
    }
    self.network = network
    convolutions = network.convolutions.map { ConvolutionStream($0) }
    frames = FrameStack(configuration: configuration)
    layers = network.layers.map { InferenceLayerStream($0) }
  }

  /// Processes the next frames.
  ///
  /// - Parameter frames: [n × F]; any number, also none.
  /// - Returns: the logits of the outputs whose frames are now all there, [m × C].
  public mutating func logits(of frames: Matrix) -> Matrix {
    var input = frames
    for index in convolutions.indices {
      input = convolutions[index].outputs(of: input)
    }
    self.frames.append(input)
    input = self.frames.takeComplete()
    for index in layers.indices where input.rowCount > 0 {
      input = layers[index].outputs(of: input)
    }
    return logits(behind: input)
  }

  /// Ends the clip, and begins a new one.
  ///
  /// - Returns: the logits of the outputs that were still waiting for frames, [m × C].
  public mutating func finish() -> Matrix {
    var input = Matrix(rowCount: 0, columnCount: network.configuration.featureCount)
    for index in convolutions.indices {
      input = convolutions[index].finish(with: input)
    }
    frames.append(input)
    input = frames.takeRest()
    for index in layers.indices {
      input = layers[index].finish(with: input)
    }
    return logits(behind: input)
  }

  private func logits(behind input: Matrix) -> Matrix {
    guard input.rowCount > 0 else {
      return Matrix(rowCount: 0, columnCount: network.configuration.classCount)
    }
    return network.output(input)
  }
}

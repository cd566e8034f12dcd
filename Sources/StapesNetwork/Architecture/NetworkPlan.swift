internal import StapesKernels

/// Where each part of a network lies among its parameters.
struct NetworkPlan: Sendable {
  /// A convolution in its place.
  struct PlacedConvolution: Sendable {
    let convolution: Convolution2D
    let frequencyCount: Int
    let channelCount: Int
    let first: Int
    let shapes: [TensorShape]

    /// The columns of its output.
    var outputCount: Int {
      convolution.outputCount(frequencyCount: frequencyCount, channelCount: channelCount)
    }
    /// The multiplications for an output.
    var multiplyAddCount: Int { shapes[0].columnCount * outputCount }
  }

  /// A layer in its place.
  struct PlacedLayer: Sendable {
    let layer: NetworkLayer
    let inputCount: Int
    let first: Int
    let shapes: [TensorShape]
  }

  let convolutions: [PlacedConvolution]
  /// The columns of a frame behind the convolutions.
  let stackedFeatureCount: Int
  let layers: [PlacedLayer]
  /// The linear output's weights, and behind them its bias.
  let outputWeights: TensorShape
  let outputBias: TensorShape
  let outputPosition: Int

  init(_ configuration: NetworkConfiguration) {
    var position = 0
    var (frequencyCount, channelCount) = (configuration.featureCount, 1)
    var convolutions: [PlacedConvolution] = []
    for (index, convolution) in configuration.architecture.convolutions.enumerated() {
      let shapes = convolution.shapes(frequencyCount: frequencyCount, channelCount: channelCount)
        .map { $0.prefixed("convolutions.\(index)") }
      let place = PlacedConvolution(
        convolution: convolution, frequencyCount: frequencyCount, channelCount: channelCount,
        first: position, shapes: shapes)
      convolutions.append(place)
      position += shapes.count
      channelCount = convolution.channelCount
      frequencyCount = place.outputCount / max(channelCount, 1)
    }
    stackedFeatureCount = frequencyCount * channelCount
    var width = stackedFeatureCount * configuration.architecture.stackCount
    var layers: [PlacedLayer] = []
    for (index, layer) in configuration.architecture.layers.enumerated() {
      let shapes = layer.shapes(inputCount: width).map { $0.prefixed("layers.\(index)") }
      layers.append(
        PlacedLayer(layer: layer, inputCount: width, first: position, shapes: shapes))
      position += shapes.count
      width = layer.kind.layer.outputCount(inputCount: width)
    }
    self.convolutions = convolutions
    self.layers = layers
    let classCount = configuration.classCount
    outputWeights = TensorShape(
      "output.weights", classCount, width, .input(unitCount: classCount))
    outputBias = TensorShape("output.bias", classCount)
    outputPosition = position
  }

  /// All matrices in order.
  var shapes: [TensorShape] {
    convolutions.flatMap(\.shapes) + layers.flatMap(\.shapes) + [outputWeights, outputBias]
  }
}

extension NetworkConfiguration {
  /// Where each part lies among the parameters.
  var plan: NetworkPlan { NetworkPlan(self) }
}

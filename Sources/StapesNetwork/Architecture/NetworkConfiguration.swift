internal import StapesKernels

/// The shape of a recogniser's network: features, architecture, and classes.
///
/// A linear layer from the last layer's outputs to the classes is the end of each network.
public struct NetworkConfiguration: Sendable, Equatable {
  /// F: the number of features of a frame.
  public var featureCount: Int
  /// What lies between the features and the classes.
  public var architecture: NetworkArchitecture
  /// C: the number of classes, the blank (class 0) included.
  public var classCount: Int

  /// Describes a network.
  public init(featureCount: Int, architecture: NetworkArchitecture, classCount: Int) {
    self.featureCount = featureCount
    self.architecture = architecture
    self.classCount = classCount
  }

  /// Describes a network of stacked frames and equal LSTM layers.
  ///
  /// - Parameters:
  ///   - featureCount: F.
  ///   - stackCount: how many frames are joined into one input.
  ///   - stride: how many frames lie between the starts of two inputs.
  ///   - layerCount: the number of LSTM layers.
  ///   - hiddenSize: the hidden units of each direction of a layer.
  ///   - isBidirectional: whether each layer also reads the clip from its end to its beginning.
  ///   - dropout: the share of each layer's outputs that training sets to zero.
  ///   - classCount: C.
  public init(
    featureCount: Int, stackCount: Int = 3, stride: Int = 3, layerCount: Int = 2,
    hiddenSize: Int = 128, isBidirectional: Bool = true, dropout: Double = 0.1, classCount: Int
  ) {
    let layer = NetworkLayer(
      .lstm(LSTMLayer(LSTMCell(size: hiddenSize), isBidirectional: isBidirectional)))
    // One layer too many is as wrong as a million, and `validate()` reports it.
    let layers = Array(
      repeating: layer, count: min(max(layerCount, 0), Self.largestLayerCount + 1))
    self.init(
      featureCount: featureCount,
      architecture: NetworkArchitecture(
        stackCount: stackCount, stackStride: stride, layers: layers, dropout: dropout),
      classCount: classCount)
  }

  static let largestLayerCount = 32

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `NetworkError.settingOutOfRange`.
  public func validate() throws(NetworkError) {
    try NetworkError.check("feature count", featureCount, in: 1...10_000)
    try NetworkError.check("class count", classCount, in: 2...100_000)
    try architecture.validate()
    for (place, input) in zip(architecture.layers, plan.layers) {
      try place.validate(inputCount: input.inputCount)
    }
  }

  /// How many frames lie between two outputs.
  public var stride: Int { architecture.stride }

  /// The middle of the frames around the first output, counted in frames from the first's middle:
  /// (stack − 1) / 2 where frames are joined; convolutions are centred on their outputs.
  public var firstOutputMiddle: Double {
    var (middle, step) = (0.0, 1.0)
    for convolution in architecture.convolutions {
      let kernel = convolution.kernel.time
      middle += step * (Double(kernel - 1) / 2 - Double((kernel - 1) / 2))
      step *= Double(convolution.stride.time)
    }
    return middle + step * Double(architecture.stackCount - 1) / 2
  }

  /// The number of outputs for a clip: one for each stride begun, or one for all with pooling.
  public func outputFrameCount(forFrames frameCount: Int) -> Int {
    let count = (frameCount + stride - 1) / stride
    return architecture.pooling == nil ? count : min(count, 1)
  }

  /// The multiplications, each with an addition, of the products for one frame of a long clip.
  public var multiplyAddCountPerFrame: Double {
    let plan = plan
    var (count, framesPerOutput) = (0.0, 1.0)
    for place in plan.convolutions {
      framesPerOutput *= Double(place.convolution.stride.time)
      count += Double(place.multiplyAddCount) / framesPerOutput
    }
    let layers = plan.layers.reduce(plan.outputWeights.elementCount) {
      $0 + $1.shapes.reduce(0) { $0 + ($1.isMultiplied ? $1.elementCount : 0) }
    }
    return count + Double(layers) / (framesPerOutput * Double(architecture.stackStride))
  }
}

extension NetworkConfiguration: Codable {
  private enum Key: String, CodingKey {
    case featureCount, classCount
    /// The architecture as a text, where it is not one of equal LSTM layers; that has the others.
    case architecture
    case stackCount, stride, layerCount, hiddenSize, isBidirectional, dropout
  }

  /// Reads a network of either form.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let featureCount = try values.decode(Int.self, forKey: .featureCount)
    let classCount = try values.decode(Int.self, forKey: .classCount)
    if let architecture = try values.decodeIfPresent(
      NetworkArchitecture.self, forKey: .architecture)
    {
      self.init(featureCount: featureCount, architecture: architecture, classCount: classCount)
      return
    }
    let layerCount = try values.decode(Int.self, forKey: .layerCount)
    guard (1...Self.largestLayerCount).contains(layerCount) else {
      throw DecodingError.dataCorruptedError(
        forKey: .layerCount, in: values, debugDescription: "\(layerCount) layers")
    }
    self.init(
      featureCount: featureCount, stackCount: try values.decode(Int.self, forKey: .stackCount),
      stride: try values.decode(Int.self, forKey: .stride), layerCount: layerCount,
      hiddenSize: try values.decode(Int.self, forKey: .hiddenSize),
      isBidirectional: try values.decode(Bool.self, forKey: .isBidirectional),
      dropout: try values.decode(Double.self, forKey: .dropout), classCount: classCount)
  }

  /// Writes a network of equal LSTM layers as its sizes, which every version reads, and any other
  /// as a text.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(featureCount, forKey: .featureCount)
    try values.encode(classCount, forKey: .classCount)
    guard let lstm = equalLSTMLayer else {
      return try values.encode(architecture, forKey: .architecture)
    }
    try values.encode(architecture.stackCount, forKey: .stackCount)
    try values.encode(architecture.stackStride, forKey: .stride)
    try values.encode(architecture.layers.count, forKey: .layerCount)
    try values.encode(lstm.cell.size, forKey: .hiddenSize)
    try values.encode(lstm.isBidirectional, forKey: .isBidirectional)
    try values.encode(architecture.dropout, forKey: .dropout)
  }
}

extension NetworkConfiguration {
  /// The layer that all are, where it is a network of stacked frames and equal LSTM layers, which a
  /// few numbers describe.
  public var equalLSTMLayer: LSTMLayer? {
    guard case .lstm(let lstm)? = architecture.layers.first?.kind else { return nil }
    let described = NetworkConfiguration(
      featureCount: featureCount, stackCount: architecture.stackCount,
      stride: architecture.stackStride, layerCount: architecture.layers.count,
      hiddenSize: lstm.cell.size, isBidirectional: lstm.isBidirectional,
      dropout: architecture.dropout,
      classCount: classCount)
    return self == described ? lstm : nil
  }
}

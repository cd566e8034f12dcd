/// The shape of a recogniser's network: frames stacked, LSTM layers, and a linear output.
public struct NetworkConfiguration: Codable, Sendable, Equatable {
  /// F: the number of features of a frame.
  public var featureCount: Int
  /// How many consecutive frames are joined into one input of the first layer.
  public var stackCount: Int
  /// How many frames lie between the starts of two inputs: one output is made for each stride.
  public var stride: Int
  /// The number of LSTM layers.
  public var layerCount: Int
  /// H: the number of hidden units of each direction of a layer.
  public var hiddenSize: Int
  /// Whether each layer also reads the clip from its end to its beginning.
  public var isBidirectional: Bool
  /// The share of each layer's outputs that training sets to zero, chosen anew each step.
  public var dropout: Double
  /// C: the number of classes, the blank (class 0) included.
  public var classCount: Int

  /// Describes a network.
  public init(
    featureCount: Int, stackCount: Int = 3, stride: Int = 3, layerCount: Int = 2,
    hiddenSize: Int = 128, isBidirectional: Bool = true, dropout: Double = 0.1, classCount: Int
  ) {
    self.featureCount = featureCount
    self.stackCount = stackCount
    self.stride = stride
    self.layerCount = layerCount
    self.hiddenSize = hiddenSize
    self.isBidirectional = isBidirectional
    self.dropout = dropout
    self.classCount = classCount
  }

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `NetworkError.settingOutOfRange`.
  public func validate() throws(NetworkError) {
    let settings = [
      ("feature count", featureCount, 1...10_000), ("stack count", stackCount, 1...100),
      ("stride", stride, 1...100), ("layer count", layerCount, 1...32),
      ("hidden size", hiddenSize, 1...16_384), ("class count", classCount, 2...100_000),
    ]
    for (name, value, allowed) in settings where !allowed.contains(value) {
      throw .settingOutOfRange(
        name: name, found: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    guard stride <= stackCount else {
      throw .settingOutOfRange(
        name: "stride", found: "\(stride)", allowed: "at most the stack count, \(stackCount)")
    }
    guard dropout >= 0, dropout < 1 else {
      throw .settingOutOfRange(
        name: "dropout", found: "\(dropout)", allowed: "at least 0 and less than 1")
    }
  }

  /// The number of outputs for a clip: one for each stride begun.
  public func outputFrameCount(forFrames frameCount: Int) -> Int {
    (frameCount + stride - 1) / stride
  }

  /// The number of directions of each layer, 1 or 2.
  public var directionCount: Int { isBidirectional ? 2 : 1 }

  /// The number of inputs of a layer.
  func inputCount(ofLayer layer: Int) -> Int {
    layer == 0 ? stackCount * featureCount : directionCount * hiddenSize
  }
}

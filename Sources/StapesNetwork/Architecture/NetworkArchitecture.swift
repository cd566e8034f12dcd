internal import StapesKernels

/// What lies between the features and the classes of a network: convolutions over the frames, a
/// stack of frames, layers, and what training does to them.
///
/// It has a text form, which a person can write and a model file holds; see `init(_:)`.
public struct NetworkArchitecture: Sendable, Equatable {
  /// How fresh weights are drawn; biases are 0 in each, but that of an LSTM's forget gate, which is
  /// 1 (Jozefowicz 2015).
  public enum Initialization: Sendable, Equatable {
    /// Input weights as in `glorot`; each gate's recurrent weights orthogonal (Saxe 2013).
    case orthogonal
    /// Uniform in ±√(6 / (inputs + units)) (Glorot and Bengio 2010).
    case glorot
    /// Normal with the variance 2 / inputs, for rectifiers (He 2015).
    case he
    /// Input weights as in `glorot`; each gate's recurrent weights the identity (Le 2015).
    case identity
    /// Uniform in ±bound.
    case uniform(bound: Double)
  }

  /// How the last layer's outputs are pooled over time, where a clip has one output.
  public enum Pooling: String, Sendable, Equatable, CaseIterable {
    /// The last of each direction: for the backward one, that of the first time.
    case last
    /// The mean over time.
    case mean
  }

  /// The convolutions that the frames go through, first to last.
  public var convolutions: [Convolution2D]
  /// How many consecutive frames are joined into one input of the first layer.
  public var stackCount: Int
  /// How many frames lie between the starts of two inputs.
  public var stackStride: Int
  /// The layers, first to last.
  public var layers: [NetworkLayer]
  /// The share of each layer's outputs that training sets to zero, chosen anew each step.
  public var dropout: Double
  /// Whether an output that is dropped is so at every time of a clip (Gal 2016).
  public var dropsWholeClips: Bool
  /// The deviation of the normal noise that training adds to weights, chosen anew each step
  /// (Graves 2011).
  public var weightNoise: Double
  /// The number of outputs after which the backward pass through time is cut (truncated
  /// backpropagation through time); nil does not cut it.
  public var truncation: Int?
  /// How fresh weights are drawn.
  public var initialization: Initialization
  /// How a clip's outputs become one, to classify clips; nil gives one for each time.
  public var pooling: Pooling?

  /// Describes an architecture.
  public init(
    convolutions: [Convolution2D] = [], stackCount: Int = 1, stackStride: Int = 1,
    layers: [NetworkLayer], dropout: Double = 0, dropsWholeClips: Bool = false,
    weightNoise: Double = 0, truncation: Int? = nil, initialization: Initialization = .orthogonal,
    pooling: Pooling? = nil
  ) {
    self.convolutions = convolutions
    self.stackCount = stackCount
    self.stackStride = stackStride
    self.layers = layers
    self.dropout = dropout
    self.dropsWholeClips = dropsWholeClips
    self.weightNoise = weightNoise
    self.truncation = truncation
    self.initialization = initialization
    self.pooling = pooling
  }

  /// How many frames lie between two outputs.
  public var stride: Int {
    convolutions.reduce(stackStride) { $0 * $1.stride.time }
  }

  /// Whether a layer reads a clip from its end, so that nothing is known before that.
  public var isBidirectional: Bool { layers.contains { $0.kind.isBidirectional } }

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `NetworkError.settingOutOfRange`.
  public func validate() throws(NetworkError) {
    for convolution in convolutions { try convolution.validate() }
    try NetworkError.check("stack count", stackCount, in: 1...100)
    try NetworkError.check("stride", stackStride, in: 1...100)
    guard stackStride <= stackCount else {
      throw .settingOutOfRange(
        name: "stride", found: "\(stackStride)", allowed: "at most the stack count, \(stackCount)")
    }
    try NetworkError.check("layer count", layers.count, in: 1...32)
    for layer in layers { try layer.validate() }
    guard dropout >= 0, dropout < 1 else {
      throw .settingOutOfRange(
        name: "dropout", found: "\(dropout)", allowed: "at least 0 and less than 1")
    }
    guard weightNoise >= 0, weightNoise <= 10 else {
      throw .settingOutOfRange(name: "weight noise", found: "\(weightNoise)", allowed: "0 to 10")
    }
    if let truncation { try NetworkError.check("truncation", truncation, in: 1...1_000_000) }
    if case .uniform(let bound) = initialization, !(bound > 0 && bound <= 10) {
      throw .settingOutOfRange(
        name: "bound of the initial weights", found: "\(bound)", allowed: "above 0, at most 10")
    }
  }
}

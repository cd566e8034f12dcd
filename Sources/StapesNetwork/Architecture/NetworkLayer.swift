public import StapesKernels

/// Units that also see their own last outputs.
public typealias ElmanLayer = RecurrentLayer<ElmanCell>
/// Long short-term memory.
public typealias LSTMLayer = RecurrentLayer<LSTMCell>
/// Gated recurrent units.
public typealias GRULayer = RecurrentLayer<GRUCell>

/// One layer of a network: y = f(x), normalised where `isNormalized`, and y + x where `isResidual`.
public struct NetworkLayer: Sendable, Equatable {
  /// What a layer computes.
  public enum Kind: Sendable, Equatable {
    /// Units that see the current input only.
    case feedForward(FeedForwardLayer)
    /// Units that also see their own last outputs.
    case elman(ElmanLayer)
    /// Long short-term memory.
    case lstm(LSTMLayer)
    /// Gated recurrent units.
    case gru(GRULayer)
    /// A few outputs ahead of a layer of one direction.
    case rowConvolution(RowConvolution)

    /// The layer, whatever its kind.
    var layer: any Layer {
      switch self {
      case .feedForward(let layer): layer
      case .elman(let layer): layer
      case .lstm(let layer): layer
      case .gru(let layer): layer
      case .rowConvolution(let layer): layer
      }
    }

    /// Whether it reads a clip from its end, too.
    public var isBidirectional: Bool { layer.isBidirectional }
  }

  /// What the layer computes.
  public var kind: Kind
  /// Whether its outputs are normalised (`LayerNormalization`).
  public var isNormalized: Bool
  /// Whether its inputs are added to its outputs (He 2016); both must be as wide.
  public var isResidual: Bool

  /// Describes a layer.
  public init(_ kind: Kind, isNormalized: Bool = false, isResidual: Bool = false) {
    self.kind = kind
    self.isNormalized = isNormalized
    self.isResidual = isResidual
  }

  func validate() throws(NetworkError) {
    try kind.layer.validate()
    guard case .rowConvolution = kind, isResidual else { return }
    throw .settingOutOfRange(
      name: "look-ahead layer", found: "residual",
      allowed: "not given: the network sets its own residual connections")
  }

  /// Checks that it fits behind a layer of so many outputs.
  func validate(inputCount: Int) throws(NetworkError) {
    let outputCount = kind.layer.outputCount(inputCount: inputCount)
    guard !isResidual || outputCount == inputCount else {
      throw .settingOutOfRange(
        name: "residual layer of \(outputCount) outputs", found: "given \(inputCount) inputs",
        allowed: "given as many inputs as it has outputs")
    }
  }

  /// The layer's matrices, those of the normalisation last.
  func shapes(inputCount: Int) -> [TensorShape] {
    let layer = kind.layer
    let count = layer.outputCount(inputCount: inputCount)
    return layer.shapes(inputCount: inputCount)
      + (isNormalized ? LayerNormalization.shapes(count: count) : [])
  }
}

extension NetworkLayer {
  /// Runs the layer.
  ///
  /// - Returns: the cache of the backward pass, and the layer's output.
  func forward(
    _ input: Matrix, weights: [Matrix], setting: LayerSetting
  ) -> (cache: LayerCache, output: Matrix) {
    var cache = kind.layer.forward(input, weights: weights, setting: setting)
    var output = cache.output
    if isNormalized {
      cache.normalized = output.normalizeRows(
        gain: weights[weights.count - 2], bias: weights[weights.count - 1])
    }
    if isResidual { output.add(input) }
    return (cache, output)
  }

  /// Runs the layer backward; see `Layer`.
  func backward(
    _ cache: inout LayerCache, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    var inner = outputGradient
    if let normalized = cache.normalized {
      LayerNormalization.backward(
        &inner, through: normalized, gain: weights[weights.count - 2], into: &gradient,
        at: first + weights.count - 2)
    }
    var result = kind.layer.backward(
      &cache, outputGradient: inner, weights: weights, setting: setting, into: &gradient, at: first,
      wantsInputGradient: wantsInputGradient)
    if isResidual { result?.add(outputGradient) }
    return result
  }
}

/// Layer normalisation: each row of outputs is brought to mean 0 and variance 1, then scaled by a
/// gain and shifted by a bias for each unit (Ba, Kiros and Hinton 2016).
enum LayerNormalization {
  /// The gain, initialised to ones, and the bias.
  static func shapes(count: Int) -> [TensorShape] {
    [TensorShape("norm.gain", count, constant: 1), TensorShape("norm.bias", count)]
  }

  /// Turns the gradient of normalised rows into that of what was normalised, and adds to those of
  /// the gain, at a position, and of the bias behind it.
  static func backward(
    _ rows: inout Matrix, through normalized: NormalizedRows, gain: Matrix,
    into gradient: inout NetworkParameters, at position: Int
  ) {
    var (gainGradient, biasGradient) = (
      gradient.tensors[position].matrix, gradient.tensors[position + 1].matrix
    )
    rows.backward(
      through: normalized, gain: gain, gainGradient: &gainGradient, biasGradient: &biasGradient)
    gradient.tensors[position].matrix = gainGradient
    gradient.tensors[position + 1].matrix = biasGradient
  }
}

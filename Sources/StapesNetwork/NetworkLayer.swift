internal import StapesKernels

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

    /// What the kind can do.
    var computation: any LayerComputation {
      switch self {
      case .feedForward(let layer): layer
      case .elman(let layer): layer
      case .lstm(let layer): layer
      case .gru(let layer): layer
      case .rowConvolution(let layer): layer
      }
    }

    /// Whether it reads a clip from its end, too.
    public var isBidirectional: Bool {
      (computation as? any RecurrentLayer)?.isBidirectional ?? false
    }
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
    try kind.computation.validate()
    guard case .rowConvolution = kind, isResidual else { return }
    throw .settingOutOfRange(
      name: "look-ahead layer", found: "residual",
      allowed: "not so: it says itself how much of its input it takes")
  }

  /// Checks that it fits behind a layer of so many outputs.
  func validate(inputCount: Int) throws(NetworkError) {
    let outputCount = kind.computation.outputCount(inputCount: inputCount)
    guard !isResidual || outputCount == inputCount else {
      throw .settingOutOfRange(
        name: "residual layer of \(outputCount) outputs", found: "given \(inputCount) inputs",
        allowed: "given as many inputs as it has outputs")
    }
  }

  /// The layer's matrices, those of the normalisation last.
  func shapes(inputCount: Int) -> [TensorShape] {
    let computation = kind.computation
    let count = computation.outputCount(inputCount: inputCount)
    return computation.shapes(inputCount: inputCount)
      + (isNormalized ? LayerNormalization.shapes(count: count) : [])
  }
}

/// What each kind of layer can do.
///
/// Letters: N rows of the packing.
protocol LayerComputation: Sendable {
  func validate() throws(NetworkError)

  /// The columns of the output.
  func outputCount(inputCount: Int) -> Int

  /// The matrices, in order.
  func shapes(inputCount: Int) -> [TensorShape]

  /// Computes the output, and keeps what the way back needs.
  ///
  /// - Parameters:
  ///   - input: [N × inputs]
  ///   - weights: the matrices of `shapes(inputCount:)`.
  ///   - setting: how the sequences lie, and how products are computed.
  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerPass

  /// Goes back, and adds to the gradient of the weights.
  ///
  /// - Parameters:
  ///   - pass: what `forward` returned; it is of no further use but for gradients that it keeps.
  ///   - outputGradient: ∂loss/∂output, [N × outputs].
  ///   - weights: the matrices of `shapes(inputCount:)`.
  ///   - setting: that of the way forward.
  ///   - gradient: the network's; the layer's matrices lie from `first` on.
  ///   - first: see `gradient`.
  ///   - wantsInputGradient: whether the result is wanted.
  /// - Returns: ∂loss/∂input, [N × inputs]; nil unless it is wanted.
  func goBack(
    _ pass: inout LayerPass, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix?

  /// The layer made ready to recognise.
  func prepared(_ weights: [WeightMatrix], for products: ProductPrecision) -> PreparedLayer.Work
}

/// What a layer needs to know of a batch.
struct LayerSetting: Sendable {
  let packing: TimePacking
  let precision: ProductPrecision
  let truncation: Int?
  /// Whether recurrent layers keep the gradients of their states on the way back.
  var keepsStateGradients = false
}

/// What a layer keeps of its way forward for the way back.
struct LayerPass: Sendable {
  /// What went in, [N × inputs].
  let input: Matrix
  /// What came out, before it is normalised, [N × outputs].
  var output: Matrix
  /// For each direction of a recurrent layer what its sweep kept.
  var traces: [RecurrentTrace] = []
  /// Where the output is normalised, what that kept.
  var normalized: NormalizedRows?
}

extension NetworkLayer {
  /// Runs the layer.
  ///
  /// - Returns: what the way back needs, and the layer's output.
  func forward(
    _ input: Matrix, weights: [Matrix], setting: LayerSetting
  ) -> (pass: LayerPass, output: Matrix) {
    var pass = kind.computation.forward(input, weights: weights, setting: setting)
    var output = pass.output
    if isNormalized {
      pass.normalized = output.normalizeRows(
        gain: weights[weights.count - 2], bias: weights[weights.count - 1])
    }
    if isResidual { output.add(input) }
    return (pass, output)
  }

  /// Goes back through the layer; see `LayerComputation`.
  func goBack(
    _ pass: inout LayerPass, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix? {
    var inner = outputGradient
    if let normalized = pass.normalized {
      LayerNormalization.goBack(
        &inner, through: normalized, gain: weights[weights.count - 2], into: &gradient,
        at: first + weights.count - 2)
    }
    var result = kind.computation.goBack(
      &pass, outputGradient: inner, weights: weights, setting: setting, into: &gradient, at: first,
      wantsInputGradient: wantsInputGradient)
    if isResidual { result?.add(outputGradient) }
    return result
  }
}

internal import StapesKernels

/// What each kind of layer can do.
///
/// Letters: N rows of the packing.
protocol Layer: Sendable, Equatable {
  /// Whether it reads a clip from its end, too.
  var isBidirectional: Bool { get }

  /// Checks that every setting is in its range.
  func validate() throws(NetworkError)

  /// The columns of the output.
  func outputCount(inputCount: Int) -> Int

  /// The parameters, in order.
  func shapes(inputCount: Int) -> [TensorShape]

  /// Computes the output, and caches what the backward pass needs.
  ///
  /// - Parameters:
  ///   - input: [N × inputs]
  ///   - weights: the matrices of `shapes(inputCount:)`.
  ///   - setting: how the sequences lie, and how products are computed.
  func forward(_ input: Matrix, weights: [Matrix], setting: LayerSetting) -> LayerCache

  /// Adds to the gradient of the parameters, and computes that of the input.
  ///
  /// - Parameters:
  ///   - cache: what `forward` returned; it is of no further use but for gradients that it keeps.
  ///   - outputGradient: ∂loss/∂output, [N × outputs].
  ///   - weights: the matrices of `shapes(inputCount:)`.
  ///   - setting: that of the forward pass.
  ///   - gradient: the network's; the layer's matrices lie from `first` on.
  ///   - first: see `gradient`.
  ///   - wantsInputGradient: whether the result is wanted.
  /// - Returns: ∂loss/∂input, [N × inputs]; nil unless it is wanted.
  func backward(
    _ cache: inout LayerCache, outputGradient: Matrix, weights: [Matrix], setting: LayerSetting,
    into gradient: inout NetworkParameters, at first: Int, wantsInputGradient: Bool
  ) -> Matrix?

  /// The layer with its weights packed, to recognise.
  func packed(_ weights: [WeightMatrix], for products: ProductPrecision) -> any PackedLayer
}

extension Layer {
  var isBidirectional: Bool { false }
}

/// What a layer needs to know of a batch.
struct LayerSetting: Sendable {
  let packing: TimePacking
  let precision: ProductPrecision
  let truncation: Int?
  /// Whether recurrent layers keep the gradients of their states on the backward pass.
  var keepsStateGradients = false
}

/// What a layer caches on the forward pass for the backward pass.
struct LayerCache: Sendable {
  /// The input, [N × inputs].
  let input: Matrix
  /// The output before it is normalised, [N × outputs].
  var output: Matrix
  /// For each direction of a recurrent layer what its sweep cached.
  var directions: [RecurrentCache] = []
  /// Where the output is normalised, what that cached.
  var normalized: NormalizedRows?
}

/// A layer with its weights packed, to recognise.
protocol PackedLayer: Sendable {
  /// Whether each output depends on the inputs until then alone.
  var isCausal: Bool { get }
  /// The most columns that a row of inputs becomes while the layer works on it.
  var widestColumnCount: Int { get }

  /// The outputs of packed sequences, [N × inputs] to [N × outputs].
  func outputs(of input: Matrix, packing: TimePacking) -> Matrix

  /// The same, where the layer has directions each of them on a task of its own.
  func concurrentOutputs(of input: Matrix, packing: TimePacking) async -> Matrix

  /// The beginning of so many clips that come in pieces; a layer that looks ahead takes but one.
  func stream(clipCount: Int) -> any LayerStream
}

extension PackedLayer {
  func concurrentOutputs(of input: Matrix, packing: TimePacking) async -> Matrix {
    outputs(of: input, packing: packing)
  }
}

/// A layer in clips that come in pieces.
protocol LayerStream: Sendable {
  /// The outputs that the next steps make known, [n × inputs] to [m × outputs].
  ///
  /// - Parameters:
  ///   - input: step after step.
  ///   - rowCounts: how many clips are still running at each step; see `RecurrentState`.
  mutating func outputs(of input: Matrix, rowCounts: [Int]) -> Matrix

  /// The outputs of the clip's end, [n × inputs] to [m × outputs], and the beginning of a new clip.
  mutating func finish(with input: Matrix) -> Matrix
}

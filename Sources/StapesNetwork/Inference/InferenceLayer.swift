internal import StapesKernels

/// A matrix product with weights and a bias: x·Wᵀ + b, [N × outputs].
struct Affine: Sendable {
  let weights: PackedMatrix
  let bias: Matrix

  func callAsFunction(_ input: Matrix) -> Matrix {
    var result = Matrix(repeatingRow: bias, count: input.rowCount)
    result.addProduct(input, weights)
    return result
  }
}

/// A layer of an `InferenceNetwork`: its weights packed, and what its outputs go through.
struct InferenceLayer: Sendable {
  /// What it computes.
  let layer: any PackedLayer
  private let normalization: (gain: Matrix, bias: Matrix)?
  private let isResidual: Bool

  /// Packs a layer's weights.
  ///
  /// - Parameters:
  ///   - place: the layer.
  ///   - weights: the network's, in order.
  ///   - products: how products are computed.
  init(_ place: NetworkPlan.PlacedLayer, weights: [WeightMatrix], products: ProductPrecision) {
    let own = Array(weights[place.first..<place.first + place.shapes.count])
    layer = place.layer.kind.layer.packed(own, for: products)
    normalization =
      place.layer.isNormalized ? (own[own.count - 2].matrix, own[own.count - 1].matrix) : nil
    isResidual = place.layer.isResidual
  }

  /// The outputs of packed sequences, [N × inputs] to [N × outputs].
  func outputs(of input: Matrix, packing: TimePacking) -> Matrix {
    finished(layer.outputs(of: input, packing: packing), input: input)
  }

  /// The same, where the layer has directions each of them on a task of its own.
  func concurrentOutputs(of input: Matrix, packing: TimePacking) async -> Matrix {
    finished(await layer.concurrentOutputs(of: input, packing: packing), input: input)
  }

  /// Normalises outputs and adds the inputs, where the layer does so.
  fileprivate func finished(_ output: Matrix, input: Matrix) -> Matrix {
    var output = output
    if let normalization {
      output.normalizeRows(gain: normalization.gain, bias: normalization.bias)
    }
    if isResidual { output.add(input) }
    return output
  }
}

/// A layer of an `InferenceNetwork` in clips that come in pieces.
struct InferenceLayerStream: Sendable {
  private let layer: InferenceLayer
  private var stream: any LayerStream

  /// Begins a clip, or as many as `clipCount`; a layer that looks ahead takes but one.
  init(_ layer: InferenceLayer, clipCount: Int = 1) {
    self.layer = layer
    stream = layer.layer.stream(clipCount: clipCount)
  }

  /// The outputs that the next steps make known; see `LayerStream`.
  mutating func outputs(of input: Matrix, rowCounts: [Int]) -> Matrix {
    layer.finished(stream.outputs(of: input, rowCounts: rowCounts), input: input)
  }

  /// The outputs that the next inputs of one clip make known, [n × inputs] to [m × outputs].
  mutating func outputs(of input: Matrix) -> Matrix {
    outputs(of: input, rowCounts: [Int](repeating: 1, count: input.rowCount))
  }

  /// The outputs of the clip's end, and the beginning of a new clip.
  mutating func finish(with input: Matrix) -> Matrix {
    layer.finished(stream.finish(with: input), input: input)
  }
}

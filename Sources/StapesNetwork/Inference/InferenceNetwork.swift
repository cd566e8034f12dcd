internal import StapesConcurrency
public import StapesKernels

/// A network to recognise with: its weights packed once, in the precision they are stored in or in
/// the one that products are computed in.
///
/// Every element of every product is summed in the same order whatever is computed beside it, so a
/// clip's logits are the same to the last bit alone, in any batch, and in pieces (`NetworkStream`).
/// Letters as in `Network`.
public struct InferenceNetwork: Sendable {
  /// The network's shape.
  public let configuration: NetworkConfiguration
  /// How the layers' products are computed.
  public let products: ProductPrecision
  let convolutions: [PackedConvolution]
  let layers: [InferenceLayer]
  /// The linear output: x·Wᵀ + b, [N × C].
  let output: Affine

  /// Packs a network's weights, as `init(_:products:)` does those of a `StoredNetwork`.
  public init(_ network: Network, products: ProductPrecision = .float32) {
    self.init(StoredNetwork(network), products: products)
  }

  /// Packs a network's weights in the precision that they are stored in.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - products: how the layers' products are computed; those of the linear output are always in
  ///     32-bit floats. In `bfloat16` the weights are packed in that precision, however they are
  ///     stored; see `StoredNetwork.usualProducts`.
  /// - Precondition: this processor has instructions for `products`.
  public init(_ network: StoredNetwork, products: ProductPrecision = .float32) {
    precondition(products.isSupported, "no instructions for products in \(products.rawValue)")
    let (configuration, weights) = (network.configuration, network.weights)
    let plan = configuration.plan
    self.configuration = configuration
    self.products = products
    convolutions = plan.convolutions.map {
      PackedConvolution($0, weights: weights, products: products)
    }
    layers = plan.layers.concurrentMap { InferenceLayer($0, weights: weights, products: products) }
    output = Affine(
      weights: PackedMatrix(transposing: weights[plan.outputPosition]),
      bias: weights[plan.outputPosition + 1].matrix)
  }

  /// The logits of some clips.
  ///
  /// - Parameter sequences: each clip's features, [T × F]; a clip may be empty.
  /// - Returns: for each clip, [T′ × C].
  public func logits(of sequences: [Matrix]) -> [Matrix] {
    let batch = packedBatch(of: sequences)
    var input = batch.input
    for layer in layers { input = layer.outputs(of: input, packing: batch.packing) }
    return logits(behind: input, of: batch)
  }

  /// The logits of each clip from the last layer's outputs, [N × outputs].
  func logits(behind outputs: Matrix, of batch: PackedBatch) -> [Matrix] {
    guard let pooling = ClipPooling(configuration.architecture, outputCount: outputs.columnCount)
    else { return batch.unpacked(output(outputs)) }
    return pooling.pooled(batch.unpacked(outputs)).map { output($0) }
  }

  /// What goes into the first layer.
  func packedBatch(of sequences: [Matrix]) -> PackedBatch {
    let frames = sequences.map { clip in
      convolutions.reduce(clip) { $1.outputs(of: $0) }
    }
    return PackedBatch(frames, configuration: configuration)
  }
}

public import StapesKernels

/// A network made ready to recognise: its weights packed once, in the precision they are stored in
/// or in the one that products are computed in.
///
/// Every element of every product is summed in the same order whatever is computed beside it, so a
/// clip's logits are the same to the last bit alone, in any batch, and in pieces (`NetworkStream`).
/// Letters as in `Network`.
public struct InferenceNetwork: Sendable {
  /// The network's shape.
  public let configuration: NetworkConfiguration
  /// How the layers' products are computed.
  public let products: ProductPrecision
  /// For each layer its directions.
  let layers: [[Direction]]
  /// The linear output: x·Wᵀ + b, [N × C].
  let output: Affine

  /// A matrix product with weights and a bias: x·Wᵀ + b.
  struct Affine: Sendable {
    let weights: PackedMatrix
    let bias: Matrix

    func callAsFunction(_ input: Matrix) -> Matrix {
      var result = Matrix(repeatingRow: bias, count: input.rowCount)
      result.addProduct(input, weights)
      return result
    }
  }

  /// One direction of a layer.
  struct Direction: Sendable {
    let input: Affine
    let recurrent: PackedMatrix
  }

  /// Packs a network's weights.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - products: how the layers' products are computed; see `init(_:products:)` for a
  ///     `StoredNetwork`.
  public init(_ network: Network, products: ProductPrecision = .float32) {
    self.init(StoredNetwork(network), products: products)
  }

  /// Packs a network's weights in the precision that they are stored in.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - products: how the layers' products are computed; those of the linear output are always in
  ///     32-bit floats. In `bfloat16` the weights are packed in that precision, however they are
  ///     stored; it pays for several clips at once, and not for a stream.
  /// - Precondition: this processor has instructions for `products`.
  public init(_ network: StoredNetwork, products: ProductPrecision = .float32) {
    precondition(products.isSupported, "no instructions for products in \(products.rawValue)")
    let (configuration, weights) = (network.configuration, network.weights)
    let directionCount = configuration.directionCount
    self.configuration = configuration
    self.products = products
    layers = (0..<configuration.layerCount).map { layer in
      (0..<directionCount).map { direction in
        func part(_ part: NetworkParameters.Part) -> WeightMatrix {
          weights[
            NetworkParameters.position(
              part, ofLayer: layer, direction: direction, of: directionCount)]
        }
        return Direction(
          input: Affine(
            weights: part(.input).packed(for: products), bias: part(.bias).matrix),
          recurrent: part(.recurrent).packed(for: products))
      }
    }
    let positions = NetworkParameters.outputPositions(for: configuration)
    output = Affine(
      weights: PackedMatrix(transposing: weights[positions.weights]),
      bias: weights[positions.bias].matrix)
  }

  /// The logits of some clips.
  ///
  /// - Parameter sequences: each clip's features, [T × F]; a clip may be empty.
  /// - Returns: for each clip, [T′ × C].
  public func logits(of sequences: [Matrix]) -> [Matrix] {
    let batch = PackedBatch(sequences, configuration: configuration)
    var input = batch.input
    for layer in layers { input = run(layer, input: input, packing: batch.packing) }
    return batch.unpacked(output(input))
  }

  /// Runs one layer: h of all directions side by side, [N × directions · H].
  private func run(_ layer: [Direction], input: Matrix, packing: TimePacking) -> Matrix {
    let hidden = configuration.hiddenSize
    var output = Matrix(rowCount: input.rowCount, columnCount: layer.count * hidden)
    for (index, direction) in layer.enumerated() {
      LSTMSweep(over: packing, reversed: index == 1, hiddenSize: hidden).run(
        input: input, inputWeights: direction.input.weights, bias: direction.input.bias,
        hidden: &output, column: index * hidden, recurrentWeights: direction.recurrent)
    }
    return output
  }
}

extension WeightMatrix {
  /// The transpose, packed for products that are computed so.
  fileprivate func packed(for products: ProductPrecision) -> PackedMatrix {
    switch products {
    case .float32: PackedMatrix(transposing: self)
    case .bfloat16: PackedMatrix(transposing: matrix, precision: .bfloat16)
    }
  }
}

public import StapesKernels

/// What a network keeps of its way forward through a batch: the logits, and all that the way back
/// needs.
public struct ForwardPass: Sendable {
  /// The logits of each clip, [T′ × C].
  public let logits: [Matrix]
  /// How the products are computed, also on the way back.
  public let precision: ProductPrecision

  let batch: PackedBatch
  /// The linear output's input, [N × directions · H].
  let lastOutput: Matrix
  var layers: [LayerPass]
  /// For each layer the factor of each of its outputs: 0 or 1 / (1 - dropout); none without
  /// dropout.
  let masks: [Matrix]
}

extension Network {
  /// The logits of a batch while training, with dropout behind each layer.
  ///
  /// - Parameters:
  ///   - sequences: each clip's features, [T × F].
  ///   - dropoutSeed: what the choice of the dropped outputs depends on.
  ///   - precision: how the layers' products are computed; those of the linear output are always
  ///     in 32-bit floats.
  public func forward(
    _ sequences: [Matrix], dropoutSeed: UInt64, precision: ProductPrecision = .float32
  ) -> ForwardPass {
    let batch = PackedBatch(sequences, configuration: configuration)
    var input = batch.input
    var layers: [LayerPass] = []
    var masks: [Matrix] = []
    for layer in 0..<configuration.layerCount {
      let pass = run(layer, input: input, packing: batch.packing, precision: precision)
      input = pass.output
      layers.append(pass)
      if configuration.dropout > 0 {
        var generator = SplitMix64(seed: dropoutSeed, stream: UInt64(layer))
        let mask = Matrix.dropoutMask(
          rowCount: input.rowCount, columnCount: input.columnCount, share: configuration.dropout,
          using: &generator)
        input.multiplyElements(by: mask)
        masks.append(mask)
      }
    }
    return ForwardPass(
      logits: batch.unpacked(linearOutput(of: input)), precision: precision, batch: batch,
      lastOutput: input, layers: layers, masks: masks)
  }

  /// Goes back through a batch and adds ∂loss/∂weights to a gradient.
  ///
  /// - Parameters:
  ///   - pass: what `forward` returned.
  ///   - logitGradients: ∂loss/∂logits of each clip, [T′ × C].
  ///   - gradient: the gradient to add to.
  ///   - wantsInputGradients: whether to compute the gradients of the clips' features.
  /// - Returns: ∂loss/∂features of each clip, [T × F]; none unless wanted.
  @discardableResult
  public func backward(
    _ pass: consuming ForwardPass, logitGradients: [Matrix],
    into gradient: inout NetworkParameters, wantsInputGradients: Bool = false
  ) -> [Matrix] {
    let packing = pass.batch.packing
    let logitGradient = pass.batch.packed(
      logitGradients, columnCount: configuration.classCount)
    let (weights, bias) = parameters.outputPositions
    gradient.tensors[weights].matrix.addProduct(transposed: logitGradient, pass.lastOutput)
    gradient.tensors[bias].matrix.add(logitGradient.columnSums())
    var outputGradient: Matrix? = logitGradient.times(parameters.tensors[weights].matrix)
    for layer in (0..<configuration.layerCount).reversed() {
      guard var current = outputGradient else { break }
      if !pass.masks.isEmpty { current.multiplyElements(by: pass.masks[layer]) }
      outputGradient = goBack(
        layer, pass: pass.layers.removeLast(), outputGradient: current, packing: packing,
        precision: pass.precision, into: &gradient,
        wantsInputGradient: layer > 0 || wantsInputGradients)
    }
    return outputGradient.map(pass.batch.unstacked) ?? []
  }
}

extension Matrix {
  /// Zeros for a share of the elements, chosen at random, and 1 / (1 - share) for the others.
  fileprivate static func dropoutMask(
    rowCount: Int, columnCount: Int, share: Double, using generator: inout SplitMix64
  ) -> Matrix {
    // Each 64 random bits decide on four elements, 16 bits each.
    let threshold = UInt64((share * 65536).rounded())
    var mask = Matrix(
      rowCount: rowCount, columnCount: columnCount, repeating: Float(1 / (1 - share)))
    var bits: UInt64 = 0
    for index in 0..<rowCount * columnCount {
      bits = index % 4 == 0 ? generator.next() : bits >> 16
      if bits & 0xFFFF < threshold { mask.values[index] = 0 }
    }
    return mask
  }
}

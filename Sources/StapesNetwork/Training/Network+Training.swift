public import StapesKernels

/// What a network computes and caches on the forward pass of a batch: the logits, and all that the
/// backward pass needs.
public struct ForwardPass: Sendable {
  /// The logits of each clip, [T′ × C].
  public private(set) var logits: [Matrix]
  /// How the products are computed, in the backward pass too.
  public let precision: ProductPrecision

  /// For each clip what each convolution cached.
  var convolutions: [[ConvolutionCache]]
  let batch: PackedBatch
  /// The linear output's input, [N × outputs of the last layer]; with pooling a row a clip.
  let lastOutput: Matrix
  var layers: [LayerCache]
  /// For each layer the factor of each of its outputs: 0 or 1 / (1 - dropout); none without
  /// dropout.
  let masks: [Matrix]

  /// Gives the logits away, so that their gradients can take their memory; the backward pass does
  /// not need them.
  public mutating func takeLogits() -> [Matrix] {
    defer { logits = [] }
    return logits
  }
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
    let (plan, architecture) = (configuration.plan, configuration.architecture)
    let (frames, convolutions) = convolve(sequences, plan: plan, precision: precision)
    let batch = PackedBatch(frames, configuration: configuration)
    let setting = batch.setting(architecture, precision)
    var input = batch.input
    var layers: [LayerCache] = []
    var masks: [Matrix] = []
    for (index, place) in plan.layers.enumerated() {
      let weights = parameters.matrices(from: place.first, count: place.shapes.count)
      let (cache, output) = place.layer.forward(input, weights: weights, setting: setting)
      input = output
      layers.append(cache)
      if architecture.dropout > 0 {
        var generator = SplitMix64(seed: dropoutSeed, stream: UInt64(index))
        var mask = Matrix.dropoutMask(
          rowCount: architecture.dropsWholeClips ? sequences.count : input.rowCount,
          columnCount: input.columnCount, share: architecture.dropout, using: &generator)
        if architecture.dropsWholeClips { mask = mask.repeated(over: batch.packing) }
        input.multiplyElements(by: mask)
        masks.append(mask)
      }
    }
    let pooling = ClipPooling(architecture, outputCount: input.columnCount)
    let pooled = pooling?.pooled(batch.unpacked(input))
    let logits =
      pooled?.map { linearOutput(of: $0, at: plan.outputPosition) }
      ?? batch.unpacked(linearOutput(of: input, at: plan.outputPosition))
    return ForwardPass(
      logits: logits, precision: precision, convolutions: convolutions, batch: batch,
      lastOutput: pooled.map(Matrix.init(stacking:)) ?? input, layers: layers, masks: masks)
  }

  /// Runs the backward pass of a batch and adds ∂loss/∂weights to a gradient.
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
    backward(
      pass, logitGradients: logitGradients, into: &gradient,
      wantsInputGradients: wantsInputGradients, observeStates: nil, complete: { _, _ in })
  }

  /// Runs the backward pass of a batch for the gradient of its weights.
  ///
  /// - Parameters:
  ///   - pass: what `forward` returned.
  ///   - logitGradients: ∂loss/∂logits of each clip, [T′ × C].
  ///   - complete: is given each matrix of the gradient with its position, those of the last layer
  ///     first, while those of the layers below are still to be computed.
  package func backward(
    _ pass: consuming ForwardPass, logitGradients: [Matrix],
    complete: (_ position: Int, _ gradient: Matrix) -> Void
  ) {
    var gradient = NetworkParameters.zeros(for: configuration)
    _ = backward(
      pass, logitGradients: logitGradients, into: &gradient, wantsInputGradients: false,
      observeStates: nil, complete: complete)
  }

  /// Does what `backward(_:logitGradients:into:wantsInputGradients:)` does.
  ///
  /// - Parameters:
  ///   - observeStates: is given each layer's cache after its backward pass, the last layer first; it
  ///     then has the gradients of the layer's states.
  ///   - complete: is given each matrix of the gradient as soon as it is complete.
  func backward(
    _ pass: consuming ForwardPass, logitGradients: [Matrix],
    into gradient: inout NetworkParameters, wantsInputGradients: Bool,
    observeStates: ((_ layer: Int, _ cache: LayerCache) -> Void)?,
    complete: (_ position: Int, _ gradient: Matrix) -> Void
  ) -> [Matrix] {
    let plan = configuration.plan
    func completeAll(_ positions: Range<Int>) {
      for position in positions.reversed() {
        complete(position, gradient.tensors[position].matrix)
      }
    }
    var setting = pass.batch.setting(configuration.architecture, pass.precision)
    setting.keepsStateGradients = observeStates != nil
    let wantsFrameGradients = wantsInputGradients || !plan.convolutions.isEmpty
    let pooling = ClipPooling(
      configuration.architecture, outputCount: plan.outputWeights.columnCount)
    let logitGradient =
      pooling == nil
      ? pass.batch.packed(logitGradients, columnCount: configuration.classCount)
      : Matrix(stacking: logitGradients)
    let position = plan.outputPosition
    gradient.tensors[position].matrix.addProduct(transposed: logitGradient, pass.lastOutput)
    gradient.tensors[position + 1].matrix.add(logitGradient.columnSums())
    completeAll(position..<position + 2)
    let weights = parameters.tensors[position].matrix
    var outputGradient: Matrix? =
      pooling.map { pooling in
        pass.batch.packed(
          pooling.backward(
            logitGradients.map { $0.times(weights) }, counts: pass.batch.outputCounts),
          columnCount: weights.columnCount)
      } ?? logitGradient.times(weights)
    for (index, place) in plan.layers.enumerated().reversed() {
      guard var current = outputGradient else { break }
      if !pass.masks.isEmpty { current.multiplyElements(by: pass.masks[index]) }
      var cache = pass.layers.removeLast()
      outputGradient = place.layer.backward(
        &cache, outputGradient: current,
        weights: parameters.matrices(from: place.first, count: place.shapes.count),
        setting: setting, into: &gradient, at: place.first,
        wantsInputGradient: index > 0 || wantsFrameGradients)
      observeStates?(index, cache)
      completeAll(place.first..<place.first + place.shapes.count)
    }
    // The convolutions have the first places.
    let convolved = 0..<(plan.layers.first?.first ?? position)
    guard let outputGradient else { return [] }
    defer { completeAll(convolved) }
    return backward(
      pass.convolutions, plan: plan, frameGradients: pass.batch.unstacked(outputGradient),
      into: &gradient, wantsInputGradients: wantsInputGradients)
  }

  /// Runs each clip through the convolutions.
  private func convolve(
    _ sequences: [Matrix], plan: NetworkPlan, precision: ProductPrecision
  ) -> (frames: [Matrix], caches: [[ConvolutionCache]]) {
    let weights = plan.convolutions.map {
      parameters.matrices(from: $0.first, count: $0.shapes.count)
    }
    let affines = weights.map {
      Affine(weights: PackedMatrix(transposing: $0[0], precision: precision), bias: $0[1])
    }
    var (frames, caches) = (sequences, sequences.map { _ in [ConvolutionCache]() })
    for clip in sequences.indices {
      for (index, place) in plan.convolutions.enumerated() {
        let (cache, output) = place.forward(
          frames[clip], affine: affines[index], weights: weights[index])
        frames[clip] = output
        caches[clip].append(cache)
      }
    }
    return (frames, caches)
  }

  /// Runs the convolutions of each clip backward.
  private func backward(
    _ caches: [[ConvolutionCache]], plan: NetworkPlan, frameGradients: [Matrix],
    into gradient: inout NetworkParameters, wantsInputGradients: Bool
  ) -> [Matrix] {
    var results: [Matrix] = []
    for (var caches, frameGradient) in zip(caches, frameGradients) {
      var outputGradient: Matrix? = frameGradient
      for (index, place) in plan.convolutions.enumerated().reversed() {
        guard let current = outputGradient else { break }
        outputGradient = place.backward(
          caches.removeLast(), outputGradient: current,
          weights: parameters.matrices(from: place.first, count: place.shapes.count),
          into: &gradient, wantsInputGradient: index > 0 || wantsInputGradients)
      }
      if let outputGradient, wantsInputGradients { results.append(outputGradient) }
    }
    return results
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
  /// The rows of some matrices, one below the other.
  fileprivate init(stacking matrices: [Matrix]) {
    self.init(rowCount: 0, columnCount: matrices.first?.columnCount ?? 0)
    for matrix in matrices { appendRows(of: matrix) }
  }

  /// The rows of a packing in which each row of a sequence is the sequence's row here.
  fileprivate func repeated(over packing: TimePacking) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(packing.rowCount * columnCount)
    for step in 0..<packing.stepCount {
      for sequence in packing.order.prefix(packing.rowCount(ofStep: step)) {
        values += row(sequence)
      }
    }
    return Matrix(rowCount: packing.rowCount, columnCount: columnCount, values: values)
  }
}

/// ∂loss/∂state of a recurrent layer, at each time.
public struct StateGradients: Sendable {
  /// The position of the layer among the architecture's.
  public let layer: Int
  /// For each clip [T′ × S]: S is the layer's outputs of the forward direction, and behind them, in
  /// an LSTM, its cells.
  public let clips: [Matrix]
}

extension Network {
  /// Runs the backward pass of a batch for the gradients of the states of recurrent layers.
  ///
  /// The state of time t is what the layer hands on: its output h of the forward direction, to the
  /// next time and to the layers above, and in an LSTM the cells c, to the next time. The gradient
  /// is the total one, along all ways from there to the loss: those through the layers above too.
  ///
  /// - Parameters:
  ///   - pass: what `forward` returned.
  ///   - logitGradients: ∂loss/∂logits of each clip, [T′ × C].
  /// - Returns: the gradients of the recurrent layers, the first layer's first.
  public func stateGradients(_ pass: ForwardPass, logitGradients: [Matrix]) -> [StateGradients] {
    var found: [StateGradients] = []
    var ignored = NetworkParameters.zeros(for: configuration)
    let batch = pass.batch
    _ = backward(
      pass, logitGradients: logitGradients, into: &ignored, wantsInputGradients: false,
      observeStates: { layer, cache in
        guard let gradients = cache.directions.first?.stateGradients else { return }
        found.append(StateGradients(layer: layer, clips: batch.unpacked(gradients)))
      }, complete: { _, _ in })
    return found.reversed()
  }
}

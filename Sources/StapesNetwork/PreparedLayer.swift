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

/// A layer made ready to recognise.
struct PreparedLayer: Sendable {
  /// What it computes.
  enum Work: Sendable {
    case recurrent([Direction])
    case feedForward(Affine, Activation)
    case rowConvolution(RowConvolution, taps: Matrix)
  }

  /// One direction of a recurrent layer.
  struct Direction: Sendable {
    let input: Affine
    let cell: RecurrentCell
  }

  let work: Work
  /// What its outputs are normalised with.
  let normalization: (gain: Matrix, bias: Matrix)?
  let isResidual: Bool

  /// Makes a layer ready.
  ///
  /// - Parameters:
  ///   - place: the layer.
  ///   - weights: the network's, in order.
  ///   - products: how products are computed.
  init(_ place: NetworkPlan.PlacedLayer, weights: [WeightMatrix], products: ProductPrecision) {
    let own = Array(weights[place.first..<place.first + place.shapes.count])
    work = place.layer.kind.computation.prepared(own, for: products)
    normalization =
      place.layer.isNormalized ? (own[own.count - 2].matrix, own[own.count - 1].matrix) : nil
    isResidual = place.layer.isResidual
  }

  /// Runs the layer over packed sequences, [N × inputs] to [N × outputs].
  func run(_ input: Matrix, packing: TimePacking) -> Matrix {
    let output: Matrix
    switch work {
    case .recurrent(let directions): output = run(directions, input: input, packing: packing)
    case .feedForward(let affine, let activation):
      var values = affine(input)
      values.apply(activation)
      output = values
    case .rowConvolution(let layer, let taps):
      output = layer.output(for: input, taps: taps, packing: packing)
    }
    return finished(output, input: input)
  }

  /// Normalises outputs and adds the inputs, where the layer does so.
  func finished(_ output: Matrix, input: Matrix) -> Matrix {
    var output = output
    if let normalization {
      output.normalizeRows(gain: normalization.gain, bias: normalization.bias)
    }
    if isResidual { output.add(input) }
    return output
  }

  private func run(_ directions: [Direction], input: Matrix, packing: TimePacking) -> Matrix {
    let width = directions[0].cell.outputCount
    var output = Matrix(rowCount: input.rowCount, columnCount: directions.count * width)
    for (index, direction) in directions.enumerated() {
      RecurrentSweep(over: packing, reversed: index == 1).run(
        direction.cell, input: input, inputWeights: direction.input.weights,
        bias: direction.input.bias, output: &output, column: index * width)
    }
    return output
  }
}

/// A convolution made ready to recognise.
struct PreparedConvolution: Sendable {
  let place: NetworkPlan.PlacedConvolution
  let affine: Affine
  private let normalization: (gain: Matrix, bias: Matrix)?

  /// Makes a convolution ready; see `PreparedLayer`.
  init(
    _ place: NetworkPlan.PlacedConvolution, weights: [WeightMatrix], products: ProductPrecision
  ) {
    self.place = place
    let own = Array(weights[place.first..<place.first + place.shapes.count])
    affine = Affine(weights: own[0].packed(for: products), bias: own[1].matrix)
    normalization = place.convolution.isNormalized ? (own[2].matrix, own[3].matrix) : nil
  }

  /// Computes some outputs; see `NetworkPlan.PlacedConvolution`.
  func outputs(_ outputs: Range<Int>, from frames: Matrix, firstFrame: Int = 0) -> Matrix {
    var result = place.outputs(outputs, from: frames, firstFrame: firstFrame, with: affine)
    if let normalization {
      result.normalizeRows(gain: normalization.gain, bias: normalization.bias)
    }
    return result
  }

  /// The outputs of a whole clip, [T × F · D] to [T′ × F′ · channels].
  func outputs(of frames: Matrix) -> Matrix {
    let stride = place.convolution.stride.time
    return outputs(0..<(frames.rowCount + stride - 1) / stride, from: frames)
  }
}

extension WeightMatrix {
  /// The transpose, packed for products that are computed so.
  func packed(for products: ProductPrecision) -> PackedMatrix {
    switch products {
    case .float32: PackedMatrix(transposing: self)
    case .bfloat16: PackedMatrix(transposing: matrix, precision: .bfloat16)
    }
  }
}

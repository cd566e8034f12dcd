internal import StapesKernels

/// A convolution with its weights packed, to recognise.
struct PackedConvolution: Sendable {
  let place: NetworkPlan.PlacedConvolution
  let affine: Affine
  private let normalization: (gain: Matrix, bias: Matrix)?

  /// Packs a convolution's weights; see `InferenceLayer`.
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

/// A convolution in a clip that comes in pieces.
struct ConvolutionStream: Sendable {
  private let convolution: PackedConvolution
  /// The frames that outputs may still see.
  private var frames: RowQueue
  private var nextOutput = 0

  /// Begins a clip.
  init(_ convolution: PackedConvolution) {
    self.convolution = convolution
    let place = convolution.place
    frames = RowQueue(columnCount: place.frequencyCount * place.channelCount)
  }

  /// The outputs that frames make known, [n × F · D] to [m × F′ · channels].
  mutating func outputs(of input: Matrix) -> Matrix {
    frames.append(input)
    let shape = convolution.place.convolution
    // Output t sees kernel frames from t · stride − padding on.
    let end = frames.end + padding - shape.kernel.time
    return outputs(before: end < 0 ? 0 : end / shape.stride.time + 1)
  }

  /// The outputs of the clip's end, and the beginning of a new clip.
  mutating func finish(with input: Matrix) -> Matrix {
    frames.append(input)
    let stride = convolution.place.convolution.stride.time
    let result = outputs(before: (frames.end + stride - 1) / stride)
    self = ConvolutionStream(convolution)
    return result
  }

  private var padding: Int { (convolution.place.convolution.kernel.time - 1) / 2 }

  private mutating func outputs(before end: Int) -> Matrix {
    let result = convolution.outputs(
      nextOutput..<max(nextOutput, end), from: frames.rows, firstFrame: frames.start)
    nextOutput = max(nextOutput, end)
    frames.discard(before: nextOutput * convolution.place.convolution.stride.time - padding)
    return result
  }
}

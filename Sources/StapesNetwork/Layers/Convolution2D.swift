public import StapesKernels

/// A convolution over time and frequency, as Deep Speech 2 has in front (Amodei 2016): each output
/// is f(w · what its kernel sees + b), for each of its channels.
///
/// The kernel is centred on its output: output t sees the frames from t · stride − ⌊(kernel − 1) /
/// 2⌋ on, and zeros stand outside of the clip and of the frequencies. T frames make ⌈T / stride⌉
/// outputs. A stream waits for the frames that an output sees ahead. The first convolution takes
/// the features as frequencies of one channel. Letters: F frequencies, D channels of the input.
public struct Convolution2D: Sendable, Equatable {
  /// A number for time and one for frequency.
  public struct Extent: Sendable, Equatable {
    /// In frames.
    public var time: Int
    /// In frequencies.
    public var frequency: Int

    /// Makes an extent.
    public init(time: Int, frequency: Int) {
      self.time = time
      self.frequency = frequency
    }
  }

  /// The channels of the output.
  public var channelCount: Int
  /// What an output sees.
  public var kernel: Extent
  /// How far the next output is.
  public var stride: Extent
  /// f.
  public var activation: Activation
  /// Whether the outputs of a time are normalised together (`LayerNormalization`), after f.
  public var isNormalized: Bool

  /// Describes a convolution.
  public init(
    channelCount: Int, kernel: Extent, stride: Extent = Extent(time: 1, frequency: 1),
    activation: Activation = .relu, isNormalized: Bool = false
  ) {
    self.channelCount = channelCount
    self.kernel = kernel
    self.stride = stride
    self.activation = activation
    self.isNormalized = isNormalized
  }

  /// The two convolutions of Deep Speech 2: 32 channels each, kernels of 11 frames by 41 and by 21
  /// frequencies, every other frequency.
  ///
  /// - Parameter stride: the frames from an output to the next.
  public static func deepSpeech2(stride: Int) -> [Convolution2D] {
    [
      Convolution2D(
        channelCount: 32, kernel: Extent(time: 11, frequency: 41),
        stride: Extent(time: stride, frequency: 2)),
      Convolution2D(
        channelCount: 32, kernel: Extent(time: 11, frequency: 21),
        stride: Extent(time: 1, frequency: 2)),
    ]
  }

  func validate() throws(NetworkError) {
    try NetworkError.check("channel count", channelCount, in: 1...1024)
    for extent in [kernel.time, kernel.frequency] {
      try NetworkError.check("kernel", extent, in: 1...100)
    }
    for extent in [stride.time, stride.frequency] {
      try NetworkError.check("stride", extent, in: 1...100)
    }
    try activation.validate()
  }

  func patches(frequencyCount: Int, channelCount: Int) -> ConvolutionPatches {
    ConvolutionPatches(
      frequencyCount: frequencyCount, channelCount: channelCount,
      kernel: (kernel.time, kernel.frequency), stride: (stride.time, stride.frequency))
  }

  /// The columns of the output: frequency after frequency, and within one channel after channel.
  func outputCount(frequencyCount: Int, channelCount: Int) -> Int {
    (frequencyCount + stride.frequency - 1) / stride.frequency * self.channelCount
  }

  /// `weights` [channels × kernel frames · kernel frequencies · D], `bias`, and the normalisation's.
  func shapes(frequencyCount: Int, channelCount: Int) -> [TensorShape] {
    let patch = kernel.time * kernel.frequency * channelCount
    let count = outputCount(frequencyCount: frequencyCount, channelCount: channelCount)
    return [
      TensorShape("weights", self.channelCount, patch, .input(unitCount: self.channelCount)),
      TensorShape("bias", self.channelCount),
    ] + (isNormalized ? LayerNormalization.shapes(count: count) : [])
  }
}

/// What a convolution caches on the forward pass of a clip for the backward pass.
struct ConvolutionCache: Sendable {
  /// The input, [T × F · D].
  let input: Matrix
  /// The output before it is normalised, [T′ × F′ · channels].
  var output: Matrix
  var normalized: NormalizedRows?
}

extension NetworkPlan.PlacedConvolution {
  private var patches: ConvolutionPatches {
    convolution.patches(frequencyCount: frequencyCount, channelCount: channelCount)
  }

  /// The numbers in the patches that are worked on together, so that they stay in the processor's
  /// cache.
  private static var cachedPatchCount: Int { 1 << 19 }

  /// Outputs that are worked on together.
  private func pieces(outputCount: Int) -> [Range<Int>] {
    let patches = patches
    let rowSize = patches.outputFrequencyCount * patches.patchSize
    let length = max(1, Self.cachedPatchCount / rowSize)
    return stride(from: 0, to: outputCount, by: length).map {
      $0..<min($0 + length, outputCount)
    }
  }

  /// Computes some outputs before they are normalised.
  ///
  /// - Parameters:
  ///   - outputs: which.
  ///   - frames: [n × F · D]
  ///   - firstFrame: the number of the first of them.
  ///   - affine: Wᵀ, packed, and b.
  /// - Returns: [outputs × F′ · channels]
  func outputs(
    _ outputs: Range<Int>, from frames: Matrix, firstFrame: Int = 0, with affine: Affine
  ) -> Matrix {
    var result = Matrix(rowCount: 0, columnCount: outputCount)
    for piece in pieces(outputCount: outputs.count) {
      let piece = piece.lowerBound + outputs.lowerBound..<piece.upperBound + outputs.lowerBound
      let part = affine(patches.patches(of: piece, from: frames, firstFrame: firstFrame))
      result.appendRows(
        of: Matrix(rowCount: piece.count, columnCount: outputCount, values: part.values))
    }
    result.apply(convolution.activation)
    return result
  }

  /// Runs the convolution over a clip.
  ///
  /// - Parameters:
  ///   - frames: [T × F · D]
  ///   - affine: Wᵀ, packed, and b.
  ///   - weights: the matrices of `shapes`.
  /// - Returns: the cache of the backward pass, and the output.
  func forward(
    _ frames: Matrix, affine: Affine, weights: [Matrix]
  ) -> (cache: ConvolutionCache, output: Matrix) {
    let count = patches.outputCount(forFrames: frames.rowCount)
    var cache = ConvolutionCache(
      input: frames, output: outputs(0..<count, from: frames, with: affine))
    var output = cache.output
    if convolution.isNormalized {
      cache.normalized = output.normalizeRows(gain: weights[2], bias: weights[3])
    }
    return (cache, output)
  }

  /// Runs the backward pass of a clip and adds to the gradient of the weights.
  ///
  /// - Returns: ∂loss/∂frames, [T × F · D]; nil unless it is wanted.
  func backward(
    _ cache: consuming ConvolutionCache, outputGradient: Matrix, weights: [Matrix],
    into gradient: inout NetworkParameters, wantsInputGradient: Bool
  ) -> Matrix? {
    var inner = outputGradient
    if let normalized = cache.normalized {
      LayerNormalization.backward(
        &inner, through: normalized, gain: weights[2], into: &gradient, at: first + 2)
    }
    cache.output.backward(through: convolution.activation, gradient: inner)
    let frames = cache.input
    var inputGradient = Matrix(
      rowCount: wantsInputGradient ? frames.rowCount : 0, columnCount: frames.columnCount)
    for piece in pieces(outputCount: cache.output.rowCount) {
      let rows = cache.output.rows(piece)
      let units = Matrix(
        rowCount: piece.count * patches.outputFrequencyCount,
        columnCount: convolution.channelCount, values: rows.values)
      gradient.tensors[first].matrix.addProduct(
        transposed: units, patches.patches(of: piece, from: frames))
      gradient.tensors[first + 1].matrix.add(units.columnSums())
      if wantsInputGradient {
        patches.add(units.times(weights[0]), of: piece, to: &inputGradient)
      }
    }
    return wantsInputGradient ? inputGradient : nil
  }
}

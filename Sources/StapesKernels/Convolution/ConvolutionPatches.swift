internal import CKernels

/// What the outputs of a two-dimensional convolution see: the geometry, and the way between frames
/// and patches.
///
/// A frame's row holds frequency after frequency, and within a frequency channel after channel.
/// Output t sees the frames from t · stride − padding on, and the same for frequencies; zeros
/// stand outside. A patch is what one output of one frequency sees: kernel row after kernel row, each
/// like a piece of a frame. Letters: T frames, F frequencies, D channels.
public struct ConvolutionPatches: Sendable {
  /// F: the frequencies of a frame.
  public let frequencyCount: Int
  /// D: the channels of a frequency.
  public let channelCount: Int
  /// The frames and the frequencies that an output sees.
  public let kernel: (time: Int, frequency: Int)
  /// The frames and the frequencies from an output to the next.
  public let stride: (time: Int, frequency: Int)

  /// Describes a convolution whose outputs are centred: half of what is outside lies before the
  /// first frame.
  public init(
    frequencyCount: Int, channelCount: Int, kernel: (time: Int, frequency: Int),
    stride: (time: Int, frequency: Int)
  ) {
    self.frequencyCount = frequencyCount
    self.channelCount = channelCount
    self.kernel = kernel
    self.stride = stride
  }

  /// The zero frames before the first: ⌊(kernel − 1) / 2⌋.
  public var timePadding: Int { (kernel.time - 1) / 2 }
  /// The frequencies of an output: ⌈F / stride⌉.
  public var outputFrequencyCount: Int {
    (frequencyCount + stride.frequency - 1) / stride.frequency
  }
  /// The outputs of T frames: ⌈T / stride⌉.
  public func outputCount(forFrames frameCount: Int) -> Int {
    (frameCount + stride.time - 1) / stride.time
  }
  /// The numbers in a patch.
  public var patchSize: Int { kernel.time * kernel.frequency * channelCount }

  /// The patches of some outputs.
  ///
  /// - Parameters:
  ///   - outputs: which.
  ///   - frames: [n × F · D]
  ///   - firstFrame: the number of the first of them; those before it are zero.
  /// - Returns: [outputs · output frequencies × patchSize]
  public func patches(of outputs: Range<Int>, from frames: Matrix, firstFrame: Int = 0) -> Matrix {
    precondition(
      frames.columnCount == frequencyCount * channelCount || frames.rowCount == 0,
      "\(frames.columnCount) columns")
    var geometry = geometry
    var patches = Matrix(
      rowCount: outputs.count * outputFrequencyCount, columnCount: patchSize)
    unsafe stapes_gather_patches(
      &geometry, frames.values, firstFrame, frames.rowCount, outputs.lowerBound, outputs.count,
      &patches.values)
    return patches
  }

  /// Adds the gradients of patches to those of the frames.
  ///
  /// - Parameters:
  ///   - patches: those of `outputs`, [outputs · output frequencies × patchSize].
  ///   - outputs: which.
  ///   - frames: [T × F · D]
  public func add(_ patches: Matrix, of outputs: Range<Int>, to frames: inout Matrix) {
    precondition(
      patches.rowCount == outputs.count * outputFrequencyCount && patches.columnCount == patchSize
        && frames.columnCount == frequencyCount * channelCount,
      "[\(patches.rowCount) x \(patches.columnCount)] to \(frames.columnCount) columns")
    var geometry = geometry
    let frameCount = frames.rowCount
    unsafe stapes_scatter_patches(
      &geometry, patches.values, outputs.lowerBound, outputs.count, frameCount, &frames.values)
  }

  private var geometry: stapes_convolution {
    stapes_convolution(
      frequencies: frequencyCount, channels: channelCount, kernel_time: kernel.time,
      kernel_frequency: kernel.frequency, stride_time: stride.time,
      stride_frequency: stride.frequency, pad_time: timePadding,
      pad_frequency: (kernel.frequency - 1) / 2, output_frequencies: outputFrequencyCount)
  }
}

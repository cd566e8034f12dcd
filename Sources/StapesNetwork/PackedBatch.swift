internal import StapesKernels

/// Clips stacked and packed by time: the first layer's input, and the gradients on
/// their way from it.
///
/// Letters: T frames behind the convolutions, F columns of such a frame.
struct PackedBatch: Sendable {
  let packing: TimePacking
  /// [N × stackCount · F]: each row joins `stackCount` frames; zeros stand for those past the end.
  let input: Matrix
  private let frameCounts: [Int]
  private let featureCount: Int
  private let stackCount: Int
  private let stride: Int

  /// - Parameter sequences: [T × F] each.
  init(_ sequences: [Matrix], configuration: NetworkConfiguration) {
    let featureCount = configuration.plan.stackedFeatureCount
    for sequence in sequences {
      precondition(
        sequence.columnCount == featureCount || sequence.rowCount == 0,
        "\(sequence.columnCount) features for \(featureCount)")
    }
    let (stackCount, stride) = (
      configuration.architecture.stackCount, configuration.architecture.stackStride
    )
    let frameCounts = sequences.map(\.rowCount)
    let packing = TimePacking(lengths: frameCounts.map { ($0 + stride - 1) / stride })
    let width = stackCount * featureCount
    var values = [Float]()
    values.reserveCapacity(packing.rowCount * width)
    for step in 0..<packing.stepCount {
      for sequence in packing.order.prefix(packing.rowCount(ofStep: step)) {
        let first = step * stride
        let last = min(first + stackCount, frameCounts[sequence])
        values += sequences[sequence].values[first * featureCount..<last * featureCount]
        values += repeatElement(0, count: width - (last - first) * featureCount)
      }
    }
    self.packing = packing
    self.frameCounts = frameCounts
    self.featureCount = featureCount
    self.stackCount = stackCount
    self.stride = stride
    input = Matrix(rowCount: packing.rowCount, columnCount: width, values: values)
  }

  /// The outputs of each clip: T′.
  var outputCounts: [Int] { frameCounts.map { ($0 + stride - 1) / stride } }

  /// What the layers need to know.
  func setting(
    _ architecture: NetworkArchitecture, _ precision: ProductPrecision
  ) -> LayerSetting {
    LayerSetting(packing: packing, precision: precision, truncation: architecture.truncation)
  }

  /// A packed matrix, [N × n], as one matrix a clip, [T′ × n].
  func unpacked(_ packed: Matrix) -> [Matrix] {
    var sequences = outputCounts.map {
      Matrix(rowCount: $0, columnCount: packed.columnCount)
    }
    for step in 0..<packing.stepCount {
      for position in 0..<packing.rowCount(ofStep: step) {
        sequences[packing.order[position]].copyRows(
          1, of: packed, from: packing.stepStarts[step] + position, to: step)
      }
    }
    return sequences
  }

  /// One matrix a clip, [T′ × n], as a packed matrix, [N × n].
  func packed(_ sequences: [Matrix], columnCount: Int) -> Matrix {
    precondition(
      sequences.map(\.rowCount) == outputCounts,
      "rows \(sequences.map(\.rowCount)) for clips of \(frameCounts) frames")
    var result = Matrix(rowCount: packing.rowCount, columnCount: columnCount)
    for step in 0..<packing.stepCount {
      for position in 0..<packing.rowCount(ofStep: step) {
        result.copyRows(
          1, of: sequences[packing.order[position]], from: step,
          to: packing.stepStarts[step] + position)
      }
    }
    return result
  }

  /// The gradient of the clips' features, [T × F] each, from that of `input`.
  func unstacked(_ inputGradient: Matrix) -> [Matrix] {
    zip(unpacked(inputGradient), frameCounts).map { stacked, frameCount in
      var gradient = Matrix(rowCount: frameCount, columnCount: featureCount)
      for row in 0..<stacked.rowCount {
        let first = row * stride
        for frame in first..<min(first + stackCount, frameCount) {
          for feature in 0..<featureCount {
            gradient[frame, feature] += stacked[row, (frame - first) * featureCount + feature]
          }
        }
      }
      return gradient
    }
  }
}

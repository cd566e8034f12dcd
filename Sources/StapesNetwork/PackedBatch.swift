internal import StapesKernels

/// Clips stacked and packed by time: the first layer's input, and the way back.
struct PackedBatch: Sendable {
  let packing: TimePacking
  /// [N × stackCount · F]: each row joins `stackCount` frames; zeros stand for those past the end.
  let input: Matrix
  private let frameCounts: [Int]
  private let configuration: NetworkConfiguration

  /// - Parameter sequences: [T × F] each.
  init(_ sequences: [Matrix], configuration: NetworkConfiguration) {
    for sequence in sequences {
      precondition(
        sequence.columnCount == configuration.featureCount || sequence.rowCount == 0,
        "\(sequence.columnCount) features for \(configuration.featureCount)")
    }
    let frameCounts = sequences.map(\.rowCount)
    let packing = TimePacking(
      lengths: frameCounts.map(configuration.outputFrameCount(forFrames:)))
    let width = configuration.inputCount(ofLayer: 0)
    var values = [Float]()
    values.reserveCapacity(packing.rowCount * width)
    for step in 0..<packing.stepCount {
      for sequence in packing.order.prefix(packing.rowCount(ofStep: step)) {
        let first = step * configuration.stride
        let last = min(first + configuration.stackCount, frameCounts[sequence])
        let features = configuration.featureCount
        values += sequences[sequence].values[first * features..<last * features]
        values += repeatElement(0, count: width - (last - first) * features)
      }
    }
    self.packing = packing
    self.frameCounts = frameCounts
    self.configuration = configuration
    input = Matrix(rowCount: packing.rowCount, columnCount: width, values: values)
  }

  /// A packed matrix, [N × n], as one matrix a clip, [T′ × n].
  func unpacked(_ packed: Matrix) -> [Matrix] {
    var sequences = frameCounts.map {
      Matrix(
        rowCount: configuration.outputFrameCount(forFrames: $0), columnCount: packed.columnCount)
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
      sequences.map(\.rowCount) == frameCounts.map(configuration.outputFrameCount(forFrames:)),
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
    let features = configuration.featureCount
    return zip(unpacked(inputGradient), frameCounts).map { stacked, frameCount in
      var gradient = Matrix(rowCount: frameCount, columnCount: features)
      for row in 0..<stacked.rowCount {
        let first = row * configuration.stride
        for frame in first..<min(first + configuration.stackCount, frameCount) {
          for feature in 0..<features {
            gradient[frame, feature] += stacked[row, (frame - first) * features + feature]
          }
        }
      }
      return gradient
    }
  }
}

internal import StapesKernels

/// The frames of a clip that comes in pieces, on their way to become the first layer's inputs:
/// input t joins the frames from t · stride on, and zeros stand for those past the clip's end.
struct FrameStack: Sendable {
  private let featureCount: Int
  private let stackCount: Int
  private let stride: Int
  /// The frames from the next input's first on, [n × F].
  private var waiting: RowQueue

  init(configuration: NetworkConfiguration) {
    featureCount = configuration.plan.stackedFeatureCount
    stackCount = configuration.architecture.stackCount
    stride = configuration.architecture.stackStride
    waiting = RowQueue(columnCount: featureCount)
  }

  mutating func append(_ frames: Matrix) {
    precondition(
      frames.columnCount == featureCount || frames.rowCount == 0,
      "\(frames.columnCount) features for \(featureCount)")
    waiting.append(frames)
  }

  /// The inputs whose frames are all there, [n × stackCount · F].
  mutating func takeComplete() -> Matrix {
    let count = waiting.rows.rowCount
    return take(count < stackCount ? 0 : (count - stackCount) / stride + 1)
  }

  /// The inputs of the clip's end, [n × stackCount · F]; no frame stays.
  mutating func takeRest() -> Matrix {
    let count = (waiting.rows.rowCount + stride - 1) / stride
    waiting.append(Matrix(rowCount: stackCount, columnCount: featureCount))
    defer { waiting.discard(before: waiting.end) }
    return take(count)
  }

  private mutating func take(_ count: Int) -> Matrix {
    let width = stackCount * featureCount
    var values: [Float] = []
    values.reserveCapacity(count * width)
    for index in 0..<count {
      let first = index * stride * featureCount
      values += waiting.rows.values[first..<first + width]
    }
    waiting.discard(before: waiting.start + count * stride)
    return Matrix(rowCount: count, columnCount: width, values: values)
  }
}

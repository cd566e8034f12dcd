internal import StapesKernels

/// The frames of a clip that comes in pieces, on their way to become the first layer's inputs:
/// input t joins the frames from t · stride on, and zeros stand for those past the clip's end.
struct FrameStack: Sendable {
  private let featureCount: Int
  private let stackCount: Int
  private let stride: Int
  /// The frames from the next input's first on, [frameCount × F].
  private var waiting: [Float] = []

  init(configuration: NetworkConfiguration) {
    featureCount = configuration.plan.stackedFeatureCount
    stackCount = configuration.architecture.stackCount
    stride = configuration.architecture.stackStride
  }

  private var frameCount: Int { waiting.count / featureCount }

  mutating func append(_ frames: Matrix) {
    precondition(
      frames.columnCount == featureCount || frames.rowCount == 0,
      "\(frames.columnCount) features for \(featureCount)")
    waiting += frames.values
  }

  /// The inputs whose frames are all there, [n × stackCount · F].
  mutating func takeComplete() -> Matrix {
    take(frameCount < stackCount ? 0 : (frameCount - stackCount) / stride + 1)
  }

  /// The inputs of the clip's end, [n × stackCount · F]; no frame stays.
  mutating func takeRest() -> Matrix {
    let count = (frameCount + stride - 1) / stride
    waiting += repeatElement(0, count: stackCount * featureCount)
    defer { waiting.removeAll(keepingCapacity: true) }
    return take(count)
  }

  private mutating func take(_ count: Int) -> Matrix {
    let width = stackCount * featureCount
    var values: [Float] = []
    values.reserveCapacity(count * width)
    for index in 0..<count {
      let first = index * stride * featureCount
      values += waiting[first..<first + width]
    }
    waiting.removeFirst(count * stride * featureCount)
    return Matrix(rowCount: count, columnCount: width, values: values)
  }
}

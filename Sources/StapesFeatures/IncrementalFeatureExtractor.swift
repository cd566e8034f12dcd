public import StapesKernels

/// Computes the features of a stream whose samples arrive in chunks of any size.
///
/// The rows of all `append` calls and of `finish`, one after the other, are bit for bit those of
/// `FeatureExtractor.features(of:)` for the whole clip, however it is cut into chunks. One task at a
/// time uses it.
public struct IncrementalFeatureExtractor: ~Copyable {
  /// The settings it was made with.
  public let configuration: FeatureConfiguration

  private let layout: FrameLayout
  private var analyzer: FrameAnalyzer
  private var queue: SampleQueue
  private var deltas: DeltaStream?
  private var frameCount = 0

  /// Prepares for a stream.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws.
  public init(configuration: FeatureConfiguration) throws(FeatureError) {
    try configuration.validate()
    self.configuration = configuration
    layout = configuration.layout
    analyzer = FrameAnalyzer(configuration)
    queue = SampleQueue(configuration.frames)
    deltas = Self.deltaStream(configuration)
  }

  /// Takes the next samples of the stream.
  ///
  /// - Parameter samples: mono, in -1...1, at `configuration.sampleRate`; any number of them.
  /// - Returns: [new frames × features]: the frames that are now settled, often none.
  public mutating func append(_ samples: some Collection<Float>) -> Matrix {
    queue.append(samples)
    let rows = staticRows(before: layout.completeFrameCount(forSampleCount: queue.end))
    return matrix(deltas?.append(rows) ?? rows)
  }

  /// Ends the stream; the next `append` begins another.
  ///
  /// - Returns: [last frames × features]: the frames that waited for samples or rows that do not
  ///   come.
  public mutating func finish() -> Matrix {
    let rows = staticRows(before: layout.frameCount(forSampleCount: queue.end))
    let known = deltas?.append(rows) ?? rows
    let last = deltas?.finish() ?? []
    queue = SampleQueue(configuration.frames)
    deltas = Self.deltaStream(configuration)
    frameCount = 0
    return matrix(known + last)
  }

  /// The features of the next frames, without deltas, joined.
  private mutating func staticRows(before end: Int) -> [Float] {
    var rows: [Float] = []
    rows.reserveCapacity(max(0, end - frameCount) * configuration.staticColumnCount)
    while frameCount < end {
      let start = layout.start(ofFrame: frameCount)
      let inside = start < 0 ? 0 : layout.completeFrameCount(forSampleCount: queue.end) - frameCount
      if inside > 0 {
        analyzer.append(inside, of: queue.samples, at: start - queue.start, to: &rows)
      } else {
        let frame = queue.reflectedSamples(at: start..<start + layout.frameLength)
        analyzer.append(1, of: frame, at: 0, to: &rows)
      }
      frameCount += max(1, inside)
    }
    queue.discard(before: layout.start(ofFrame: frameCount) - layout.frameLength)
    return rows
  }

  private func matrix(_ rows: [Float]) -> Matrix {
    let columnCount = configuration.columnCount
    return Matrix(rowCount: rows.count / columnCount, columnCount: columnCount, values: rows)
  }

  private static func deltaStream(_ configuration: FeatureConfiguration) -> DeltaStream? {
    configuration.deltas.map {
      DeltaStream($0, columnCount: configuration.staticColumnCount)
    }
  }
}

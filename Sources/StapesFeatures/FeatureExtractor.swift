public import StapesKernels

/// Computes the features of whole clips.
///
/// It owns the tables and the plan of the Fourier transform, so it is made once and used for many
/// clips, also with another hop or frequency warp for each. Only one task uses it; make one per
/// task.
public struct FeatureExtractor: ~Copyable {
  /// The settings it was made with.
  public var configuration: FeatureConfiguration { stream.configuration }

  private var stream: IncrementalFeatureExtractor

  /// Prepares the tables.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws.
  public init(configuration: FeatureConfiguration) throws(FeatureError) {
    stream = try IncrementalFeatureExtractor(configuration: configuration)
  }

  /// Changes the front end for the clips that follow.
  ///
  /// Where it differs in its hop and its frequency warp alone, as training varies them, all tables
  /// but the mel bands stay.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws; the front end is then as before.
  public mutating func change(to configuration: FeatureConfiguration) throws(FeatureError) {
    try stream.change(to: configuration)
  }

  /// Computes the features of one clip.
  ///
  /// - Parameter samples: mono, in -1...1, at `configuration.sampleRate`.
  /// - Returns: [frames × features], with `configuration.frameCount(forSampleCount:)` frames: none
  ///   if there are no samples, or too few for a frame.
  public mutating func features(of samples: [Float]) -> Matrix {
    var rows = stream.append(samples)
    rows.appendRows(of: stream.finish())
    return rows
  }
}

/// Computes the features of a stream whose samples arrive in chunks of any size.
///
/// The rows of all `append` calls and of `finish`, one after the other, are bit for bit those of
/// `FeatureExtractor.features(of:)` for the whole clip, however it is cut into chunks. Only one
/// task uses it.
public struct IncrementalFeatureExtractor: ~Copyable {
  /// The settings it was made with.
  public private(set) var configuration: FeatureConfiguration

  private var layout: FrameLayout { configuration.layout }
  private var analyzer: FrameAnalyzer
  private var queue: SampleQueue
  private var deltas: DeltaStream?
  private var frameCount = 0

  /// Prepares for a stream.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws.
  public init(configuration: FeatureConfiguration) throws(FeatureError) {
    try configuration.validateRanges()
    let melBands = configuration.filterBank
    let filterBank = try melBands.matrix(warp: configuration.mel.warp)
    self.configuration = configuration
    analyzer = FrameAnalyzer(configuration, melBands: melBands, filterBank: filterBank)
    queue = SampleQueue(configuration.frames)
    deltas = Self.deltaStream(configuration)
  }

  /// Changes the front end for the streams that follow.
  ///
  /// Where it differs in its hop and its frequency warp alone, as training varies them, all tables
  /// but the mel bands stay.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws; the front end is then as before.
  /// - Precondition: no stream has begun, or `finish` has ended it.
  mutating func change(to configuration: FeatureConfiguration) throws(FeatureError) {
    precondition(queue.end == 0, "\(queue.end) samples of a stream that has not ended")
    var unvaried = configuration
    unvaried.frames.hopSeconds = self.configuration.frames.hopSeconds
    unvaried.mel.warp = self.configuration.mel.warp
    guard unvaried == self.configuration else {
      self = try IncrementalFeatureExtractor(configuration: configuration)
      return
    }
    try analyzer.vary(to: configuration)
    self.configuration = configuration
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

public import StapesKernels

/// The mean and the deviation of each feature over many clips.
///
/// Sums of squares are taken around the mean, in double precision, and joined pairwise (Chan, Golub
/// and LeVeque, 1983): no digits are lost however long the clips. Clips or parts joined in the same
/// order give the same bits.
public struct FeatureStatistics: Codable, Sendable, Equatable {
  /// The number of frames seen.
  public private(set) var frameCount = 0
  /// The number of features in a frame.
  public var columnCount: Int { centres.count }

  private var centres: [Double]  // the mean of each column
  private var squares: [Double]  // the sum of squared distances from it

  /// Begins with no frames.
  public init(columnCount: Int) {
    precondition(columnCount >= 0, "\(columnCount) columns")
    centres = Array(repeating: 0, count: columnCount)
    squares = centres
  }

  /// Begins as if frames of the given means and deviations had been seen.
  init(frameCount: Int, means: [Float], deviations: [Float]) {
    precondition(
      frameCount >= 0 && means.count == deviations.count,
      "\(frameCount) frames, \(means.count) means, \(deviations.count) deviations")
    self.frameCount = frameCount
    centres = means.map(Double.init)
    squares = deviations.map { Double(frameCount) * Double($0) * Double($0) }
  }

  /// Adds the frames of a clip.
  ///
  /// - Parameter features: [frames × columnCount].
  public mutating func add(_ features: Matrix) {
    precondition(
      features.columnCount == columnCount, "\(features.columnCount) for \(columnCount) columns")
    guard features.rowCount > 0 else { return }
    var clip = FeatureStatistics(columnCount: columnCount)
    clip.frameCount = features.rowCount
    for row in 0..<features.rowCount {
      for (column, value) in features.row(row).enumerated() {
        clip.centres[column] += Double(value)
      }
    }
    for column in 0..<columnCount { clip.centres[column] /= Double(features.rowCount) }
    for row in 0..<features.rowCount {
      for (column, value) in features.row(row).enumerated() {
        let distance = Double(value) - clip.centres[column]
        clip.squares[column] += distance * distance
      }
    }
    merge(clip)
  }

  /// Adds all frames that other statistics have seen.
  public mutating func merge(_ other: FeatureStatistics) {
    precondition(other.columnCount == columnCount, "\(other.columnCount) for \(columnCount)")
    guard other.frameCount > 0 else { return }
    let (count, otherCount) = (Double(frameCount), Double(other.frameCount))
    let total = count + otherCount
    for column in 0..<columnCount {
      let distance = other.centres[column] - centres[column]
      centres[column] += distance * otherCount / total
      squares[column] += other.squares[column] + distance * distance * count * otherCount / total
    }
    frameCount += other.frameCount
  }

  /// The mean of each feature; zeros if no frames were seen.
  public var means: [Float] { centres.map(Float.init) }

  /// The standard deviation of each feature, around its mean (divided by the number of frames);
  /// zeros if no frames were seen.
  public var deviations: [Float] {
    squares.map { Float(($0 / Double(max(1, frameCount))).squareRoot()) }
  }
}

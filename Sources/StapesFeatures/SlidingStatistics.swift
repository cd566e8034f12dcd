internal import StapesKernels

/// The running means and deviations of the last frames of a stream.
///
/// Sums are kept up by adding the newest frame and taking off the oldest, and taken afresh each time
/// the window has been filled, so that errors do not add up. The operations follow the frames, not
/// the chunks they come in. Values are summed less the prior mean, for the sake of their digits.
struct SlidingStatistics: Sendable {
  private let windowLength: Int
  private let priorMeans: [Double]
  private let priorVariances: [Double]
  private var window: [Double] = []  // the last frames, oldest at `oldest`
  private var oldest = 0
  private var sums: [Double]
  private var squareSums: [Double]

  /// Begins with frames of the given means and deviations.
  init(frameCount: Int, means: [Float], deviations: [Float]) {
    precondition(
      frameCount >= 1 && means.count == deviations.count,
      "\(frameCount) frames, \(means.count) means, \(deviations.count) deviations")
    windowLength = frameCount
    priorMeans = means.map(Double.init)
    priorVariances = deviations.map { Double($0) * Double($0) }
    sums = Array(repeating: 0, count: means.count)
    squareSums = sums
  }

  /// Takes in each frame and normalises it.
  mutating func normalize(_ features: inout Matrix) {
    precondition(
      features.columnCount == sums.count,
      "\(sums.count) means for \(features.columnCount) features")
    let rowCount = features.rowCount
    normalize(&features.values, rowCount: rowCount)
  }

  private mutating func normalize(_ values: inout [Float], rowCount: Int) {
    let (columnCount, length) = (sums.count, Double(windowLength))
    for row in 0..<rowCount {
      let isFull = window.count == windowLength * columnCount
      let frame = row * columnCount
      let missing = Double(windowLength - (isFull ? windowLength : window.count / columnCount + 1))
      for column in 0..<columnCount {
        let value = Double(values[frame + column]) - priorMeans[column]
        push(value, column: column, isFull: isFull)
        let mean = sums[column] / length
        let square = (squareSums[column] + missing * priorVariances[column]) / length
        let deviation = max(0, square - mean * mean).squareRoot()
        values[frame + column] = Float(
          (value - mean) / max(deviation, Double(FeatureNormalization.leastDeviation)))
      }
      if isFull {
        oldest = (oldest + 1) % windowLength
        if oldest == 0 { takeSumsAfresh() }
      }
    }
  }

  /// Puts one value of a frame into the window, in place of the oldest if the window is full.
  private mutating func push(_ value: Double, column: Int, isFull: Bool) {
    if isFull {
      let index = oldest * sums.count + column
      sums[column] -= window[index]
      squareSums[column] -= window[index] * window[index]
      window[index] = value
    } else {
      window.append(value)
    }
    sums[column] += value
    squareSums[column] += value * value
  }

  private mutating func takeSumsAfresh() {
    let columnCount = sums.count
    for column in 0..<columnCount {
      (sums[column], squareSums[column]) = (0, 0)
      for index in stride(from: column, to: window.count, by: columnCount) {
        sums[column] += window[index]
        squareSums[column] += window[index] * window[index]
      }
    }
  }
}

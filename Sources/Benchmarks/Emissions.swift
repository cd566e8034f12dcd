internal import Foundation
internal import StapesKernels

/// What the decoders are given: ten matrices of log-probabilities, [500 × 29].
enum Emissions {
  private static let (count, frameCount, classCount) = (10, 500, 29)

  /// The file that a run of the peers leaves in the current directory.
  private static let path = "emissions.npy"

  /// The peers' emissions, or others of the same kind where the peers did not run.
  static func load() throws -> [Matrix] {
    guard FileManager.default.fileExists(atPath: path) else {
      return (0..<count).map { random(seed: UInt64($0)) }
    }
    let file = try NumpyFile(contentsOf: path)
    guard file.shape == [count, frameCount, classCount] else {
      throw NumpyFile.Fault.otherShape(file.shape, expected: [count, frameCount, classCount])
    }
    let size = frameCount * classCount
    return (0..<count).map { index in
      Matrix(
        rowCount: frameCount, columnCount: classCount,
        values: Array(file.values[index * size..<(index + 1) * size]))
    }
  }

  /// Noise in which blank leads, but for about 100 frames where some other class does.
  private static func random(seed: UInt64) -> Matrix {
    var random = SplitMix64(seed: seed)
    var emission = Matrix.normal(rowCount: frameCount, columnCount: classCount, using: &random)
    for frame in 0..<frameCount { emission[frame, 0] += 4 }
    for frame in (0..<frameCount).shuffled(using: &random).prefix(100) {
      emission[frame, 0] -= 4
      emission[frame, Int.random(in: 1..<classCount, using: &random)] += 5
    }
    emission.takeLogSoftmaxOfRows()
    return emission
  }
}

internal import StapesCTC
internal import StapesKernels

extension Benchmark {
  /// Loss and gradient of a batch, the softmax included.
  static let ctc = [
    ctc(frameCount: 400, batchSize: 16, labelCount: 60, classCount: 29),
    ctc(frameCount: 150, batchSize: 64, labelCount: 40, classCount: 28),
    ctc(frameCount: 150, batchSize: 64, labelCount: 20, classCount: 5000),
    ctc(frameCount: 800, batchSize: 32, labelCount: 100, classCount: 29),
  ]

  private static func ctc(
    frameCount: Int, batchSize: Int, labelCount: Int, classCount: Int
  ) -> Benchmark {
    let name = "t\(frameCount)-b\(batchSize)-l\(labelCount)-v\(classCount)"
    return timed("ctc", name, isSerial: true) { _ in
      var random = SplitMix64(seed: 0)
      let logits = (0..<batchSize).map { _ in
        Matrix.normal(rowCount: frameCount, columnCount: classCount, using: &random)
      }
      let labels = (0..<batchSize).map { _ in
        [Int].randomLabels(count: labelCount, classCount: classCount, using: &random)
      }
      return {
        // The gradient takes the memory of the logits, which a network makes anew at each step.
        let fresh = logits.map { matrix in
          Matrix(
            rowCount: matrix.rowCount, columnCount: matrix.columnCount,
            values: matrix.values.map { $0 })
        }
        return measureLosses(of: fresh, labels: labels)
      }
    }
  }

  private static func measureLosses(of logits: consuming [Matrix], labels: [[Int]]) -> Duration {
    let start = ContinuousClock.now
    _ = CTC.losses(logits: logits, labels: labels)
    return ContinuousClock.now - start
  }
}

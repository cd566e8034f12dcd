internal import StapesKernels
internal import StapesTraining

extension Benchmark {
  /// Loss and gradient of a batch, the softmax included, in shards as a step of training has them.
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
      let options = TrainingOptions()
      let shards = BatchPlan.shards(of: batchSize, largestSize: options.shardSize)
      return {
        // The gradients take the memory of the logits, which a network makes anew at each step.
        let fresh = shards.map { shard in
          shard.map { clip in
            Matrix(
              rowCount: frameCount, columnCount: classCount, values: logits[clip].values.map { $0 })
          }
        }
        return measureLosses(of: fresh, labels: shards.map { Array(labels[$0]) })
      }
    }
  }

  private static func measureLosses(
    of shards: consuming [[Matrix]], labels: [[[Int]]]
  ) -> Duration {
    let start = ContinuousClock.now
    for (index, labels) in labels.enumerated() {
      var logits: [Matrix] = []
      swap(&logits, &shards[index])
      _ = TrainingOptions.Task.transcribe.losses(logits: consume logits, labels: labels)
    }
    return ContinuousClock.now - start
  }
}

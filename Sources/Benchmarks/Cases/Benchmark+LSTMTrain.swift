internal import StapesKernels

extension Benchmark {
  /// Steps of training with clips of one length, and again with products in bfloat16 where the
  /// processor has instructions for them.
  static let lstmTrain = ProductPrecision.allCases.filter(\.isSupported).flatMap { precision in
    NetworkShape.all.map { shape in
      timed("lstm-train", shape.name(in: precision), peerName: shape.name) { threadCount in
        let step = try TrainingWork(shape, precision: precision, threadCount: threadCount)
        return step.take
      }
    }
  }
}

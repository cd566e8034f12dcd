extension Benchmark {
  /// Steps of training with clips of one length.
  static let lstmTrain = NetworkShape.all.map { shape in
    timed("lstm-train", shape.name) { threadCount in
      let step = try TrainingWork(shape, threadCount: threadCount)
      return step.take
    }
  }
}

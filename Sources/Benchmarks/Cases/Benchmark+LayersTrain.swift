extension Benchmark {
  /// Steps of training with layers other than LSTM.
  static let layersTrain = NetworkShape.others.map { work, shape in
    var benchmark = timed(work, shape.name) { threadCount in
      let step = try TrainingWork(shape, threadCount: threadCount)
      return step.take
    }
    benchmark.isPeerOfProject = true
    return benchmark
  }
}

extension Benchmark {
  /// Steps of training with layers other than LSTM.
  static let layersTrain = NetworkShape.others.map { shape in
    Benchmark(work: "layers-train", name: shape.name, isOwn: true) { settings in
      let work = try TrainingWork(shape, threadCount: settings.threadCount)
      let times = try await repeated(work.take, seconds: settings.seconds)
      return [Measurement(value: median(times) * 1e3, unit: "ms")]
    }
  }
}

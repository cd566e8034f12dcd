internal import StapesNetwork

extension Benchmark {
  /// The way forward and the log-softmax.
  static let lstmInfer = NetworkShape.all.map { shape in
    timed("lstm-infer", shape.name) { threadCount in
      let network = try shape.network()
      let clips = shape.clips()
      return {
        await ContinuousClock().measure {
          _ = await network.logProbabilities(of: clips, threadCount: threadCount)
        }
      }
    }
  }
}

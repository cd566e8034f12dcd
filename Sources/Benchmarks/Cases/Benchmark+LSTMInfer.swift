internal import StapesKernels
internal import StapesNetwork

extension Benchmark {
  /// The forward pass and the log-softmax, with weights packed once, as a recogniser holds them; and
  /// again with products in bfloat16 where the processor has instructions for them.
  static let lstmInfer = ProductPrecision.allCases.filter(\.isSupported).flatMap { products in
    NetworkShape.all.map { shape in
      timed("lstm-infer", shape.name(in: products), peerName: shape.name) { threadCount in
        let network = InferenceNetwork(try shape.network(), products: products)
        let clips = shape.clips()
        return {
          await ContinuousClock().measure {
            _ = await network.logProbabilities(of: clips, threadCount: threadCount)
          }
        }
      }
    }
  }
}

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

extension Benchmark {
  /// 200 single frames, the state carried from one to the next, with weights stored in each
  /// precision.
  ///
  /// The peers run the LSTM layers alone; here the linear output of 29 classes, 0.3 % of the
  /// weights, is part of the time.
  static let lstmStream = WeightPrecision.allCases.map { precision in
    let shape = NetworkShape.stream
    return timed(
      "lstm-stream", shape.name(in: precision), peerName: shape.name, isSerial: true
    ) { _ in
      let network = InferenceNetwork(
        StoredNetwork(try shape.network(), precision: precision))
      let frames = shape.clips().flatMap { clip in
        (0..<clip.rowCount).map { clip.rows($0..<$0 + 1) }
      }
      return {
        try ContinuousClock().measure {
          var stream = try NetworkStream(network)
          for frame in frames { _ = stream.logits(of: frame) }
        }
      }
    }
  }
}

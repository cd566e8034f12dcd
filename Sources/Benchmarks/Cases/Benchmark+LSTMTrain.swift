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

extension Benchmark {
  /// Steps of training over three batches of clips of unequal lengths, as in an epoch.
  static let lstmVaried = [
    timed("lstm-varied", NetworkShape.largest.name) { threadCount in
      let step = try TrainingWork(
        .largest, lengths: variedLengths.map { $0.reversed() }, threadCount: threadCount)
      return step.take
    }
  ]

  /// Frames of the clips of each batch, 100 to 400, those of about one length together: in NumPy,
  /// `sort(random.default_rng(0).integers(100, 401, 96)).reshape(3, 32)[:, ::-1]`.
  private static let variedLengths = [
    [
      215, 214, 213, 207, 201, 198, 196, 193, 192, 190, 183, 181, 179, 177, 176, 168,
      152, 152, 140, 137, 126, 124, 122, 121, 112, 110, 108, 106, 104, 102, 101, 100,
    ],
    [
      301, 301, 295, 295, 294, 291, 290, 287, 285, 282, 278, 274, 272, 268, 266, 263,
      262, 259, 258, 258, 253, 251, 251, 246, 244, 238, 227, 227, 221, 218, 217, 217,
    ],
    [
      400, 395, 392, 385, 381, 381, 374, 367, 367, 363, 359, 358, 356, 354, 354, 352,
      345, 344, 342, 330, 329, 328, 319, 319, 317, 316, 316, 314, 311, 307, 306, 302,
    ],
  ]
}

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

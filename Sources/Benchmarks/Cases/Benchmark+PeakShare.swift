internal import StapesKernels

extension Benchmark {
  /// How much of the machine's speed at large matrix products a step of training reaches.
  static let peakShare = NetworkShape.all.map { shape in
    Benchmark(work: "lstm-peak", name: shape.name, isOwn: true) { settings in
      let step = try TrainingWork(shape, threadCount: settings.threadCount)
      let products = LargeProducts(threadCount: settings.threadCount)
      let times = try await alternated(step.take, products.multiply, seconds: settings.seconds)
      let share = shape.stepOperationCount / products.operationCount / times.ratio
      return [
        Measurement(quantity: "share of the peak", value: share * 100, unit: "%"),
        Measurement(
          quantity: "peak of matrix products",
          value: products.operationCount / times.second / 1e9, unit: "GFLOP/s"),
        try .peakMemory(),
      ]
    }
  }
}

/// Large matrix products, one on each thread: the fastest work that there is.
private struct LargeProducts: Sendable {
  private let threadCount: Int
  private let factor: Matrix

  private static let size = 2048

  init(threadCount: Int) {
    self.threadCount = threadCount
    factor = Matrix(rowCount: Self.size, columnCount: Self.size, repeating: 1e-3)
  }

  /// The floating-point operations of one repetition.
  var operationCount: Double {
    let size = Double(Self.size)
    return Double(threadCount) * 2 * size * size * size
  }

  /// Multiplies; the time is that of the slowest thread.
  func multiply() async -> Duration {
    await withTaskGroup(of: Duration.self) { tasks in
      for _ in 0..<threadCount {
        tasks.addTask {
          var product = factor
          product.values[0] = 0
          return ContinuousClock().measure { product.addProduct(factor, transposed: factor) }
        }
      }
      return await tasks.reduce(.zero) { max($0, $1) }
    }
  }
}

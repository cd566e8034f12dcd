public import StapesKernels

extension InferenceNetwork {
  /// How many clips go through the network together at most: as many rows as the recurrent product
  /// computes at once.
  private var largestGroup: Int { products == .float32 ? 8 : 16 }

  /// The log-probabilities of the classes for many clips, computed by several child tasks.
  ///
  /// The results are the same on any number of threads; none depends on the other clips.
  ///
  /// - Parameters:
  ///   - sequences: each clip's features, [T × F]; a clip may be empty.
  ///   - threadCount: the number of child tasks, at least 1; more than there are cores do not help.
  /// - Returns: for each clip, [T′ × C], natural logs whose exponentials sum to 1 in each row; no
  ///   clips give none.
  public func logProbabilities(of sequences: [Matrix], threadCount: Int) async -> [Matrix] {
    precondition(threadCount >= 1, "\(threadCount) threads")
    // Clips of about one length together: a step of few rows costs as much as a full one.
    let order = sequences.indices.sorted {
      (sequences[$1].rowCount, $0) < (sequences[$0].rowCount, $1)
    }
    // Tasks take groups of clips, or, of fewer clips than tasks, share in the layers.
    let sharesLayers = order.count < threadCount
    let (taskCount, threadsPerTask) = sharesLayers ? (1, threadCount) : (threadCount, 1)
    let groupSize = min(largestGroup, (order.count + threadCount - 1) / threadCount)
    var waiting = stride(from: 0, to: order.count, by: max(groupSize, 1)).map { start in
      Array(order[start..<min(start + groupSize, order.count)])
    }.makeIterator()
    var results = [Matrix](
      repeating: Matrix(rowCount: 0, columnCount: configuration.classCount),
      count: sequences.count)
    await withTaskGroup(of: [(Int, Matrix)].self) { tasks in
      func begin() {
        guard let group = waiting.next() else { return }
        tasks.addTask {
          let logits = await logits(
            of: group.map { sequences[$0] }, threadCount: threadsPerTask)
          return zip(group, logits).map { index, logits in
            var logProbabilities = logits
            logProbabilities.takeLogSoftmaxOfRows()
            return (index, logProbabilities)
          }
        }
      }
      for _ in 0..<taskCount { begin() }
      for await finished in tasks {
        begin()
        for (index, matrix) in finished { results[index] = matrix }
      }
    }
    return results
  }

  /// The logits of some clips that go through the network together, computed by several child tasks.
  ///
  /// Layers of one direction are worked on side by side, and so are the directions of the others.
  ///
  /// - Parameters:
  ///   - sequences: each clip's features, [T × F]; a clip may be empty.
  ///   - threadCount: the number of child tasks, at least 1.
  /// - Returns: for each clip, [T′ × C]: those of `logits(of:)`, to the last bit.
  public func logits(of sequences: [Matrix], threadCount: Int) async -> [Matrix] {
    guard threadCount > 1 else { return logits(of: sequences) }
    let batch = packedBatch(of: sequences)
    let packing = batch.packing
    var (input, position) = (batch.input, 0)
    while position < layers.count, packing.rowCount > 0 {
      let run = layers[position...].prefix(while: \.layer.isCausal)
      if run.count > 1 {
        let gateCount = run.map(\.layer.widestColumnCount).max() ?? 1
        input = await LayerPipeline(over: packing, gateCount: gateCount).outputs(
          of: run, input: input, threadCount: threadCount)
      } else {
        input = await layers[position].concurrentOutputs(of: input, packing: packing)
      }
      position += max(run.count, 1)
    }
    return packing.rowCount > 0 ? logits(behind: input, of: batch) : logits(of: sequences)
  }
}

internal import StapesKernels

/// Layers of one direction, computed in parallel: while one layer is at a stretch of time, the layer
/// above is at the stretch before.
///
/// One clip alone thus keeps several processors busy. Letters: N rows of the packing.
struct LayerPipeline {
  private let packing: TimePacking
  /// The steps of each stretch of time.
  private let stretches: [Range<Int>]

  /// How many rows a product should at least have to run at its full speed.
  private static let fullRowCount = 8
  /// How many stretches there are at least, where the clips are long enough, so that the layers'
  /// first and last stretches, when not all of them have work, are a small part.
  private static let wantedStretchCount = 24

  /// Divides the time of some clips.
  ///
  /// - Parameters:
  ///   - packing: how the clips lie, at least one step.
  ///   - gateCount: the most columns of any layer's gates.
  init(over packing: TimePacking, gateCount: Int) {
    self.packing = packing
    let widest = packing.rowCount(ofStep: 0)
    let fewest = (Self.fullRowCount + widest - 1) / widest
    let most = max(fewest, RecurrentSweep.cachedGateCount / (gateCount * widest))
    let length = min(max(fewest, packing.stepCount / Self.wantedStretchCount), most)
    stretches = stride(from: 0, to: packing.stepCount, by: length).map { first in
      first..<min(first + length, packing.stepCount)
    }
  }

  /// What a task made.
  private struct Work: Sendable {
    let layer: Int
    let stream: InferenceLayerStream
    let output: Matrix
  }

  /// Runs the layers.
  ///
  /// - Parameters:
  ///   - layers: layers that neither read from the end nor look ahead, at least one.
  ///   - input: [N × inputs], packed.
  ///   - threadCount: the number of child tasks.
  /// - Returns: the last layer's outputs, [N × outputs].
  func outputs(
    of layers: ArraySlice<InferenceLayer>, input: Matrix, threadCount: Int
  ) async -> Matrix {
    let clipCount = packing.rowCount(ofStep: 0)
    // A layer that is at work has lent its stream to the task.
    var streams: [InferenceLayerStream?] = layers.map {
      InferenceLayerStream($0, clipCount: clipCount)
    }
    var done = [Int](repeating: 0, count: layers.count)
    var outputs = [[Matrix]](repeating: [], count: layers.count)
    await withTaskGroup(of: Work.self) { tasks in
      /// Starts the highest layer that can go on, so that no stretch waits long for the next layer.
      func begin() {
        for layer in streams.indices.reversed() {
          let stretch = done[layer]
          guard stretch < stretches.count, layer == 0 || done[layer - 1] > stretch,
            let stream = streams[layer]
          else { continue }
          streams[layer] = nil
          let below = layer == 0 ? rows(of: stretch, in: input) : outputs[layer - 1][stretch]
          if layer > 0 { outputs[layer - 1][stretch] = Matrix(rowCount: 0, columnCount: 0) }
          tasks.addTask { work(on: below, layer: layer, stretch: stretch, stream: stream) }
          return
        }
      }
      for _ in 0..<threadCount { begin() }
      while let work = await tasks.next() {
        streams[work.layer] = work.stream
        outputs[work.layer].append(work.output)
        done[work.layer] += 1
        // The work may have freed two layers: itself and the one above.
        let running = streams.count { $0 == nil }
        for _ in running..<threadCount { begin() }
      }
    }
    return Matrix(joiningRowsOf: outputs[layers.count - 1])
  }

  private func rows(of stretch: Int, in input: Matrix) -> Matrix {
    let steps = stretches[stretch]
    return input.rows(packing.stepStarts[steps.lowerBound]..<packing.stepStarts[steps.upperBound])
  }

  private func work(
    on input: Matrix, layer: Int, stretch: Int, stream: consuming InferenceLayerStream
  ) -> Work {
    let output = stream.outputs(
      of: input, rowCounts: stretches[stretch].map { packing.rowCount(ofStep: $0) })
    return Work(layer: layer, stream: stream, output: output)
  }
}

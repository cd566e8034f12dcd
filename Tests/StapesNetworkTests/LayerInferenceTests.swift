import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// Recognition with every kind of layer: alone, in batches, in pieces, and rounded.
@Suite struct LayerInferenceTests {
  static let forward = [
    "12 dense, 9 dense tanh norm", "9 elman, 9 elman relu residual", "2x9 lstm peepholes",
    "17 lstm project 5, 9 lstm peepholes project 8 norm", "2x20 gru",
    "stack 3 stride 2, 2x9 gru reset-before",
    "9 gru, look-ahead 3, 9 gru norm residual, look-ahead 1 norm",
    "conv 4 kernel 5x3 stride 2x2, conv 3 kernel 4x2 clipped 2 norm, stack 2 stride 2, 9 gru",
    "conv 2 kernel 2x2 stride 3x1, 9 lstm, look-ahead 2",
  ]
  static let both = [
    "2x9 elman both", "20 gru both, 9 gru reset-before both norm",
    "conv 2 kernel 3x3, 9 lstm project 4 peepholes both",
  ]

  func network(_ text: String, _ generator: inout SplitMix64) throws -> Network {
    try Network(
      configuration: NetworkConfiguration(
        featureCount: 5, architecture: try NetworkArchitecture(text), classCount: 7),
      using: &generator)
  }

  @Test(arguments: forward)
  func `pieces of any size give the logits of the whole, to the last bit`(text: String) throws {
    var generator = SplitMix64(seed: 3)
    let network = InferenceNetwork(try network(text, &generator))
    // One stream processes all clips, so that each begins anew.
    var stream = try NetworkStream(network)
    for frameCount in Array(0...14) + [40] {
      let clip = randomMatrix(rowCount: frameCount, columnCount: 5, using: &generator)
      let whole = network.logits(of: [clip])[0]
      #expect(whole.rowCount == network.configuration.outputFrameCount(forFrames: frameCount))
      for largest in [1, 3, frameCount + 1] {
        var (found, start) = (Matrix(rowCount: 0, columnCount: 7), 0)
        while start < frameCount {
          let end = min(start + Int.random(in: 1...largest, using: &generator), frameCount)
          found.appendRows(of: stream.logits(of: clip.rows(start..<end)))
          start = end
        }
        let early = found.rowCount
        found.appendRows(of: stream.finish())
        #expect(found == whole, "\(frameCount) frames in pieces up to \(largest)")
        #expect(frameCount < 40 || early > 0)
      }
    }
  }

  @Test(arguments: forward + both)
  func `a clip's logits are the same bits in any batch, and those of training`(text: String) throws
  {
    var generator = SplitMix64(seed: 5)
    let network = try network(text, &generator)
    let inference = InferenceNetwork(network)
    let clips = [10, 31, 0, 2, 31, 17, 90, 4, 5, 33, 60].map {
      randomMatrix(rowCount: $0, columnCount: 5, using: &generator)
    }
    let together = inference.logits(of: clips)
    let training = network.forward(clips, dropoutSeed: 1).logits
    for (index, clip) in clips.enumerated() {
      #expect(inference.logits(of: [clip])[0] == together[index])
      #expect(largestDifference(training[index], together[index]) < 2e-5)
    }
  }

  @Test(arguments: forward + both)
  func `tasks that share the layers give the same bits`(text: String) async throws {
    var generator = SplitMix64(seed: 7)
    let inference = InferenceNetwork(try network(text, &generator))
    for lengths in [[0], [1], [200], [10, 31, 0, 2, 31, 17, 90, 4, 5, 33, 60]] {
      let clips = lengths.map { randomMatrix(rowCount: $0, columnCount: 5, using: &generator) }
      let alone = inference.logits(of: clips)
      for threadCount in [1, 2, 3, 7] {
        #expect(await inference.logits(of: clips, threadCount: threadCount) == alone)
      }
    }
  }

  @Test(arguments: both)
  func `a bidirectional network takes only whole clips`(text: String) throws {
    var generator = SplitMix64(seed: 6)
    let network = try network(text, &generator)
    #expect(throws: NetworkError.self) { try NetworkStream(InferenceNetwork(network)) }
  }

  @Test(arguments: forward + both)
  func `quantised weights are near`(text: String) throws {
    var generator = SplitMix64(seed: 8)
    let network = try network(text, &generator)
    let clip = randomMatrix(rowCount: 30, columnCount: 5, using: &generator)
    let exact = network.logits(of: [clip])[0]
    for precision in [WeightPrecision.bfloat16, .int8] {
      let stored = StoredNetwork(network, precision: precision)
      var difference = InferenceNetwork(stored).logits(of: [clip])[0]
      difference.add(exact, times: -1)
      let share = (difference.squaredNorm / exact.squaredNorm).squareRoot()
      #expect(share > 1e-5 && share < 0.05, "\(precision): \(share)")
    }
  }
}

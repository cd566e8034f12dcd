import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// Recognition with packed weights: alone, in batches and in pieces.
@Suite struct InferenceTests {
  func configuration(
    stack: Int = 3, stride: Int = 3, bothDirections: Bool = false, hidden: Int = 9
  ) -> NetworkConfiguration {
    NetworkConfiguration(
      featureCount: 5, stackCount: stack, stride: stride, layerCount: 2, hiddenSize: hidden,
      isBidirectional: bothDirections, dropout: 0, classCount: 7)
  }

  /// The logits of a clip that comes in pieces of these sizes.
  func logits(
    of clip: Matrix, inPiecesOf sizes: [Int], from stream: inout NetworkStream
  ) -> Matrix {
    var (found, start) = (Matrix(rowCount: 0, columnCount: 7), 0)
    for size in sizes {
      found.appendRows(of: stream.logits(of: clip.rows(start..<start + size)))
      start += size
    }
    found.appendRows(of: stream.finish())
    return found
  }

  @Test(arguments: [(1, 1), (3, 3), (3, 2), (4, 1), (5, 3)])
  func `pieces of any size give the logits of the whole, to the last bit`(stack: Int, stride: Int)
    throws
  {
    var generator = SplitMix64(seed: UInt64(10 * stack + stride))
    for hidden in [1, 9, 40] {
      let network = InferenceNetwork(
        try Network(
          configuration: configuration(stack: stack, stride: stride, hidden: hidden),
          using: &generator))
      // One stream processes all clips, so that each begins anew.
      var stream = try NetworkStream(network)
      for frameCount in 0...12 {
        let clip = randomMatrix(rowCount: frameCount, columnCount: 5, using: &generator)
        let whole = network.logits(of: [clip])[0]
        let single = Array(repeating: 1, count: frameCount)
        #expect(logits(of: clip, inPiecesOf: single, from: &stream) == whole)
        #expect(logits(of: clip, inPiecesOf: [frameCount], from: &stream) == whole)
        for _ in 0..<6 {
          var (sizes, left) = ([0], frameCount)
          while left > 0 {
            sizes.append(Int.random(in: 0...left, using: &generator))
            left -= sizes[sizes.count - 1]
          }
          #expect(logits(of: clip, inPiecesOf: sizes, from: &stream) == whole, "\(sizes)")
        }
      }
    }
  }

  @Test func `an output comes with the last of its frames`() throws {
    var generator = SplitMix64(seed: 4)
    let network = try Network(
      configuration: configuration(stack: 3, stride: 2), using: &generator)
    var stream = try NetworkStream(InferenceNetwork(network))
    let frame = Matrix(rowCount: 1, columnCount: 5)
    let counts = (0..<8).map { _ in stream.logits(of: frame).rowCount }
    #expect(counts == [0, 0, 1, 0, 1, 0, 1, 0])
    // Frames 6 and 7 are there; output 3 would take 6 to 8.
    #expect(stream.finish().rowCount == 1)
    #expect(stream.finish().rowCount == 0)
  }

  @Test(arguments: [false, true])
  func `a clip's logits are the same bits in any batch`(bothDirections: Bool) throws {
    var generator = SplitMix64(seed: 5)
    let network = try Network(
      configuration: configuration(bothDirections: bothDirections, hidden: 20), using: &generator)
    let inference = InferenceNetwork(network)
    let clips = [10, 31, 0, 2, 31, 17, 90, 4, 5, 33, 60].map {
      randomMatrix(rowCount: $0, columnCount: 5, using: &generator)
    }
    let together = inference.logits(of: clips)
    let training = network.forward(clips, dropoutSeed: 1).logits
    for (index, clip) in clips.enumerated() {
      #expect(inference.logits(of: [clip])[0] == together[index])
      #expect(largestDifference(training[index], together[index]) < 1e-5)
    }
    #expect(network.logits(of: clips) == together)
  }

  @Test(.enabled(if: ProductPrecision.bfloat16.isSupported, "no bfloat16 instructions here"))
  func `products in bfloat16 are near those of floats, and the same bits in any batch`() throws {
    var generator = SplitMix64(seed: 7)
    for bothDirections in [false, true] {
      let network = try Network(
        configuration: configuration(bothDirections: bothDirections, hidden: 40),
        using: &generator)
      let inference = InferenceNetwork(network, products: .bfloat16)
      let clips = [10, 31, 0, 2, 31, 17, 90, 4, 5, 33, 60].map {
        randomMatrix(rowCount: $0, columnCount: 5, using: &generator)
      }
      let together = inference.logits(of: clips)
      let inFloats = network.logits(of: clips)
      let training = network.forward(clips, dropoutSeed: 1, precision: .bfloat16).logits
      for (index, clip) in clips.enumerated() {
        #expect(inference.logits(of: [clip])[0] == together[index])
        #expect(largestDifference(training[index], together[index]) < 1e-5)
        var difference = together[index]
        difference.add(inFloats[index], times: -1)
        let share = (difference.squaredNorm / max(inFloats[index].squaredNorm, 1e-9)).squareRoot()
        #expect(clip.rowCount == 0 ? share == 0 : (1e-5..<0.02).contains(share), "\(share)")
      }
      guard !bothDirections else { continue }
      var stream = try NetworkStream(inference)
      let pieces = [1, 0, 7, 2, 50]
      #expect(logits(of: clips[10], inPiecesOf: pieces, from: &stream) == together[10])
    }
  }

  @Test func `a bidirectional network takes only whole clips`() throws {
    var generator = SplitMix64(seed: 6)
    let network = try Network(
      configuration: configuration(bothDirections: true), using: &generator)
    #expect(throws: NetworkError.self) { try NetworkStream(InferenceNetwork(network)) }
  }
}

import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// What training does to a network: fresh weights, noise, and masks.
@Suite struct RegularizationTests {
  func network(_ text: String, features: Int = 30) throws -> Network {
    var generator = SplitMix64(seed: 2)
    return try Network(
      configuration: NetworkConfiguration(
        featureCount: features, architecture: try NetworkArchitecture(text), classCount: 7),
      using: &generator)
  }

  func tensor(_ name: String, of network: Network) throws -> Matrix {
    try #require(network.parameters.tensors.first { $0.name == name }?.matrix)
  }

  @Test func `fresh weights are as the architecture says`() throws {
    let identity = Matrix(
      rowCount: 40, columnCount: 40, values: (0..<1600).map { $0 % 41 == 0 ? 1 : 0 })
    let le = try network("40 elman relu, init identity")
    #expect(try tensor("layers.0.forward.recurrent", of: le) == identity)
    let gru = try tensor("layers.0.forward.recurrent", of: network("40 gru"))
    for gate in [gru.rows(0..<40), gru.rows(40..<80)] {
      #expect(largestDifference(gate.timesTransposed(gate), identity) < 1e-5)
    }
    let glorot = try tensor("layers.0.forward.recurrent", of: network("40 elman, init glorot"))
    let bound = (Float(6) / 80).squareRoot()
    #expect(glorot.values.allSatisfy { abs($0) <= bound })
    #expect(abs(glorot.squaredNorm / 1600 - Double(bound * bound / 3)) < 0.002)
    let he = try tensor("layers.0.weights", of: network("400 dense, init he"))
    #expect(abs(he.squaredNorm / 12_000 - 2 / 30) < 0.003)
    let uniform = try tensor("layers.0.forward.input", of: network("40 lstm, init uniform 0.1"))
    #expect(uniform.values.allSatisfy { abs($0) <= 0.1 } && uniform.values.contains { $0 > 0.09 })
    let taps = try tensor("layers.1.taps", of: network("4 gru, look-ahead 1"))
    #expect(taps.values == [1, 1, 1, 1, 0, 0, 0, 0])
  }

  @Test func `noise is added to weights, of the deviation that is asked for`() throws {
    let network = try network("40 gru norm, weight-noise 0.25")
    let noisy = network.withWeightNoise(seed: 1)
    #expect(noisy.parameters == network.withWeightNoise(seed: 1).parameters)
    #expect(noisy.parameters != network.withWeightNoise(seed: 2).parameters)
    for (tensor, original) in zip(noisy.parameters.tensors, network.parameters.tensors) {
      var noise = tensor.matrix
      noise.add(original.matrix, times: -1)
      let isVector = tensor.matrix.rowCount == 1
      let variance = noise.squaredNorm / Double(noise.values.count)
      #expect(isVector ? variance == 0 : abs(variance - 0.0625) < 0.02, "\(tensor.name)")
    }
    let quiet = try self.network("40 gru")
    #expect(quiet.withWeightNoise(seed: 1).parameters == quiet.parameters)
  }

  /// With dense units that copy their input, an output shows which units were dropped.
  @Test func `masks of whole clips stay the same over time and differ between clips`() throws {
    var network = try network("30 dense, dropout 0.5 whole-clip", features: 30)
    for index in network.parameters.tensors.indices {
      var matrix = network.parameters.tensors[index].matrix
      matrix.scale(by: 0)
      if matrix.rowCount > 1 {
        for unit in 0..<matrix.rowCount { matrix[unit, unit] = 1 }
      }
      network.parameters.tensors[index].matrix = matrix
    }
    let clips = [4, 9, 1].map { Matrix(rowCount: $0, columnCount: 30, repeating: 1) }
    func masks(_ seed: UInt64) -> [Matrix] { network.forward(clips, dropoutSeed: seed).logits }
    var dropped = 0
    for seed in 0..<50 as Range<UInt64> {
      let logits = masks(seed)
      for matrix in logits {
        for row in 0..<matrix.rowCount { #expect(Array(matrix.row(row)) == Array(matrix.row(0))) }
        #expect(matrix.values.allSatisfy { $0 == 0 || $0 == 2 })
        dropped += matrix.row(0).count { $0 == 0 }
      }
    }
    #expect(abs(Double(dropped) / Double(50 * 3 * 7) - 0.5) < 0.05)
    #expect(masks(1) != masks(2))
    #expect(masks(3)[0].rows(0..<1) != masks(3)[1].rows(0..<1))
  }

  @Test func `the work of a network is that of its products`() throws {
    let conv = "conv 4 kernel 3x5 stride 2x2, stack 3 stride 3, "
    let configuration = NetworkConfiguration(
      featureCount: 9, architecture: try NetworkArchitecture(conv + "8 gru both, 6 lstm project 4"),
      classCount: 7)
    // Five frequencies of four channels, each of 15 products, for every other frame.
    let convolution = 5.0 * 4 * 15 / 2
    let gru = 2 * (3 * 8 * (3 * 20 + 8))
    let lstm = 4 * 6 * (16 + 4) + 4 * 6
    let rest = Double(gru + lstm + 7 * 4) / 6
    #expect(abs(configuration.multiplyAddCountPerFrame - (convolution + rest)) < 1e-9)
    #expect(configuration.stride == 6)
    // The first output joins the convolution's outputs 0 to 2, which lie on frames 0, 2 and 4.
    #expect(configuration.firstOutputMiddle == 2)
  }
}

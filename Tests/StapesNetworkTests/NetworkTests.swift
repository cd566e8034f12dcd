import Glibc
import StapesKernels
import StapesNetwork
import TestSupport
import Testing

@Suite struct NetworkTests {
  let configuration = NetworkConfiguration(
    featureCount: 5, layerCount: 2, hiddenSize: 20, isBidirectional: true, dropout: 0,
    classCount: 7)

  @Test func aClipsLogitsDoNotDependOnItsBatch() throws {
    var generator = SplitMix64(seed: 1)
    let network = try Network(configuration: configuration, using: &generator)
    let clips = [10, 31, 0, 2, 31, 17].map {
      randomMatrix(rowCount: $0, columnCount: 5, using: &generator)
    }
    let together = network.logits(of: clips)
    for (clip, found) in zip(clips, together) {
      let alone = network.logits(of: [clip])[0]
      #expect(found.rowCount == (clip.rowCount + 2) / 3)
      #expect(largestDifference(found, alone) < 1e-5)
    }
    for (trained, found) in zip(network.forward(clips, dropoutSeed: 9).logits, together) {
      #expect(largestDifference(trained, found) < 1e-5)
    }
    #expect(network.logits(of: []).isEmpty)
  }

  @Test func logProbabilitiesAreThoseOfTheLogitsOnAnyNumberOfThreads() async throws {
    var generator = SplitMix64(seed: 6)
    let network = try Network(configuration: configuration, using: &generator)
    let clips = (0..<19).map {
      randomMatrix(rowCount: $0 * 11 % 19, columnCount: 5, using: &generator)
    }
    let inference = InferenceNetwork(network)
    let found = await inference.logProbabilities(of: clips, threadCount: 1)
    for (logits, found) in zip(network.logits(of: clips), found) {
      var expected = logits
      expected.values = (0..<logits.rowCount).flatMap { row in
        let sum = logits.row(row).reduce(0) { $0 + exp(Double($1)) }
        return logits.row(row).map { $0 - Float(log(sum)) }
      }
      #expect(largestDifference(found, expected) < 1e-5)
    }
    #expect(found.count == clips.count)
    for threadCount in [2, 5] {
      #expect(await inference.logProbabilities(of: clips, threadCount: threadCount) == found)
    }
    #expect(await inference.logProbabilities(of: [], threadCount: 2).isEmpty)
  }

  @Test func freshWeightsAreAsDescribed() throws {
    var generator = SplitMix64(seed: 2)
    let network = try Network(configuration: configuration, using: &generator)
    let tensors = Dictionary(
      uniqueKeysWithValues: network.parameters.tensors.map { ($0.name, $0.matrix) })
    let recurrent = try #require(tensors["layers.1.backward.recurrent"])
    for gate in 0..<4 {
      let rows = recurrent.rows(gate * 20..<(gate + 1) * 20)
      let identity = Matrix(
        rowCount: 20, columnCount: 20, values: (0..<400).map { $0 % 21 == 0 ? 1 : 0 })
      #expect(largestDifference(rows.timesTransposed(rows), identity) < 1e-5)
    }
    let bias = try #require(tensors["layers.0.forward.bias"])
    #expect(bias.values == (0..<80).map { (20..<40).contains($0) ? 1 : 0 })
    let input = try #require(tensors["layers.0.forward.input"])
    let bound = (Float(6) / (15 + 20)).squareRoot()
    #expect(input.values.allSatisfy { abs($0) <= bound })
    // The variance of a uniform distribution is bound²/3.
    #expect(abs(input.squaredNorm / Double(80 * 15) - Double(bound * bound / 3)) < 0.01)
  }

  @Test func dropoutKeepsTheMeanAndDependsOnItsSeed() throws {
    var shape = configuration
    shape.architecture = try NetworkArchitecture("20 lstm both, dropout 0.3")
    var generator = SplitMix64(seed: 3)
    let network = try Network(configuration: shape, using: &generator)
    let clip = randomMatrix(rowCount: 4, columnCount: 5, using: &generator)
    let expected = network.logits(of: [clip])[0]
    var mean = Matrix(rowCount: 4, columnCount: 7)
    for seed in 0..<4000 {
      mean.add(network.forward([clip], dropoutSeed: UInt64(seed)).logits[0], times: 1 / 4000)
    }
    #expect(largestDifference(mean, expected) < 0.02)
    let one = network.forward([clip], dropoutSeed: 1).logits
    #expect(one == network.forward([clip], dropoutSeed: 1).logits)
    #expect(one != network.forward([clip], dropoutSeed: 2).logits)
  }

  @Test func wrongShapesAreNamed() throws {
    var generator = SplitMix64(seed: 4)
    var shape = configuration
    shape.architecture.stackStride = 5
    #expect(throws: NetworkError.self) { try shape.validate() }
    let good = try Network(configuration: configuration, using: &generator)
    var parameters = good.parameters
    parameters.tensors[1].matrix = Matrix(rowCount: 1, columnCount: 1)
    #expect(
      throws: NetworkError.weightsDiffer(
        name: "layers.0.forward.recurrent", found: "[1 x 1]", expected: "[80 x 20]")
    ) { try Network(configuration: configuration, parameters: parameters) }
    parameters = good.parameters
    parameters.tensors.swapAt(0, 1)
    #expect(throws: NetworkError.self) {
      try Network(configuration: configuration, parameters: parameters)
    }
    parameters.tensors.removeLast()
    #expect(throws: NetworkError.self) {
      try Network(configuration: configuration, parameters: parameters)
    }
  }
}

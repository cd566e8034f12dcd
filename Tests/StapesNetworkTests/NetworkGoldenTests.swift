import StapesCTC
import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// Outputs, losses and all gradients against PyTorch's; `scripts/reference/lstm.py` made the files
/// and tells their form.
@Suite struct NetworkGoldenTests {
  struct GoldenMatrix: Decodable {
    let rows: Int
    let columns: Int
    let values: [Float]

    var matrix: Matrix { Matrix(rowCount: rows, columnCount: columns, values: values) }
  }

  struct Golden: Decodable {
    let layerCount: Int
    let hiddenSize: Int
    let inputSize: Int
    let isBidirectional: Bool
    let parameters: [GoldenMatrix]
    let inputs: [GoldenMatrix]
    let outputs: [GoldenMatrix]
    let loss: Double
    let parameterGradients: [GoldenMatrix]
    let inputGradients: [GoldenMatrix]
    let outputWeights: [GoldenMatrix]?
    let stackCount: Int?
    let stride: Int?
    let classCount: Int?
    let labels: [[Int]]?
    let losses: [Double]?

    init(_ name: String) throws {
      self = try goldenValues("network/\(name)")
    }

    /// The network; where the file has no linear output, that is the identity.
    func network() throws -> Network {
      let width = hiddenSize * (isBidirectional ? 2 : 1)
      let configuration = NetworkConfiguration(
        featureCount: inputSize, stackCount: stackCount ?? 1, stride: stride ?? 1,
        layerCount: layerCount, hiddenSize: hiddenSize, isBidirectional: isBidirectional,
        dropout: 0, classCount: classCount ?? width)
      var all = NetworkParameters.zeros(for: configuration)
      for (position, golden) in parameters.enumerated() {
        all.tensors[position].matrix = golden.matrix
      }
      if classCount == nil {
        for unit in 0..<width { all.tensors[parameters.count].matrix[unit, unit] = 1 }
      }
      return try Network(configuration: configuration, parameters: all)
    }
  }

  /// Whether two matrices agree within a relative 1e-4, small elements within an absolute 1e-5.
  func agree(_ found: Matrix, _ golden: GoldenMatrix) -> Bool {
    found.rowCount == golden.rows && found.columnCount == golden.columns
      && zip(found.values, golden.values).allSatisfy { abs($0 - $1) <= 1e-5 + 1e-4 * abs($1) }
  }

  @Test(arguments: ["unidirectional", "bidirectional", "batch"])
  func layersAgreeWithPyTorch(name: String) throws {
    let golden = try Golden(name)
    let network = try golden.network()
    let weights = try #require(golden.outputWeights)
    let pass = network.forward(golden.inputs.map(\.matrix), dropoutSeed: 0)
    for (found, expected) in zip(pass.logits, golden.outputs) { #expect(agree(found, expected)) }
    check(network, pass, logitGradients: weights.map(\.matrix), golden)
  }

  @Test func theWholeRecipeAgreesWithPyTorch() throws {
    let golden = try Golden("recipe")
    let network = try golden.network()
    let labels = try #require(golden.labels)
    let pass = network.forward(golden.inputs.map(\.matrix), dropoutSeed: 0)
    for (found, expected) in zip(pass.logits, golden.outputs) { #expect(agree(found, expected)) }
    let losses = zip(pass.logits, labels).map { CTC.loss(logits: $0, labels: $1) }
    for (found, expected) in zip(losses, try #require(golden.losses)) {
      #expect(abs(found.loss - expected) < 1e-4 * expected)
    }
    check(network, pass, logitGradients: losses.map(\.gradient), golden)
  }

  /// Each product's factors are rounded by up to 1 part in 256.
  @Test(.enabled(if: ProductPrecision.bfloat16.isSupported, "no bfloat16 instructions here"))
  func gradientsInBFloat16AreNearPyTorchs() throws {
    let golden = try Golden("batch")
    let network = try golden.network()
    let weights = try #require(golden.outputWeights)
    let pass = network.forward(
      golden.inputs.map(\.matrix), dropoutSeed: 0, precision: .bfloat16)
    var gradient = NetworkParameters.zeros(for: network.configuration)
    network.backward(pass, logitGradients: weights.map(\.matrix), into: &gradient)
    for (found, expected) in zip(gradient.tensors, golden.parameterGradients) {
      var difference = found.matrix
      difference.add(expected.matrix, times: -1)
      let ratio = (difference.squaredNorm / expected.matrix.squaredNorm).squareRoot()
      #expect(ratio > 0 && ratio < 0.02, "\(found.name): \(ratio)")
    }
  }

  func check(_ network: Network, _ pass: ForwardPass, logitGradients: [Matrix], _ golden: Golden) {
    var gradient = NetworkParameters.zeros(for: network.configuration)
    let inputGradients = network.backward(
      pass, logitGradients: logitGradients, into: &gradient, wantsInputGradients: true)
    #expect(golden.parameterGradients.count >= 6 && golden.inputGradients.count >= 1)
    for (found, expected) in zip(gradient.tensors, golden.parameterGradients) {
      #expect(agree(found.matrix, expected), "\(found.name)")
    }
    for (found, expected) in zip(inputGradients, golden.inputGradients) {
      #expect(agree(found, expected))
    }
  }
}

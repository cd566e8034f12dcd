import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// Every kind of layer against PyTorch: outputs and all gradients; `scripts/reference/layers.py`
/// made the file and tells its form.
@Suite struct LayerGoldenTests {
  struct Golden: Decodable, CustomTestStringConvertible {
    let architecture: String
    let featureCount: Int
    let classCount: Int
    let parameters: [NetworkGoldenTests.GoldenMatrix]
    let inputs: [NetworkGoldenTests.GoldenMatrix]
    let outputs: [NetworkGoldenTests.GoldenMatrix]
    let outputWeights: [NetworkGoldenTests.GoldenMatrix]
    let parameterGradients: [NetworkGoldenTests.GoldenMatrix]
    let inputGradients: [NetworkGoldenTests.GoldenMatrix]

    var testDescription: String { architecture }

    static var all: [Golden] {
      get throws { try goldenValues("network/layers") }
    }

    func network() throws -> Network {
      let configuration = NetworkConfiguration(
        featureCount: featureCount, architecture: try NetworkArchitecture(architecture),
        classCount: classCount)
      let shapes = NetworkParameters.shapes(for: configuration)
      return try Network(
        configuration: configuration,
        parameters: NetworkParameters(
          tensors: zip(shapes, parameters).map { NamedMatrix(name: $0.name, matrix: $1.matrix) }))
    }
  }

  /// Whether two matrices agree within a relative 1e-4, small elements within an absolute 1e-5.
  func agree(_ found: Matrix, _ golden: NetworkGoldenTests.GoldenMatrix) -> Bool {
    found.rowCount == golden.rows && found.columnCount == golden.columns
      && zip(found.values, golden.values).allSatisfy { abs($0 - $1) <= 1e-5 + 1e-4 * abs($1) }
  }

  @Test(arguments: try Golden.all)
  func `outputs and gradients are PyTorch's`(golden: Golden) throws {
    let network = try golden.network()
    let clips = golden.inputs.map(\.matrix)
    let pass = network.forward(clips, dropoutSeed: 0)
    for (found, expected) in zip(pass.logits, golden.outputs) { #expect(agree(found, expected)) }
    for (found, expected) in zip(network.logits(of: clips), golden.outputs) {
      #expect(agree(found, expected))
    }
    var gradient = NetworkParameters.zeros(for: network.configuration)
    let inputGradients = network.backward(
      pass, logitGradients: golden.outputWeights.map(\.matrix), into: &gradient,
      wantsInputGradients: true)
    #expect(inputGradients.count == golden.inputGradients.count)
    for (found, expected) in zip(gradient.tensors, golden.parameterGradients) {
      #expect(agree(found.matrix, expected), "\(found.name)")
    }
    for (found, expected) in zip(inputGradients, golden.inputGradients) {
      #expect(agree(found, expected))
    }
  }

  /// Each product's factors are rounded by up to 1 part in 256.
  @Test(
    .enabled(if: ProductPrecision.bfloat16.isSupported, "no bfloat16 instructions here"),
    arguments: try Golden.all)
  func `gradients in bfloat16 are near PyTorch's`(golden: Golden) throws {
    let network = try golden.network()
    let pass = network.forward(
      golden.inputs.map(\.matrix), dropoutSeed: 0, precision: .bfloat16)
    var gradient = NetworkParameters.zeros(for: network.configuration)
    network.backward(
      pass, logitGradients: golden.outputWeights.map(\.matrix), into: &gradient)
    var (error, size) = (0.0, 0.0)
    for (found, expected) in zip(gradient.tensors, golden.parameterGradients) {
      var difference = found.matrix
      difference.add(expected.matrix, times: -1)
      error += difference.squaredNorm
      size += expected.matrix.squaredNorm
    }
    #expect(error > 0 && (error / size).squareRoot() < 0.05, "\((error / size).squareRoot())")
  }
}

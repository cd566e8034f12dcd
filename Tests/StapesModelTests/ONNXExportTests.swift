import Foundation
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesText
import TestSupport
import Testing

/// Exported graphs, computed as ONNX's operators are defined.
@Suite struct ONNXExportTests {
  /// A network with what PyTorch makes of some clips; `scripts/reference/layers.py` made them.
  struct Golden: Decodable, CustomTestStringConvertible {
    struct Values: Decodable {
      let rows: Int
      let columns: Int
      let values: [Float]

      var matrix: Matrix { Matrix(rowCount: rows, columnCount: columns, values: values) }
    }

    let architecture: String
    let featureCount: Int
    let classCount: Int
    let parameters: [Values]
    let inputs: [Values]
    let outputs: [Values]

    var testDescription: String { architecture }

    static var all: [Golden] {
      get throws { try goldenValues("network/layers") }
    }
  }

  /// A model of a network, with as many mel bands as it takes features.
  private func model(
    _ network: Network, normalization: FeatureNormalization = .none
  ) throws -> SpeechModel {
    var features = FeatureConfiguration(sampleRate: 8000)
    features.mel.bandCount = network.configuration.featureCount
    let letters = ["a", "b", "é", " "].prefix(network.configuration.classCount - 1)
    return SpeechModel(
      features: features, normalization: normalization,
      alphabet: try Alphabet(characters: Array(letters)), textNormalization: TextNormalization(),
      network: network, provenance: Provenance(summary: "Random", licence: "CC0 1.0"))
  }

  private func network(_ architecture: String, featureCount: Int = 3) throws -> Network {
    var generator = SplitMix64(seed: 5)
    let configuration = NetworkConfiguration(
      featureCount: featureCount, architecture: try NetworkArchitecture(architecture),
      classCount: 3)
    var network = try Network(configuration: configuration, using: &generator)
    for index in network.parameters.tensors.indices {
      let matrix = network.parameters.tensors[index].matrix
      network.parameters.tensors[index].matrix = randomMatrix(
        rowCount: matrix.rowCount, columnCount: matrix.columnCount, using: &generator)
    }
    return network
  }

  private func outputs(of file: [UInt8], for features: Matrix) throws -> Matrix {
    let input = ONNXTensor(
      shape: [features.rowCount, features.columnCount], values: features.values.map(Double.init))
    let output = try ONNXInterpreter.outputs(of: ONNXFile(file).graph, inputs: [input])[0]
    return Matrix(
      rowCount: output.shape[0], columnCount: output.shape[1], values: output.values.map(Float.init)
    )
  }

  private func logSoftmax(_ logits: Matrix) -> Matrix {
    var result = logits
    result.takeLogSoftmaxOfRows()
    return result
  }

  @Test(arguments: try Golden.all)
  func `the graph gives what PyTorch does`(golden: Golden) throws {
    let configuration = NetworkConfiguration(
      featureCount: golden.featureCount,
      architecture: try NetworkArchitecture(golden.architecture), classCount: golden.classCount)
    let shapes = NetworkParameters.shapes(for: configuration)
    let network = try Network(
      configuration: configuration,
      parameters: NetworkParameters(
        tensors: zip(shapes, golden.parameters).map {
          NamedMatrix(name: $0.name, matrix: $1.matrix)
        }))
    let file = try model(network).serializedONNX
    for (input, output) in zip(golden.inputs, golden.outputs) {
      let found = try outputs(of: file, for: input.matrix)
      #expect(largestDifference(found, logSoftmax(output.matrix)) < 1e-5)
    }
  }

  @Test(arguments: [
    "4 lstm both, pool last", "4 gru, pool last", "4 elman both, pool mean",
    "4 elman clipped 0.5 both", "stack 3 stride 2, 4 lstm peepholes project 2 both norm",
    "4 dense, 4 dense residual",
  ])
  func `the graph gives what the network does`(architecture: String) throws {
    let network = try network(architecture)
    let file = try model(network).serializedONNX
    var generator = SplitMix64(seed: 1)
    for count in [1, 2, 5, 6] {
      let clip = randomMatrix(rowCount: count, columnCount: 3, using: &generator)
      let expected = logSoftmax(network.logits(of: [clip])[0])
      #expect(largestDifference(try outputs(of: file, for: clip), expected) < 1e-5)
    }
  }

  @Test(
    arguments: [
      .none, .perClip, .global(means: [1, -2, 0.5], deviations: [2, 0.5, 0]),
      .sliding(frameCount: 4, means: [1, -2, 0.5], deviations: [2, 0.5, 0.1]),
      .smoothed(frameCount: 4, means: [1, -2, 0.5], deviations: [2, 0.5, 0]),
      .sliding(frameCount: 1, means: [1, -2, 0.5], deviations: [2, 0.5, 0.1]),
    ] as [FeatureNormalization])
  func `features are normalised in the graph`(normalization: FeatureNormalization) throws {
    let network = try network("4 dense tanh")
    let file = try model(network, normalization: normalization).serializedONNX
    var generator = SplitMix64(seed: 2)
    for count in [1, 3, 9] {
      let clip = randomMatrix(rowCount: count, columnCount: 3, using: &generator)
      var normalized = clip
      normalization.apply(to: &normalized)
      let expected = logSoftmax(network.logits(of: [normalized])[0])
      #expect(largestDifference(try outputs(of: file, for: clip), expected) < 1e-4)
    }
  }

  @Test func `the file says what goes in and comes out`() throws {
    let network = try network("stack 2 stride 2, 4 gru")
    let file = try ONNXFile(try model(network).serializedONNX)
    #expect(file.formatVersion == 8 && file.operatorVersion == 17 && file.producer == "stapes")
    #expect(file.graph.inputs == [ONNXFile.Border(name: "features", sizes: ["frames", "3"])])
    #expect(
      file.graph.outputs == [ONNXFile.Border(name: "log_probabilities", sizes: ["outputs", "3"])])
    let metadata = file.metadata
    #expect(metadata["alphabet"] == #"["a","b"]"#)
    #expect(metadata["sample_rate"] == "8000" && metadata["stride"] == "2")
    #expect(metadata["frame_length"] == "200" && metadata["hop_length"] == "80")
    #expect(metadata["network"] == "stack 2 stride 2, 4 gru" && metadata["licence"] == "CC0 1.0")
    let features = try JSONDecoder().decode(
      FeatureConfiguration.self, from: Data((metadata["features"] ?? "").utf8))
    #expect(features.mel.bandCount == 3)
  }

  @Test(arguments: [WeightPrecision.int8, .bfloat16])
  func `quantised weights are widened`(precision: WeightPrecision) throws {
    let whole = try model(network("4 lstm both"))
    let rounded = try whole.quantized(to: precision)
    let widened = zip(
      NetworkParameters.shapes(for: rounded.network.configuration), rounded.network.weights
    ).map { NamedMatrix(name: $0.name, matrix: $1.matrix) }
    let expected = try model(
      Network(
        configuration: rounded.network.configuration,
        parameters: NetworkParameters(tensors: widened)))
    #expect(rounded.serializedONNX == expected.serializedONNX)
    #expect(rounded.serializedONNX != whole.serializedONNX)
  }

  @Test func `an example is two tensors`() throws {
    try withTemporaryFolder { folder in
      let (input, output) = (folder + "/in.pb", folder + "/out.pb")
      let features = Matrix(rowCount: 2, columnCount: 1, values: [1.5, -2])
      let results = Matrix(rowCount: 1, columnCount: 2, values: [-0.25, -3])
      try SpeechModel.writeONNXExample(
        features: features, to: input, logProbabilities: results, to: output)
      for (path, name, matrix) in [
        (input, "features", features), (output, "log_probabilities", results),
      ] {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let tensor = try ONNXTensor(bytes: bytes[...])
        #expect(tensor.name == name && tensor.shape == [matrix.rowCount, matrix.columnCount])
        #expect(tensor.values == matrix.values.map(Double.init))
      }
    }
  }
}

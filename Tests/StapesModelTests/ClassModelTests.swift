import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesScoring
import StapesText
import Testing

/// Models that tell clips apart.
@Suite struct ClassModelTests {
  private func model(
    _ labels: [String], pooled: Bool = true, precision: WeightPrecision = .float32
  ) throws -> SpeechModel {
    var random = SplitMix64(seed: 3)
    let network = try Network(
      configuration: NetworkConfiguration(
        featureCount: smallFeatures.columnCount,
        architecture: try NetworkArchitecture(pooled ? "3 gru, pool mean" : "3 gru"),
        classCount: labels.count),
      using: &random)
    return SpeechModel(
      features: smallFeatures, normalization: .perClip, outputs: .classes(labels),
      textNormalization: TextNormalization(letterCase: .keep), network: network)
  }

  @Test(arguments: [["no", "yes"], ["Ja!", "ничего 🙂", "\"a, b\"", "go on"]])
  func labelsOfAnyScriptComeBack(labels: [String]) throws {
    let model = try model(labels)
    #expect(model.alphabet.characters.isEmpty)
    let bytes = model.serialized()
    let back = try SpeechModel(serialized: bytes)
    #expect(back.outputs == .classes(labels))
    #expect(back.network == model.network && back.serialized() == bytes)
    let small = try SpeechModel(serialized: try model.quantized(to: .int8).serialized())
    #expect(small.outputs == .classes(labels))
  }

  @Test func modelsOfCharactersAreWrittenAsBefore() throws {
    let bytes = try smallModel().serialized()
    let file = try Safetensors(bytes: bytes.span)
    #expect(file.metadata["classes"] == nil && file.metadata["stapes_format"] == "1")
    #expect(try SpeechModel(serialized: file.serialized()).outputs.labels == nil)
  }

  @Test(arguments: [
    ("classes", "[\"no\",\"no\"]"), ("classes", "[\"no\",\"\"]"), ("classes", "[\"no\"]"),
    ("classes", "[\"no\",\"y\\u0007\"]"), ("classes", "7"), ("stapes_format", "3"),
    (
      "network",
      """
      {"architecture":"3 gru","classCount":2,"featureCount":\(smallFeatures.columnCount)}
      """
    ),
  ])
  func unusableLabelsAreRefused(key: String, value: String) throws {
    let bytes = try model(["no", "yes"]).serialized()
    var file = try Safetensors(bytes: bytes.span)
    file.metadata[key] = value
    file.metadata["checksum"] = file.checksum
    #expect(throws: ModelFault.self) { try SpeechModel(serialized: file.serialized()) }
  }

  @Test func textsAndLabelsHaveTheirClasses() throws {
    let classes = ModelOutputs.classes(["a b", "c"])
    #expect(classes.classes(of: "a b") == [0] && classes.classes(of: "c") == [1])
    #expect(classes.classes(of: "a") == nil && classes.classCount == 2)
    let characters = ModelOutputs.characters(try Alphabet(characters: ["a", "b"]))
    #expect(characters.classes(of: "ba") == [2, 1] && characters.classes(of: "c") == nil)
    #expect(classes.edits(reference: "a b", hypothesis: "c").words.errors == 1)
    #expect(characters.edits(reference: "a b", hypothesis: "b").characters.errors == 2)
  }
}

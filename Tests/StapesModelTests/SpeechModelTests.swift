import FoundationEssentials
import StapesDecoding
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesText
import TestSupport
import Testing

@Suite struct SpeechModelTests {
  @Test func `is the same after writing and reading, in every part`() throws {
    let features = smallFeatures.columnCount
    let values = (0..<features).map { Float($0 + 1) / 3 }
    let normalizations: [FeatureNormalization] = [
      .none, .perClip, .global(means: values, deviations: values.map(abs)),
      .smoothed(frameCount: 100, means: values, deviations: values.map(abs)),
      .sliding(frameCount: 300, means: values, deviations: values.map(abs)),
    ]
    for normalization in normalizations {
      let model = try smallModel(normalization: normalization)
      try withTemporaryFolder { folder in
        try model.write(to: folder + "/m.safetensors")
        let back = try SpeechModel(contentsOf: folder + "/m.safetensors")
        #expect(back.features == model.features)
        #expect(back.normalization == model.normalization)
        #expect(back.alphabet == model.alphabet)
        #expect(back.vocabulary == ["a", "cé"])
        #expect(back.textNormalization == model.textNormalization)
        #expect(back.network == model.network)
        #expect(try back.network.network().parameters == model.network.network().parameters)
        #expect(back.provenance == model.provenance)
      }
    }
  }

  @Test func `a model without a vocabulary has none after writing and reading`() throws {
    let file = try Safetensors(bytes: smallModel(vocabulary: nil).serialized().span)
    #expect(file.metadata["vocabulary"] == nil)
    #expect(try SpeechModel(serialized: file.serialized()).vocabulary == nil)
  }

  @Test func `what a language model counts is kept, and absent where nothing is known`() throws {
    var model = try smallModel()
    #expect(try Safetensors(bytes: model.serialized().span).metadata["language_weights"] == nil)
    #expect(try SpeechModel(serialized: model.serialized()).languageWeights == nil)
    for penalty in [nil, 2.5] {
      let weights = LanguageWeights(
        languageWeight: 0.7, wordBonus: -1.5, unknownWordPenalty: penalty, labelPriorWeight: 0.8)
      model.languageWeights = weights
      #expect(try SpeechModel(serialized: model.serialized()).languageWeights == weights)
    }
    #expect(try SpeechModel(serialized: model.serialized()).languageModel == nil)
    model.languageModel = UsualLanguageModel(of: "english", furtherWords: ["eltinge", "zoë"])
    #expect(try SpeechModel(serialized: model.serialized()).languageModel == model.languageModel)
    // A file that does not know of priors takes nothing back.
    model.languageWeights = nil
    var older = try Safetensors(bytes: model.serialized().span)
    older.metadata["language_weights"] = #"{"languageWeight":0.7,"wordBonus":-1.5}"#
    older.metadata["checksum"] = older.checksum
    #expect(
      try SpeechModel(serialized: older.serialized()).languageWeights
        == LanguageWeights(languageWeight: 0.7, wordBonus: -1.5, labelPriorWeight: 0))
    let negative = #"{"languageWeight":-1,"wordBonus":0}"#
    guard
      case .unusableSetting("language_weights", _) = try fault({
        $0.metadata["language_weights"] = negative
      })
    else {
      Issue.record("a negative weight was taken")
      return
    }
  }

  @Test func `label priors are kept, and refused where they are not of the classes`() throws {
    var model = try smallModel()
    #expect(try Safetensors(bytes: model.serialized().span).metadata["label_priors"] == nil)
    let counts = (0..<model.outputs.classCount).map { Double($0 * $0) }
    model.labelPriors = LabelPriors(counts: [counts])
    #expect(try SpeechModel(serialized: model.serialized()).labelPriors == model.labelPriors)
    for wrong in [Array(counts.dropLast()), counts + [1]] {
      model.labelPriors = LabelPriors(counts: [wrong])
      let bytes = model.serialized()
      #expect(throws: ModelFault.self) { try SpeechModel(serialized: bytes) }
    }
    guard
      case .unusableSetting("label_priors", _) = try fault({
        let positive = counts.map { _ in "1" }.joined(separator: ",")
        $0.metadata["label_priors"] = #"{"logProbabilities":["# + positive + "]}"
      })
    else {
      Issue.record("priors above 1 were taken")
      return
    }
  }

  @Test(arguments: [#"["x"]"#, #"["a c"]"#, #"[""]"#])
  func `a vocabulary that the alphabet cannot write is refused`(words: String) throws {
    guard case .unusableSetting("vocabulary", _) = try fault({ $0.metadata["vocabulary"] = words })
    else {
      Issue.record("\(words) was taken")
      return
    }
  }

  @Test func `the same model gives the same bytes, and keeps them through a file`() throws {
    let bytes = try smallModel().serialized()
    #expect(try smallModel().serialized() == bytes)
    #expect(try SpeechModel(serialized: bytes).serialized() == bytes)
  }

  @Test func `a file cut anywhere is refused`() throws {
    let bytes = try smallModel().serialized()
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: ModelFault.self) { try SpeechModel(serialized: Array(bytes[..<length])) }
    }
    #expect(throws: ModelFault.self) { try SpeechModel(serialized: bytes.dropLast()) }
    #expect(throws: ModelFault.self) { try SpeechModel(serialized: bytes + [0]) }
  }

  /// Every bit that carries meaning is tried; spaces that pad the header may change to other
  /// white space without harm.
  @Test func `a file with a byte altered anywhere is refused`() throws {
    var bytes = try smallModel().serialized()
    let headerLength = Int(bytes[0]) + Int(bytes[1]) << 8
    let padding = bytes[..<(8 + headerLength)].reversed().prefix { $0 == 0x20 }.count
    for index in stride(from: 0, to: bytes.count, by: 3) {
      if (8 + headerLength - padding..<8 + headerLength).contains(index) { continue }
      let bit = UInt8(1) << (index % 8)
      bytes[index] ^= bit
      #expect(throws: ModelFault.self, "byte \(index)") { try SpeechModel(serialized: bytes) }
      bytes[index] ^= bit
    }
  }

  @Test func `a changed weight or letter is told by the checksum`() throws {
    let model = try smallModel()
    var bytes = model.serialized()
    bytes[bytes.count - 1] ^= 1
    #expect(throws: ModelFault.altered) { try SpeechModel(serialized: bytes) }

    var file = try Safetensors(bytes: model.serialized().span)
    let alphabet = try #require(file.metadata["alphabet"])
    file.metadata["alphabet"] = alphabet.replacing("c", with: "x")
    #expect(throws: ModelFault.altered) { try SpeechModel(serialized: file.serialized()) }
  }

  /// Changes a model's content, and signs it again, so that the change itself must be noticed.
  func fault(_ change: (inout Safetensors) throws -> Void) throws -> ModelFault? {
    var file = try Safetensors(bytes: smallModel().serialized().span)
    try change(&file)
    file.metadata["checksum"] = file.checksum
    do throws(ModelFault) {
      _ = try SpeechModel(serialized: file.serialized())
      return nil
    } catch {
      return error
    }
  }

  @Test func `says what differs`() throws {
    #expect(try fault { _ in } == nil)
    #expect(
      try fault { $0.metadata["stapes_format"] = "5" }
        == .unknownFormat(found: "5", supported: "1 to 4"))
    for key in ["features", "normalization", "alphabet", "text", "network", "provenance"] {
      #expect(try fault { $0.metadata[key] = nil } == .missingMetadata(key: key))
      #expect(
        try fault { $0.metadata[key] = "{" }
          == .unusableSetting(key: key, detail: "not proper JSON"))
    }
    #expect(try fault { $0.metadata = [:] } == .missingMetadata(key: "stapes_format"))
    #expect(
      try fault { $0.metadata["network"]?.replace("\"layerCount\":1,", with: "") }
        == .unusableSetting(key: "network", detail: "`layerCount` is missing"))
    #expect(
      try fault { $0.metadata["alphabet"] = #"["a","b","c"]"# }
        == .mismatch(what: "classes of the network", expected: 4, found: 5))
    #expect(
      try fault { $0.metadata["alphabet"] = #"["a","\u001b","c","d"]"# }
        == .unusableSetting(key: "alphabet", detail: "it holds a control character"))
    #expect(
      try fault { $0.metadata["normalization"] = #"{"global":{"means":[1],"deviations":[1]}}"# }
        != nil)
  }

  @Test func `says which weights differ`() throws {
    #expect(
      try fault { $0.tensors[1].values[3] = .nan }
        == .notFinite(tensor: "layers.0.forward.recurrent"))
    #expect(
      try fault { $0.tensors[2].values[0] = -.infinity }
        == .notFinite(tensor: "layers.0.forward.bias"))
    #expect(
      try fault { $0.tensors[1].shape.swapAt(0, 1) }
        == .wrongTensor(
          name: "layers.0.forward.recurrent", expected: "[20, 5]", found: "[5, 20]"))
    #expect(
      try fault { $0.tensors.removeLast() }
        == .wrongTensor(name: "output.bias", expected: "[1, 5]", found: "missing"))
    #expect(
      try fault { $0.tensors.append(Safetensors.Tensor(name: "more", shape: [0], values: [])) }
        == .wrongTensor(name: "more", expected: "absent", found: "[0]"))
  }

  @Test func `a network too large for any machine is refused before it is made`() throws {
    let fault = try fault { file in
      file.metadata["network"]?.replace("\"hiddenSize\":5", with: "\"hiddenSize\":16384")
      file.metadata["network"]?.replace("\"layerCount\":1", with: "\"layerCount\":32")
    }
    guard case .wrongTensor(let name, _, _) = fault else {
      Issue.record("\(String(describing: fault))")
      return
    }
    #expect(name == "layers.0.forward.input")
  }

  @Test func `the checksum is FNV-1a over words of 64 bits`() {
    // From the definition, by hand: offset basis, then for each word xor and multiply.
    let file = Safetensors(metadata: ["checksum": "left out"], tensors: [])
    #expect(file.checksum == "fnv1a64-words:cbf29ce484222325")
    let one = Safetensors(metadata: ["": ""], tensors: [])
    // Two empty texts are two words of 0: two multiplications by the prime.
    let twice: UInt64 = 0xCBF2_9CE4_8422_2325 &* 0x100_0000_01B3 &* 0x100_0000_01B3
    #expect(one.checksum == "fnv1a64-words:0" + String(twice, radix: 16))
  }
}

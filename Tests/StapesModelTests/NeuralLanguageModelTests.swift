import FoundationEssentials
import Glibc
import StapesDecoding
import StapesKernels
import StapesModel
import StapesNetwork
import TestSupport
import Testing

@Suite struct NeuralLanguageModelTests {
  /// A model of random weights, larger than those that training begins with.
  static func model(
    _ characters: [String] = ["a", "b", " ", "é"], layerCount: Int = 2, hiddenSize: Int = 7
  ) throws -> NeuralLanguageModel {
    var generator = SplitMix64(seed: 5)
    var network = try Network(
      configuration: NeuralLanguageModel.configuration(
        characterCount: characters.count, layerCount: layerCount, hiddenSize: hiddenSize,
        dropout: 0.1),
      using: &generator)
    for index in network.parameters.tensors.indices {
      network.parameters.tensors[index].matrix.scale(by: 2)
    }
    return try NeuralLanguageModel(
      characters: characters, network: network, provenance: Provenance(summary: "ab"))
  }

  /// ln P by the network's own way through a whole text.
  private func expected(_ text: String, by model: NeuralLanguageModel) -> [Float] {
    let count = model.network.configuration.classCount
    let tokens = text.map { model.characters.firstIndex(of: String($0)).map { $0 + 2 } ?? 1 }
    var input = Matrix(rowCount: 0, columnCount: count)
    for token in [0] + tokens {
      input.appendRow((0..<count).map { $0 == token ? 1 : 0 as Float })
    }
    let logits = model.network.logits(of: [input])[0]
    return (tokens + [0]).enumerated().map { row, token in
      let sum = logits.row(row).reduce(0.0) { $0 + exp(Double($1)) }
      return Float(Double(logits[row, token]) - log(sum))
    }
  }

  @Test func `letters with signs are divided unless the model has them whole`() throws {
    let divided = try Self.model(["न", "\u{93F}", " "])
    #expect(divided.tokens(of: "नि न") == [2, 3, 4, 2])
    let whole = try Self.model(["न", "नि", " "])
    #expect(whole.tokens(of: "नि न") == [3, 4, 2])
  }

  @Test(arguments: [1, 2, 3])
  func `step by step, and for many texts at once, it says what the network says of each`(
    layerCount: Int
  ) throws {
    let model = try Self.model(layerCount: layerCount)
    let texts = ["ab a", "", "é", "abba baab", "axb", "bbbbbbbbbbbbbbb"]
    let all = model.logProbabilities(of: texts)
    var places = texts.map { _ in model.begin }
    var steps = texts.map { _ in [Float]() }
    for index in 0...15 {
      let waiting = texts.indices.filter { texts[$0].count > index }
      for text in waiting {
        let token = model.tokens(of: texts[text])[index]
        steps[text].append(places[text].logProbabilities[token])
      }
      let next = model.predictions(
        after: waiting.map { (before: places[$0], token: model.tokens(of: texts[$0])[index]) })
      for (text, place) in zip(waiting, next) { places[text] = place }
    }
    for (index, text) in texts.enumerated() {
      steps[index].append(places[index].logProbabilities[model.endToken])
      for (found, expected) in zip(all[index], expected(text, by: model)) {
        #expect(abs(found - expected) < 1e-5, "\(text)")
      }
      for (found, expected) in zip(steps[index], all[index]) {
        #expect(abs(found - expected) < 1e-5, "\(text)")
      }
      #expect(all[index].count == text.count + 1 && steps[index].count == text.count + 1)
    }
  }

  @Test func `a file holds the model, and no part of one`() throws {
    try withTemporaryFolder { folder in
      let (model, path) = (try Self.model(), folder + "/lm.safetensors")
      try model.write(to: path)
      let read = try NeuralLanguageModel(contentsOf: path)
      #expect(
        read.characters == model.characters && read.network.parameters == model.network.parameters)
      #expect(read.provenance == model.provenance && read.serialized() == model.serialized())
      let bytes = model.serialized()
      for count in [0, 7, 8, 200, bytes.count / 2, bytes.count - 1] {
        try write(Array(bytes.prefix(count)), to: path)
        #expect(throws: ModelError.self, "\(count) bytes") {
          try NeuralLanguageModel(contentsOf: path)
        }
      }
      var altered = bytes
      altered[bytes.count - 3] ^= 1
      try write(altered, to: path)
      #expect(throws: ModelError.refused(path: path, fault: .altered)) {
        try NeuralLanguageModel(contentsOf: path)
      }
      try ToneLanguage.model().write(to: path)
      #expect(throws: ModelError.refused(path: path, fault: .notLanguageModel)) {
        try NeuralLanguageModel(contentsOf: path)
      }
    }
  }

  @Test func `characters and a network that do not fit are refused`() throws {
    let network = try Self.model().network
    #expect(throws: ModelFault.self) {
      try NeuralLanguageModel(characters: ["a", "b", " "], network: network)
    }
    #expect(throws: ModelFault.self) {
      try NeuralLanguageModel(characters: ["a", "b", " ", "a"], network: network)
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }
}

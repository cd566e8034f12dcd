import Foundation
import Stapes
import Testing

/// `train --network`: a network in words.
@Suite struct NetworkOptionTests {
  private func sayWords(_ tones: Tones) throws -> String {
    for word in ["a", "b", "ab"] {
      for number in 1...5 { try tones.say(word, in: "clips/\(word)/\(number).wav") }
    }
    return tones.folder + "/clips"
  }

  @Test(arguments: [
    "stack 3 stride 3, 16 gru both",
    "conv 3 kernel 5x5 stride 3x4 tanh norm, 16 lstm peepholes, look-ahead 2",
  ])
  func `a network in words learns, and its model reads`(network: String) throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my.safetensors")
      let run = try Tool.run(
        "train", clips, "-o", model, "--epochs", "40", "--learning-rate", "0.02",
        "--set", "batchSeconds=3", "--no-augment", "--network", network)
      #expect(run.status == 0, "\(run.errors)")
      let info = try Tool.run("info", model)
      #expect(info.output.contains("multiply-adds") && info.errors.isEmpty)
      #expect(
        network.split(separator: ",").allSatisfy { info.output.contains($0) }, "\(info.output)")
      let evaluation = try Tool.run("evaluate", clips, "-m", model)
      #expect(evaluation.output.contains("exact 100.00 %"), "\(evaluation.output)\(run.output)")
      let small = tones.folder + "/small.safetensors"
      #expect(try Tool.run("quantize", model, "--output", small).status == 0)
      #expect(try Tool.run("evaluate", clips, "-m", small).status == 0)
    }
  }

  @Test func `the words may stand in a file, and are printed with the other options`() throws {
    try Tones.run { tones in
      let clips = try sayWords(tones)
      let file = try tones.write("# mine\nstack 2\n2x8 GRU\n".utf8, to: "network.txt")
      let printed = try Tool.run("train", clips, "--print-config", "--network", "@" + file)
      #expect(printed.output.contains("\"network\" : \"stack 2 stride 2, 2x8 gru\""))
      let config = try tones.write(printed.output.utf8, to: "recipe.json")
      #expect(
        try Tool.run("train", clips, "--print-config", "--config", config).output
          == printed.output)
      let shortcut = try Tool.run(
        "train", clips, "--print-config", "--config", config, "--layers", "3")
      #expect(!shortcut.output.contains("gru") && shortcut.output.contains("\"layerCount\" : 3"))
    }
  }

  @Test func `what cannot be a network is said in a sentence`() throws {
    try Tones.run { tones in
      let clips = try sayWords(tones)
      let cases: [([String], [String])] = [
        (["--network", "3x320 lstn"], ["“lstn” at character 7", "dense, elman, lstm or gru"]),
        (["--network", "8 gru", "--layers", "2"], ["omit --layers"]),
        (["--network", "@" + tones.folder + "/none.txt"], ["none.txt"]),
        (["--network", "8 gru, 9 gru residual"], ["residual"]),
        (["--network", "8 gru, pool last"], ["pooling"]),
      ]
      for (arguments, parts) in cases {
        let run = try Tool.run(["train", clips, "--print-config"] + arguments)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(parts.allSatisfy(run.errors.contains), "\(run.errors)")
      }
    }
  }
}

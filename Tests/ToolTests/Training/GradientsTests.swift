import Foundation
import FoundationXML
import Stapes
import Testing

/// `stapes gradients`: how far back in time gradients reach.
@Suite struct GradientsTests {
  @Test func `it compares networks and a model, in figures and a picture`() throws {
    try Tones.run { tones in
      for text in ["abcab", "cabca"] {
        for number in 1...3 { try tones.say(text, in: "clips/\(text)/\(number).wav") }
      }
      let (clips, picture) = (tones.folder + "/clips", tones.folder + "/reach.svg")
      let run = try Tool.run(
        "gradients", clips, "--network", "8 elman tanh", "--network", "2x8 lstm both", "--model",
        tones.model, "--output", picture, "--distance", "20")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("layer 1, 8 elman tanh: "))
      #expect(run.output.contains("layer 2, 8 lstm both: "))
      #expect(run.output.contains("gradient of all weights"))
      let svg = try tones.read("reach.svg")
      let document = try XMLDocument(xmlString: svg)
      #expect(document.rootElement()?.name == "svg")
      #expect(svg.contains("2x8 lstm both, layer 2"))
      let json = try Tool.run(
        "gradients", clips, "--network", "8 elman tanh", "--distance", "20", "--format", "json")
      let object =
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
      let layers = object?.first?["layers"] as? [[String: Any]]
      let distances = layers?.first?["distances"] as? [[String: Any]]
      #expect(distances?.first?["median"] as? Double == 1)
      #expect((distances?.count ?? 0) > 5)
    }
  }

  @Test func `what cannot be measured is said in a sentence`() throws {
    try Tones.run { tones in
      try tones.say("ab", in: "clips/ab/1.wav")
      let clips = tones.folder + "/clips"
      let cases: [([String], String)] = [
        ([], "--network"), (["--network", "8 grue"], "gru"),
        (["--network", "8 gru", "--distance", "0"], "largest distance"),
        (["--model", tones.folder + "/none.safetensors"], "none.safetensors"),
      ]
      for (arguments, part) in cases {
        let run = try Tool.run(["gradients", clips] + arguments)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors.contains(part), "\(run.errors)")
      }
    }
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct QuantizeTests {
  @Test(arguments: ["int8", "bf16"])
  func `a smaller model does all that the large one does`(precision: String) throws {
    try Tones.run { tones in
      let clip = try tones.say("cab a", in: "clips/clip.wav")
      try tones.write("cab a".utf8, to: "clips/clip.txt")
      let small = tones.folder + "/small.safetensors"
      let run = try Tool.run(
        "quantize", tones.model, "--output", small, "--precision", precision, "--licence",
        "CC0, as is")
      #expect(run.errors.isEmpty && run.output.isEmpty && run.status == 0)
      #expect(try Tool.run("info", small).output.contains("stored as \(precision)"))
      #expect(try Tool.run("info", small).output.contains("CC0, as is"))
      #expect(try Tool.run("transcribe", clip, "-m", small).output == "cab a\n")
      let folder = tones.folder + "/clips"
      let evaluation = try Tool.run("evaluate", folder, "-m", small, "--quiet")
      #expect(evaluation.status == 0)
      #expect(
        evaluation.output == (try Tool.run("evaluate", folder, "-m", tones.model, "-q").output))
      let batch = try Tool.run("batch", folder, "-o", tones.folder + "/texts", "-m", small, "-q")
      #expect(batch.status == 0)
      #expect(try tones.read("texts/clip.txt") == "cab a\n")
    }
  }

  @Test func `a model already rounded is told in one line`() throws {
    try Tones.run { tones in
      let small = tones.folder + "/small.safetensors"
      #expect(try Tool.run("quantize", tones.model, "-o", small).status == 0)
      let again = try Tool.run("quantize", small, "-o", tones.folder + "/again")
      #expect(
        again.errors == "stapes: \(small): the model's weights are quantised (int8); "
          + "give the model that was quantised\n")
      #expect(again.status == 1)
      #expect(!FileManager.default.fileExists(atPath: tones.folder + "/again"))
    }
  }
}

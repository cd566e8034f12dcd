import Foundation
import TestSupport
import Testing

@Suite struct TuneTests {
  @Test func `finds weights, stores them, and uses them`() throws {
    try Tones.run { tones in
      for (name, text) in [("1", "ab ca"), ("2", "cb ab"), ("3", "ca")] {
        try tones.say(text, in: "data/\(name).wav")
        try tones.write(text.utf8, to: "data/\(name).txt")
      }
      let (data, lm, tuned) = (
        tones.folder + "/data", tones.folder + "/lm.bin", tones.folder + "/t"
      )
      let made = try Tool.run(
        "lm", "train", "-", "-o", lm, "-q", input: Data("ab ca\nca ab\nab\nca ca ab\n".utf8))
      #expect(made.status == 0, "\(made.errors)")
      let run = try Tool.run("tune", data, "-m", tones.model, "--lm", lm, "-o", tuned, "-q")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(lines.count > 5)
      #expect(lines.dropLast().last?.hasPrefix("best  ") == true)
      #expect(lines.dropLast().last?.contains("0.00 %") == true)
      #expect(lines.last == "confidences calibrated on 5 words")
      #expect(try Tool.run("info", tones.model).output.contains("tuned to") == false)
      #expect(try Tool.run("info", tuned).output.contains("tuned to"))

      // Only with an unknown word at a price can all three be right.
      let evaluated = try Tool.run("evaluate", data, "-m", tuned, "--lm", lm, "-q")
      #expect(evaluated.output.contains("3 of 3 clips"))
      let closed = try Tool.run(
        "evaluate", data, "-m", tuned, "--lm", lm, "--unknown-word-penalty", "inf", "-q")
      #expect(closed.output.contains("2 of 3 clips"))
      let clip = tones.folder + "/data/2.wav"
      #expect(try Tool.run("transcribe", clip, "-m", tuned, "--lm", lm).output == "cb ab\n")
    }
  }

  @Test func `says what is wrong with a language model`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let lm = tones.folder + "/lm.arpa"
      _ = try Tool.run("lm", "train", "-", "-o", lm, "-q", "--as-is", input: Data("AB CA\n".utf8))
      let foreign = try Tool.run("transcribe", clip, "-m", tones.model, "--lm", lm)
      #expect(foreign.status == 1)
      #expect(foreign.errors.contains("no word that the model can write"))
      let missing = try Tool.run("transcribe", clip, "-m", tones.model, "--lm", lm + "x")
      #expect(missing.status == 1 && missing.errors.contains("lm.arpax: "))
    }
  }
}

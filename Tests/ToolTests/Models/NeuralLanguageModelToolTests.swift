import Foundation
import TestSupport
import Testing

@Suite struct NeuralLanguageModelToolTests {
  @Test func `a neural model is made, measured, sampled and used`() throws {
    try Tones.run { tones in
      let lines = (0..<40).map { $0 % 2 == 0 ? "ab ca" : "cab a" }.joined(separator: "\n")
      let text = try tones.write(lines.utf8, to: "text.txt")
      let path = tones.folder + "/lm.safetensors"
      let train = try Tool.run(
        "lm", "train", text, "--neural", "--output", path, "--hidden", "8", "--layers", "1",
        "--epochs", "3")
      #expect(train.status == 0 && train.errors.contains("bits a character"), "\(train.errors)")
      let perplexity = try Tool.run("lm", "perplexity", path, text)
      #expect(perplexity.output.contains("40 sentences, 80 words"), "\(perplexity.output)")
      let sample = try Tool.run("lm", "sample", path, "ca", "--count", "2", "--seed", "4")
      let again = try Tool.run("lm", "sample", path, "ca", "--count", "2", "--seed", "4")
      #expect(sample.output == again.output && sample.status == 0)
      let lines2 = sample.output.split(separator: "\n")
      #expect(lines2.first?.contains(" %  █") == true && lines2.last?.hasPrefix("ca") == true)
      let clip = try tones.say("ab ca", in: "clip.wav")
      let heard = try Tool.run(
        "transcribe", clip, "-m", tones.model, "--lm", path, "--lm-weight", "0.1")
      #expect(heard.output == "ab ca\n", "\(heard.errors)")
    }
  }

  @Test func `what cannot be done is said`() throws {
    try Tones.run { tones in
      let text = try tones.write("ab\nca\n".utf8, to: "text.txt")
      let ending = try Tool.run("lm", "train", text, "--neural", "--output", "lm.bin")
      #expect(ending.errors.contains("ends in .safetensors") && ending.status == 1)
      let wrong = try Tool.run("lm", "perplexity", tones.model, text)
      #expect(wrong.errors.contains("not a language model"), "\(wrong.errors)")
      let words = tones.folder + "/words.bin"
      _ = try Tool.run("lm", "train", text, "--output", words)
      let sample = try Tool.run("lm", "sample", words)
      #expect(sample.errors.contains("a model of words") && sample.status == 1)
    }
  }
}

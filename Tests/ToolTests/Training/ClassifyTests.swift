import Foundation
import Stapes
import Testing

/// `train --task classify`, and what its models can do.
@Suite struct ClassifyTests {
  /// Makes clips of three classes, and a model of them in `classes.safetensors`.
  private func train(_ tones: Tones) throws -> (clips: String, model: String) {
    for (word, text) in [("low", "aa"), ("go on", "bb"), ("Höhe", "cc")] {
      for number in 1...6 { try tones.say(text, in: "clips/\(word)/\(number).wav") }
    }
    let (clips, model) = (tones.folder + "/clips", tones.folder + "/classes.safetensors")
    let run = try Tool.run(
      "train", clips, "-o", model, "--task", "classify", "--epochs", "30", "--learning-rate",
      "0.02", "--set", "batchSeconds=2", "--no-augment", "--network", "stack 3, 8 gru, pool mean")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("3 classes: Höhe, go on, low"))
    #expect(run.output.contains("accuracy 100.00 %") && !run.output.contains("CER"))
    return (clips, model)
  }

  @Test func `class folders become a model that tells which a clip is of`() throws {
    try Tones.run { tones in
      let (clips, model) = try train(tones)
      let clip = try tones.say("cc", in: "new.wav")
      #expect(try Tool.run("transcribe", clip, "-m", model).output == "Höhe\n")
      let json = try Tool.run(
        "transcribe", clip, "-m", model, "--format", "jsonl", "--nbest", "3")
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let readings = object?["hypotheses"] as? [[String: Any]] ?? []
      #expect(readings.count == 3, "\(json.output)")
      let posteriors = readings.compactMap { $0["posterior"] as? Double }
      #expect(abs(posteriors.reduce(0, +) - 1) < 1e-2 && posteriors == posteriors.sorted(by: >))
      let confidence = try #require(object?["confidence"] as? Double)
      #expect(abs(confidence - (posteriors.first ?? 0)) < 1e-3)
      for format in TranscriptFormat.allCases {
        let run = try Tool.run("transcribe", clip, "-m", model, "--format", format.rawValue)
        #expect(run.status == 0 && run.output.contains("Höhe"), "\(format): \(run.output)")
      }
      let narrow = ["--task", "classify", "--hidden", "8", "--layers", "1", "--print-config"]
      let recipe = try Tool.run(["train", clips] + narrow)
      #expect(recipe.output.contains("8 lstm both"))
      #expect(recipe.output.contains("pool mean"), "\(recipe.errors)")
      let info = try Tool.run("info", model)
      #expect(info.output.contains("classes") && info.output.contains("Höhe, go on, low"))
      #expect(info.output.contains("accuracy 100.00 %"))
      let small = tones.folder + "/small.safetensors"
      #expect(try Tool.run("quantize", model, "--output", small).status == 0)
      #expect(try Tool.run("transcribe", clip, "-m", small).output == "Höhe\n")
      let texts = tones.folder + "/texts"
      #expect(try Tool.run("batch", clips, "-m", model, "--output", texts).status == 0)
      #expect(try tones.read("texts/go on/1.txt") == "go on\n")
    }
  }

  @Test func `evaluation prints the accuracy and who is taken for whom`() throws {
    try Tones.run { tones in
      let (_, model) = try train(tones)
      for (index, text) in ["aa", "aa", "bb"].enumerated() {
        try tones.say(text, in: "test/low/\(index).wav")
      }
      try tones.say("cc", in: "test/other/0.wav")
      let (test, table) = (tones.folder + "/test", tones.folder + "/confusion.tsv")
      let run = try Tool.run(
        "evaluate", test, "-m", model, "--confusion", table, "--confidence")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("accuracy  50.00 %") && run.output.contains("2 of 4 clips"))
      #expect(
        try tones.read("confusion.tsv") == """
          said\tHöhe\tgo on\tlow\tother
          Höhe\t0\t0\t0\t0
          go on\t0\t0\t0\t0
          low\t0\t1\t2\t0
          other\t1\t0\t0\t0

          """)
      let characters = try Tool.run(
        "evaluate", test, "-m", tones.model, "--confusion", table + "2")
      #expect(characters.status == 1 && characters.errors.contains("--task classify"))
    }
  }

  @Test func `what needs letters is refused in a sentence`() throws {
    try Tones.run { tones in
      let (clips, model) = try train(tones)
      let clip = try tones.say("cc", in: "new.wav")
      let words = try tones.write("a\n".utf8, to: "words.txt")
      let cases: [[String]] = [
        ["transcribe", clip, "-m", model, "--phrases", words],
        ["transcribe", clip, "-m", model, "--hotwords", words],
        ["explain", clip, "-m", model], ["listen", clip, "-m", model],
        ["align", clip, "--text", "a", "-m", model],
        ["audit", clips, "-m", model, "--output", tones.folder + "/audit.tsv"],
        ["tune", clips, "-m", model],
      ]
      for arguments in cases {
        let run = try Tool.run(arguments)
        #expect(run.status == 1 && run.errors.contains("is a classifier"), "\(arguments)")
        #expect(run.output.isEmpty && run.errorLines.last?.hasPrefix("stapes: ") == true)
      }
      let output = tones.folder + "/x.safetensors"
      let wrong: [([String], String)] = [
        (["--network", "8 gru"], "pool mean or pool last"),
        (["--from", model], "cannot be fine-tuned"),
      ]
      for (arguments, part) in wrong {
        let run = try Tool.run(
          ["train", clips, "-o", output, "--task", "classify"] + arguments)
        #expect(run.status == 1 && run.errors.contains(part), "\(arguments): \(run.errors)")
      }
    }
  }
}

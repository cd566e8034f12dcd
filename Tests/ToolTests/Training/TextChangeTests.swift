import Foundation
import Stapes
import TestSupport
import Testing

@Suite struct TextChangeTests {
  /// Makes clips of texts, which the sound need not say.
  private func data(_ texts: [String], in tones: Tones) throws -> String {
    for (number, text) in texts.enumerated() {
      try tones.say(
        "abcabcabcabcabcabcabcabcabc" + String(repeating: "a", count: number),
        in: "data/\(number).wav")
      try tones.write(text.utf8, to: "data/\(number).txt")
    }
    return tones.folder + "/data"
  }

  private func train(_ data: String, _ tones: Tones, _ flags: String...) throws -> Tool.Run {
    try Tool.run(
      [
        "train", data, "-o", tones.folder + "/\(UUID().uuidString).safetensors", "--epochs", "1",
        "--hidden", "4", "--layers", "1",
      ] + flags)
  }

  @Test func `check and train tell what becomes of digits`() throws {
    try Tones.run { tones in
      let data = try data(["31415", "27182", "555-0123", "00419"], in: tones)
      let check = try Tool.run("check", data)
      #expect(
        check.output.contains(
          "4 texts: “31415” becomes “three one four one five”, digit by digit"),
        "\(check.output)")
      // The clip held out for validation comes last.
      let run = try train(data, tones)
      #expect(
        run.errors.split(separator: "\n").contains {
          $0.contains("4 texts: “") && $0.contains("”, digit by digit")
        }, "\(run.errors)")
      let spelled = try train(data, tones, "--digits", "keep")
      #expect(spelled.errors.contains("4 texts: digits stay digits, as in “"))
      let json = try Tool.run("check", data, "--format", "json", "--digits", "drop")
      #expect(json.output.contains("“00419” are removed"))
    }
  }

  @Test func `digits among other letters stay and are warned of`() throws {
    try Tones.run { tones in
      let data = try data(["5 яблок", "да", "дом 12", "нет"], in: tones)
      let run = try train(data, tones)
      #expect(
        run.errors.contains("2 texts: digits among letters that are not English"),
        "\(run.errors)")
      #expect(!run.errors.contains("five"))
    }
  }

  @Test func `tags are removed and reported, and clips of nothing else are not used`() throws {
    try Tones.run { tones in
      let data = try data(["yes (laughs)", "no {um}", "[noise]", "go", "go [breath]"], in: tones)
      let check = try Tool.run("check", data)
      #expect(
        check.output.contains("4 texts: “(laughs)”, “{um}”, “[noise]”, “[breath]” are removed"),
        "\(check.output)")
      let run = try train(data, tones)
      #expect(run.errors.contains("“(laughs)”") && run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("skipped: \(data)/2.wav"), "\(run.errors)")
    }
  }

  @Test func `the language is guessed, told and stored`() throws {
    try Tones.run { tones in
      let data = try data(["İstanbul", "IĞDIR", "ışık", "iyi"], in: tones)
      let run = try train(data, tones)
      #expect(run.errors.contains("language tr, guessed from the letters"), "\(run.errors)")
      let model = tones.folder + "/given.safetensors"
      let given = try Tool.run(
        "train", data, "-o", model, "--epochs", "1", "--hidden", "4", "--layers", "1",
        "--language", "tr-TR")
      #expect(given.status == 0 && !given.errors.contains("guessed from"), "\(given.errors)")
      #expect(try Tool.run("info", model).output.contains("language tr"))
      #expect(try SpeechModel(contentsOf: model).textNormalization.normalized("IĞDIR") == "ığdır")
      #expect(try Tool.run("check", data, "--language", "turkish").status == 1)
    }
  }

  @Test func `a model's texts are of code points, and old ones go on as they were`() throws {
    try Tones.run { tones in
      let data = try data(["मेरा नाम", "नमस्ते", "हिन्दी में", "मैं ठीक हूँ"], in: tones)
      let model = tones.folder + "/hindi.safetensors"
      let run = try Tool.run(
        "train", data, "-o", model, "--epochs", "1", "--hidden", "4", "--layers", "1")
      #expect(run.status == 0, "\(run.errors)")
      let made = try SpeechModel(contentsOf: model)
      #expect(made.alphabet.characters.allSatisfy { $0.unicodeScalars.count == 1 })
      #expect(made.dependents != nil)
    }
  }

  @Test func `language models see text as recognisers learn it`() throws {
    try withTemporaryFolder { folder in
      let text = "<s> open 31415 </s>\nyes [noise] go\n<unk>\n"
      let model = folder + "/m.arpa"
      let made = try Tool.run("lm", "train", "-", "-o", model, input: Data(text.utf8))
      #expect(made.status == 0, "\(made.errors)")
      #expect(
        made.errors.contains("3 texts: “<s>”, “</s>”, “[noise]”, “<unk>” are removed as tags"))
      let words = try String(contentsOfFile: model, encoding: .utf8)
      #expect(!words.contains("noise") && !words.contains("\ts\t") && words.contains("\tfour\t"))
      let turkish = folder + "/t.arpa"
      _ = try Tool.run(
        "lm", "train", "-", "-o", turkish, "--language", "tr", input: Data("IĞDIR\nSIR\n".utf8))
      #expect(try String(contentsOfFile: turkish, encoding: .utf8).contains("ığdır"))
    }
  }
}

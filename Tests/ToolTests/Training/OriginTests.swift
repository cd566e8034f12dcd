import Foundation
import Stapes
import TestSupport
import Testing

/// What training starts from where nothing is said.
@Suite struct OriginTests {
  /// Makes ten clips of some five seconds; the sound need not say the texts.
  private func data(_ texts: [String], in tones: Tones) throws -> String {
    for number in 0..<10 {
      let tail = String(repeating: "a", count: number)
      try tones.say("abcabcabcabcabcabcabc" + tail, in: "data/\(number).wav")
      try tones.write(texts[number % texts.count].utf8, to: "data/\(number).txt")
    }
    return tones.folder + "/data"
  }

  /// Whether a model has the network of a bundled one.
  private func options(
    _ data: String, _ flags: [String], haveNetworkOf name: String
  ) throws -> Bool {
    let run = try Tool.run(["train", data, "--print-config"] + flags)
    #expect(run.status == 0, "\(run.errors)")
    return try TrainingOptions().applying(json: run.output).fits(
      ModelSource.bundled(name).load())
  }

  @Test func `the bundled model is taken unless another network or front end is asked for`() throws
  {
    try Tones.run { tones in
      let data = try data(["one two", "three", "two"], in: tones)
      #expect(try options(data, [], haveNetworkOf: "english"))
      #expect(try options(data, ["--from", "auto"], haveNetworkOf: "english"))
      #expect(try options(data, ["--one-direction"], haveNetworkOf: "english-streaming"))
      #expect(try options(data, ["--epochs", "3", "--no-augment"], haveNetworkOf: "english"))
      for flags in [
        ["--from", "none"], ["--preset", "medium"], ["--hidden", "64"], ["--task", "classify"],
        ["--set", "features=mfcc"], ["--network", "stack 3, 2x8 gru both"],
      ] {
        #expect(try !options(data, flags, haveNetworkOf: "english"), "\(flags)")
      }
      let config = try tones.write(#"{"hiddenSize": 48}"#.utf8, to: "narrow.json")
      #expect(try !options(data, ["--config", config], haveNetworkOf: "english"))
    }
  }

  @Test
  func `texts that the outputs of the bundled model are too long for get a network of their own`()
    throws
  {
    try Tones.run { tones in
      let dense = String(repeating: "quick brown ", count: 14)
      let data = try data([dense, dense + "fox"], in: tones)
      #expect(try !options(data, [], haveNetworkOf: "english"))
    }
  }

  @Test(arguments: [("fr", TextNormalization.Digits.keep), ("en", .spellEnglish)])
  func `numbers of another language than the model's are not spelled in English`(
    language: String, digits: TextNormalization.Digits
  ) throws {
    try Tones.run { tones in
      let data = try data(["nous sommes 12", "a 3"], in: tones)
      let run = try Tool.run(
        "train", data, "--from", "english", "--language", language, "--print-config")
      #expect(run.status == 0, "\(run.errors)")
      let text = try TrainingOptions().applying(json: run.output).text
      #expect(text.digits == digits && text.language == language)
    }
  }

  @Test(arguments: [(["--from", "english"], 0.9), ([String](), 0.0), (["--from", "none"], 0.0)])
  func `the objective of a model is kept where it is named`(
    flags: [String], crfShare: Double
  ) throws {
    try Tones.run { tones in
      let data = try data(["one two", "three"], in: tones)
      let run = try Tool.run(["train", data, "--print-config"] + flags)
      #expect(try TrainingOptions().applying(json: run.output).crfShare == crfShare)
    }
  }

  @Test func `a model tells what it started from, and passes on the licence`() throws {
    try Tones.run { tones in
      let (data, model) = (
        try data(["one two", "three"], in: tones), tones.folder + "/m.safetensors"
      )
      let run = try Tool.run("train", data, "-o", model, "--epochs", "1")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("starts from english, weights CC BY-SA 4.0; --from none"))
      let (trained, english) = (
        try SpeechModel(contentsOf: model), try ModelSource.bundled("english").load()
      )
      #expect(trained.alphabet == english.alphabet)
      #expect(trained.provenance.licence == english.provenance.licence)
      let origin = try #require(trained.provenance.notes["started from"])
      #expect(origin.contains(english.provenance.dataFingerprint))
      // One epoch of ten clips moves the weights a little, and no more.
      let (before, after) = (english.network.weights[1].matrix, trained.network.weights[1].matrix)
      let distance = zip(before.values, after.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(0 < distance && distance < 0.1)
      let fresh = try Tool.run(
        "train", data, "-o", model, "--overwrite", "--epochs", "1", "--from", "none")
      #expect(fresh.status == 0 && !fresh.errors.contains("starts from"), "\(fresh.errors)")
      let own = try SpeechModel(contentsOf: model)
      #expect(own.alphabet.characters == " ehnortw".map(String.init))
      #expect(own.provenance.licence.isEmpty && own.provenance.notes["started from"] == nil)
    }
  }

  @Test
  func `the language model goes with what is trained from a model where it makes fewer errors`()
    throws
  {
    try Tones.run { tones in
      let names = ["austen-0870", "austen-0880", "austen-0890"]
      for name in names {
        let clip = URL(filePath: fixturePath("clips/english/\(name)"))
        try tones.write(
          Data(contentsOf: clip.appendingPathExtension("wav")), to: "data/\(name).wav")
        let text = try String(contentsOf: clip.appendingPathExtension("txt"), encoding: .utf8)
        // A word that no book has.
        try tones.write((text + " zyxnop").utf8, to: "data/\(name).txt")
      }
      let (data, path) = (tones.folder + "/data", tones.folder + "/m.safetensors")
      let run = try Tool.run("train", data, "-o", path, "--epochs", "1")
      #expect(run.status == 0 && run.errors.contains("its language model is kept"), "\(run.errors)")
      let model = try SpeechModel(contentsOf: path)
      let language = try #require(model.languageModel)
      #expect(language.bundledName == "english" && language.furtherWords.contains("zyxnop"))
      #expect(!language.furtherWords.contains("the"))
      #expect(model.calibration == nil && model.languageCalibration != nil)
      #expect(model.provenance.figures.allSatisfy { $0.clips.hasSuffix("with the language model") })
      let options = try #require(model.provenance.notes["training options"])
      #expect(try TrainingOptions(writtenAs: options).crfShare > 0.5)
      let facts = try Tool.run("info", path).output
      #expect(
        facts.contains("the language model of english and 1 further word, unless"), "\(facts)")
      // It counts unless it is declined, and what is validated is what is recognised.
      let clips = names.map { data + "/\($0).wav" }
      let with = try Tool.run(["transcribe", "--model", path] + clips).output
      let without = try Tool.run(["transcribe", "--model", path, "--no-lm"] + clips).output
      #expect(with != without)
    }
  }

  @Test(arguments: [["--set", "text.letterCase=keep"], ["--language", "fr"]])
  func `the language model does not go with texts that it cannot write`(flags: [String]) throws {
    try Tones.run { tones in
      let data = try data(["One two", "Three is more than two"], in: tones)
      let run = try Tool.run(
        ["train", data, "-o", tones.folder + "/m.safetensors", "--epochs", "1"] + flags)
      #expect(run.status == 0 && !run.errors.contains("language model"), "\(run.errors)")
      let model = try SpeechModel(contentsOf: tones.folder + "/m.safetensors")
      #expect(model.languageModel == nil)
    }
  }

  @Test func `the letters of another script take the place of those of English`() throws {
    try Tones.run { tones in
      let (data, model) = (try data(["да нет", "нет"], in: tones), tones.folder + "/m.safetensors")
      let run = try Tool.run("train", data, "-o", model, "--epochs", "1", "--noise", data)
      #expect(run.status == 0 && run.errors.contains("starts from english"), "\(run.errors)")
      let trained = try SpeechModel(contentsOf: model)
      #expect(trained.alphabet.characters == " адент".map(String.init))
      // The folder of noise is the machine's: only its name is told.
      let options = try #require(trained.provenance.notes["training options"])
      #expect(options.contains(#""noiseFolder":"data""#), "\(options)")
    }
  }

  @Test func `a training from random weights is resumed as one`() throws {
    try Tones.run { tones in
      let (data, model) = (
        try data(["one two", "three"], in: tones), tones.folder + "/m.safetensors"
      )
      let arguments = ["train", data, "-o", model, "--epochs", "1", "--keep-checkpoints", "1"]
      #expect(try Tool.run(arguments + ["--from", "none"]).status == 0)
      let before = FileManager.default.contents(atPath: model)
      let resumed = try Tool.run(arguments + ["--resume"])
      #expect(resumed.status == 0 && !resumed.errors.contains("starts from"), "\(resumed.errors)")
      #expect(before != nil && FileManager.default.contents(atPath: model) == before)
    }
  }
}

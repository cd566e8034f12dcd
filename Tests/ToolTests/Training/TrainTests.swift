import Foundation
import Stapes
import Testing

@Suite struct TrainTests {
  /// Makes clips of a few words, each word in a folder of its name.
  private func sayWords(_ tones: Tones) throws -> String {
    for word in ["a", "b", "c", "ab", "cab", "bc"] {
      for number in 1...5 { try tones.say(word, in: "clips/\(word)/\(number).wav") }
    }
    return tones.folder + "/clips"
  }

  /// Flags for a network that learns the words in a second or two.
  private let small = [
    "--hidden", "16", "--layers", "1", "--learning-rate", "0.02", "--set", "batchSeconds=3",
    "--no-augment",
  ]

  @Test func `a folder of clips becomes a model that reads them`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my.safetensors")
      let run = try Tool.run(
        ["train", clips, "-o", model, "--epochs", "40", "--description", "Words of tones"] + small)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("30 clips") && run.errors.contains("held out for validation: 3"))
      let lines = run.output.split(separator: "\n")
      #expect(lines.count { $0.hasPrefix("epoch ") } == 40)
      #expect(lines.last?.hasPrefix(model) == true)
      let info = try Tool.run("info", model)
      #expect(info.output.contains("Words of tones"))
      let evaluation = try Tool.run("evaluate", clips, "-m", model)
      #expect(evaluation.output.contains("exact 100.00 %"), "\(evaluation.output)\(run.output)")
    }
  }

  @Test func `what it prints as configuration it reads again`() throws {
    try Tones.run { tones in
      let clips = try sayWords(tones)
      let printed = try Tool.run("train", clips, "--print-config", "--preset", "large")
      #expect(printed.status == 0)
      let options = try TrainingOptions().applying(json: printed.output)
      #expect(options.features.sampleRate == 8000)
      #expect(options.layerCount > 2)
      let config = try tones.write(printed.output.utf8, to: "recipe.json")
      let again = try Tool.run("train", clips, "--print-config", "--config", config)
      #expect(again.output == printed.output)
      let changed = try Tool.run(
        "train", clips, "--print-config", "--config", config, "--hidden", "99", "--set",
        "features=mfcc", "--set", "stride=4", "--one-direction", "--seed", "7", "--digits", "keep")
      let expected = try options.applying(
        json: """
          {"hiddenSize": 99, "stride": 4, "stackCount": 4, "isBidirectional": false, "seed": 7}
          """)
      var found = try TrainingOptions().applying(json: changed.output)
      #expect(found.features == .mfcc(sampleRate: 8000))
      found.features = expected.features
      #expect(found == expected)
    }
  }

  @Test func `what stands in the way is told before the first step`() throws {
    try Tones.run { tones in
      let clips = try sayWords(tones)
      try FileManager.default.createDirectory(
        atPath: tones.folder + "/empty", withIntermediateDirectories: true)
      let misspelt = try tones.write("{\"hidden\": 3}".utf8, to: "misspelt.json")
      let out = tones.folder + "/my.safetensors"
      let cases: [([String], String)] = [
        ([clips], "--output"),
        ([clips, "-o", tones.folder + "/none/my.safetensors"], "its folder does not exist"),
        ([clips, "-o", tones.folder], "it is a folder"),
        ([tones.folder + "/empty", "-o", out], "empty"),
        ([tones.folder + "/none", "-o", out], "none"),
        ([clips, "-o", out, "--validation", tones.folder + "/none"], "none"),
        ([clips, "-o", out, "--config", misspelt], "“hidden”"),
        ([clips, "-o", out, "--config", tones.folder + "/none.json"], "none.json"),
        ([clips, "-o", out, "--epochs", "0"], "number of epochs is 0"),
        ([clips, "-o", out, "--threads", "0"], "number of threads is 0"),
      ]
      for (arguments, part) in cases {
        let run = try Tool.run(["train"] + arguments)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("stapes: ") && run.errors.contains(part), "\(run.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func `a killed training goes on as if it had not been`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my.safetensors")
      let checkpoint = tones.folder + "/my.checkpoint.safetensors"
      let lines = tones.folder + "/lines"
      let arguments = ["--epochs", "100"] + small
      let whole = tones.folder + "/whole.safetensors"
      #expect(try Tool.run(["train", clips, "-o", whole] + arguments).status == 0)
      let killed = try Tool.shell(
        """
        mkfifo '\(lines)'
        '\(Tool.path)' train '\(clips)' -o '\(model)' \(arguments.joined(separator: " ")) \
          > '\(lines)' & job=$!
        exec 3< '\(lines)'
        grep -q -m 1 '^epoch 3 of' <&3
        kill -KILL $job; wait $job
        """)
      #expect(killed.status == 137, "\(killed.errors)")
      let anew = try Tool.run(["train", clips, "-o", model] + arguments)
      #expect(anew.status == 1 && anew.errors.contains("--resume"), "\(anew.errors)")
      let other = try Tool.run(
        ["train", clips, "-o", model, "--resume", "--epochs", "101"] + small)
      #expect(other.status == 1 && other.errors.contains("“epochCount” 100, not 101"))
      let resumed = try Tool.run(
        ["train", clips, "-o", model, "--resume", "--threads", "1"] + arguments)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("resuming from \(checkpoint): epoch"))
      #expect(!resumed.output.contains("epoch 1 of"))
      let files = [whole, model].map { FileManager.default.contents(atPath: $0) }
      #expect(files[0] != nil && files[0] == files[1])
      #expect(!FileManager.default.fileExists(atPath: checkpoint))
    }
  }

  @Test func `a model is trained further, with new letters, and reported`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my.safetensors")
      let (old, tuned) = (tones.folder + "/old.safetensors", tones.folder + "/tuned.safetensors")
      for number in 1...5 { try tones.say("ab", in: "few/\(number)-<b>.wav") }
      for number in 1...5 { try tones.write("ab".utf8, to: "few/\(number)-<b>.txt") }
      let few = tones.folder + "/few"
      #expect(try Tool.run(["train", few, "-o", old, "--epochs", "2"] + small).status == 0)
      let run = try Tool.run(
        "train", clips, "--from", old, "-o", tuned, "--epochs", "3", "--set", "fineTuning.frozen=1",
        "--replay",
        few, "--set", "fineTuning.replayShare=0.5", "--report", tones.folder + "/run")
      #expect(run.status == 0, "\(run.errors)")
      let alphabet = try Tool.run("info", tuned, "--format", "json").output
      #expect(alphabet.contains(#""alphabet":["a","b"," ","c"]"#), "\(alphabet)")
      let html = try tones.read("run/report.html")
      #expect(html.contains("CER") && html.contains("\"frozen\" : \"1\""))
      #expect(html.components(separatedBy: "<polyline").count == 9)
      #expect(html.hasSuffix("</html>\n"))
      let shaped = try Tool.run("train", clips, "--from", old, "-o", model, "--hidden", "7")
      #expect(shaped.status == 1 && shaped.errors.contains("another network"))
      let alone = try Tool.run("train", clips, "-o", model, "--from", "none", "--replay", few)
      #expect(alone.status == 1 && alone.errors.contains("--from"))
      let brief = try Tool.run(
        ["train", clips, "-o", model, "--epochs", "1000000", "--budget", "1s"] + small)
      #expect(brief.status == 0 && brief.errors.contains("of 1000000 epochs"), "\(brief.errors)")
      #expect(try Tool.run("train", clips, "-o", model, "--budget", "soon").status == 1)
    }
  }

  @Test func `Ctrl-C leaves the best model so far`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my.safetensors")
      let log = tones.folder + "/log"
      let run = try Tool.shell(
        """
        '\(Tool.path)' train '\(clips)' -o '\(model)' --epochs 1000000 \(small.joined(separator: " ")) \
          > '\(log)' & job=$!
        tail --follow=name --retry --pid=$job '\(log)' 2> /dev/null | grep -q '^epoch 2 of'
        kill -INT $job; wait $job
        """)
      #expect(run.status == 130, "\(run.errors)")
      #expect(run.errors.contains("stopping"))
      #expect(try tones.read("log").contains("\(model): stopped; the model of epoch"))
      #expect(try Tool.run("info", model).status == 0)
      #expect(FileManager.default.fileExists(atPath: tones.folder + "/my.checkpoint.safetensors"))
    }
  }
}

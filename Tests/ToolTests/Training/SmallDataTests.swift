import Foundation
import Testing

/// What the tool says of few clips and of texts that contradict each other.
@Suite struct SmallDataTests {
  private let brief = ["--hidden", "8", "--layers", "1", "--epochs", "1", "--no-augment"]

  private func say(_ clips: [(name: String, said: String, text: String)], _ tones: Tones) throws {
    for (name, said, text) in clips {
      try tones.say(said, in: "data/\(name).wav")
      try tones.write(text.utf8, to: "data/\(name).txt")
    }
  }

  @Test func `a clip with two texts is named with both and skipped`() throws {
    try Tones.run { tones in
      for word in ["a", "b", "ab"] { try tones.say(word, in: "data/\(word).wav") }
      let list = try tones.write(
        "file,text\na.wav,a\nb.wav,b\nab.wav,ab\na.wav,b\n".utf8, to: "data/list.csv")
      let data = tones.folder + "/data"
      let line = """
        stapes: skipped: \(data)/a.wav: with different texts (“a” (\(list), line 2) and \
        “b” (\(list), line 5); keep the right one)
        """
      let train = try Tool.run(
        ["train", data, "-o", tones.folder + "/m.safetensors"] + brief)
      #expect(train.status == 0 && train.errors.contains(line), "\(train.errors)")
      let evaluate = try Tool.run("evaluate", data, "-m", tones.model)
      #expect(evaluate.errors.contains(line) && evaluate.output.contains("2 of 2 clips"))
      let check = try Tool.run("check", data)
      #expect(check.status == 2)
      #expect(check.output.contains("error: clips listed with different texts (1 clip)"))
    }
  }

  @Test func `a single clip or class is one sentence`() throws {
    try Tones.run { tones in
      try say([("a", "a", "a")], tones)
      let output = tones.folder + "/m.safetensors"
      let single = try Tool.run(["train", tones.folder + "/data", "-o", output, "-q"] + brief)
      #expect(single.status == 1 && single.errorLines.count == 1, "\(single.errors)")
      #expect(single.errors.contains("a.wav: this is the only clip"))
      #expect(single.errors.contains("--validation"))
      for (folder, said) in [("yes", "a"), ("no", "b")] {
        try tones.say(said, in: "classes/\(folder)/1.wav")
      }
      let classes = try Tool.run([
        "train", tones.folder + "/classes", "--task", "classify", "-o", output, "-q",
        "--epochs", "1",
      ])
      #expect(classes.status == 1 && classes.errorLines.count == 1, "\(classes.errors)")
      #expect(classes.errors.contains("only one class") && classes.errors.contains("--validation"))
    }
  }

  @Test func `few clips and few voices are told`() throws {
    try Tones.run { tones in
      try say([("1", "a", "a"), ("2", "b", "b"), ("3", "c", "a")], tones)
      let data = tones.folder + "/data"
      let run = try Tool.run("evaluate", data, "-m", tones.model, "--against", tones.model)
      #expect(run.status == 0)
      #expect(run.errors.contains("3 clips are too few for a reliable error rate"))
      #expect(run.errors.contains("the models make different errors in no clip only"))
      #expect(run.output.contains("p = 1.0000"))
      #expect(!run.output.contains("(0.00 to 0.00)"), "\(run.output)")
      try tones.write(
        "file,text,speaker\n1.wav,a,anna\n2.wav,b,ben\n".utf8, to: "data/list.csv")
      let voices = try Tool.run("evaluate", data + "/list.csv", "-m", tones.model)
      #expect(voices.errors.contains("other clips of these speakers (anna, ben) only"))
    }
  }

  @Test func `one sound on both sides of a fold is told`() throws {
    try Tones.run { tones in
      try say(
        [
          ("1", "a", "a"), ("2", "ab", "ab"), ("3", "ba", "ba"), ("4", "a", "a"),
          ("5", "bb", "bb"), ("6", "bb", "ab"), ("7", "aab", "aab"),
        ], tones)
      let run = try Tool.run(
        ["train", tones.folder + "/data", "--folds", "5"] + brief)
      #expect(run.status == 0)
      #expect(run.errors.contains("the same sound in training and validation (2 clips)"))
      // The two texts of one sound are not learnt.
      #expect(run.errors.components(separatedBy: "stapes: skipped: ").count == 3, "\(run.errors)")
      #expect(run.errors.contains("5 clips are too few"))
      #expect(run.output.contains("of 5 clips"))
    }
  }
}

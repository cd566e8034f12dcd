import TestSupport
import Testing

/// Numbers that no option can mean: below the range, above it, none at all, beyond what fits.
@Suite struct NumericOptionTests {
  /// An option of a command, and what it refuses.
  struct Option: Sendable, CustomTestStringConvertible {
    let command: String
    let flags: String
    let refused: [String]
    var testDescription: String { "\(command.prefix { $0 != "'" }) \(flags)" }

    init(_ command: String, _ flags: String, _ refused: [String]) {
      (self.command, self.flags, self.refused) = (command, flags, refused)
    }
  }

  /// What no count is.
  private static let counts = ["-1", "nan", "1.5", "99999999999999999999", "9223372036854775807"]
  /// What no count from 1 is.
  private static let positives = counts + ["0"]
  /// What no amount is.
  private static let amounts = ["-1", "nan", "inf", "1e300"]
  private static let noSeeds = ["-1", "nan", "99999999999999999999"]

  private static let train = "train CLIPS -o OUT.safetensors --epochs 1 --layers 1 --hidden 4"
  private static let speak = "transcribe CLIP -m MODEL --lm LM"

  static let options: [Option] = [
    Option(speak, "--nbest --beam", positives),
    Option(speak, "--channel", ["-1", "nan", "1.5", "7", "99999999999999999999"]),
    Option(speak, "--lm-weight --prior-weight", amounts),
    Option(speak, "--word-bonus", ["nan", "inf", "-inf", "1e300", "-1e20"]),
    Option(speak, "--unknown-word-penalty", ["nan", "-1", "-inf"]),
    Option("transcribe CLIP -m MODEL --phrases WORDS", "--unknown-margin", ["nan", "-1", "-inf"]),
    Option(
      "transcribe CLIP -m MODEL --hotwords WORDS", "--hotword-boost",
      ["nan", "inf", "-inf", "1e300", "-1e20"]),
    Option("batch CLIPS -m MODEL -o OUT", "--jobs", positives),
    Option("batch CLIPS -m MODEL -o OUT", "--timeout", ["0", "-1", "nan", "inf", "-inf"]),
    Option("batch CLIPS -m MODEL -o OUT", "--shard", ["0/1", "2/1", "-1/2", "1/0", "1", "nan"]),
    Option("batch CLIPS -m MODEL -o OUT --shard 1/2", "--steal", ["0", "-1", "nan", "inf"]),
    Option("listen CLIP -m MODEL", "--pause --longest", amounts + ["0"]),
    Option(train, "--threads --keep-checkpoints", positives),
    Option(train, "--set=averagedModelCount --set=stride --set=epochCount", positives),
    Option(train, "--epochs --layers --hidden", positives),
    Option(train, "--set=patience", counts),
    Option(train, "--memory --set=weightDecay --set=labelSmoothing --set=dropout", amounts),
    Option(
      train, "--set=augmentation.microphoneShare --set=fineTuning.replayShare", amounts),
    Option(train, "--checkpoint-minutes --learning-rate", amounts + ["0"]),
    Option(train, "--set=batchSeconds --set=fineTuning.layerRateDecay", amounts + ["0"]),
    Option(train, "--budget", ["0s", "-1m", "nanh", "infs", "9", "1e308h"]),
    Option(train, "--seed", noSeeds),
    Option("train CLIPS --epochs 1", "--folds", positives + ["1", "1000000"]),
    Option("augment CLIP -o OUT", "--count", positives),
    Option("augment CLIP -o OUT", "--set=augmentation.telephoneShare", amounts),
    Option("augment CLIP -o OUT", "--seed", noSeeds),
    Option("evaluate CLIPS -m MODEL", "--jobs --beam", positives),
    Option("tune CLIPS -m MODEL --lm LM -o OUT", "--jobs --beam", positives),
    Option("check CLIPS", "--jobs", positives),
    Option("align CLIPS -m MODEL -o OUT", "--jobs", positives),
    Option("explain CLIP -m MODEL -o OUT.html", "--nbest", positives),
    Option("lm train TEXT -o OUT.bin", "--order --bits", positives),
    Option("lm train TEXT -o OUT.bin", "--memory", amounts + ["0"]),
    Option("lm train TEXT -o OUT.bin", "--vocabulary-limit", ["0", "-1", "nan", "1.5"]),
    Option("lm train TEXT -o OUT.bin", "--prune", ["-1", "nan", "1", "0,0,0,0,0,0,0"]),
    Option(
      "lm train TEXT --neural -o OUT.safetensors", "--epochs --layers --hidden --threads",
      positives),
    Option("lm convert LM OUT.bin", "--bits", positives),
    Option("lm sample LM", "--count --length --letters", counts),
    Option("lm sample LM", "--temperature", ["0", "-1", "nan", "inf"]),
    Option("gradients CLIPS --network '4 lstm'", "--clips --places --distance", positives),
  ]

  @Test(arguments: options)
  func `a number out of range is told in a sentence`(option: Option) throws {
    try Tones.run { tones in
      for number in 1...3 {
        try tones.say("ab", in: "clips/\(number).wav")
        try tones.write("ab".utf8, to: "clips/\(number).txt")
      }
      let words = try tones.write("ab\n".utf8, to: "words.txt")
      let model = try Tool.run("lm", "train", words, "--unit", "character", "-o", words + ".bin")
      #expect(model.status == 0, "\(model.errors)")
      let places = [
        ("CLIPS", "clips"), ("CLIP", "clips/1.wav"), ("MODEL", "tones.safetensors"),
        ("WORDS", "words.txt"), ("TEXT", "words.txt"), ("LM", "words.txt.bin"), ("OUT", "out"),
      ]
      let command = places.reduce(option.command) { $0.replacing($1.0, with: $1.1) }
      for flag in option.flags.split(separator: " ") {
        for value in option.refused {
          let line = "stapes \(command) \(flag)='\(value)'"
          let run = try Tool.shell(
            "cd '\(tones.folder)'; timeout 20 '\(Tool.path)' \(line.dropFirst(7))")
          #expect(run.status == 1 && run.output.isEmpty, "\(line): \(run.status) \(run.output)")
          // The sentence tells the number, and what does not fit into one is the parser's to tell.
          let sentence = run.errorLines.first { $0.hasPrefix("stapes: ") } ?? ""
          #expect(!sentence.isEmpty && !run.errors.contains("Fatal"), "\(line): \(run.errors)")
        }
      }
    }
  }
}

import ArgumentParser
import Stapes
import StapesConsole

/// `stapes lm sample`: text sampled from a language model of characters.
struct LanguageModelSampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Samples text from a language model of characters.",
    discussion: """
      MODEL predicts characters: a neural model, or an n-gram model trained with --unit character. \
      Prints the most probable next characters, with a space as ␣ and the end of the text as ⏎; \
      then TEXT with sampled continuations.

      Examples:
        stapes lm sample lm.safetensors "neuro"
        stapes lm sample letters.bin "the " --count 5 --temperature 0.5 --seed 7
      """)

  @Argument(help: "Language model of characters.")
  var model: String

  @Argument(help: "Beginning of the text.")
  var text = ""

  @Option(help: ArgumentHelp("Number of texts to sample.", valueName: "number"))
  var count = 3

  @Option(
    help: ArgumentHelp(
      """
      Sampling temperature, above 0; 1 samples from the model's distribution, less favours \
      probable characters.
      """,
      valueName: "number"))
  var temperature = 1.0

  @Option(help: "Random seed.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Longest text, in characters.", valueName: "number"))
  var length = 200

  @Option(help: ArgumentHelp("Number of next characters to show.", valueName: "number"))
  var letters = 10

  func validate() throws {
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("--temperature is \(temperature); give a number above 0")
    }
    for (flag, number) in [("--count", count), ("--length", length), ("--letters", letters)]
    where !(0...1_000_000).contains(number) {
      throw ValidationError("\(flag) is \(number); give 0 to 1000000")
    }
  }

  func run() throws {
    guard var begin = try LanguageModel(contentsOf: model).continuation else {
      throw ValidationError(
        """
        \(model): it is a model of words; give one of characters, trained with --unit character or 
        """
          + "--neural")
    }
    for character in text { begin.append(String(character)) }
    try Console.write(table(begin.next.prefix(letters)))
    var random = SplitMix64(seed: seed)
    for _ in 0..<count {
      var text = begin
      while text.text.count < length, text.extend(temperature: temperature, using: &random) {}
      try Console.write(text.text + "\n")
    }
  }

  /// A line for each character, with a bar as long as it is probable.
  private func table(_ next: some Collection<CharacterContinuation.Next>) -> String {
    let lines = next.map { next in
      let name = next.character.map { $0 == " " ? "␣" : $0 } ?? "⏎"
      let percent = (next.probability * 100).formatted(decimals: 1)
      let space = String(repeating: " ", count: max(0, 5 - percent.count))
      let bar = String(repeating: "█", count: Int((next.probability * 50).rounded()))
      return "\(name) \(space)\(percent) %  \(bar)".trimmingSuffix { $0 == " " } + "\n"
    }
    return lines.joined()
  }
}

extension String {
  /// The text without the characters at its end that are of a kind.
  fileprivate func trimmingSuffix(_ isOfKind: (Character) -> Bool) -> String {
    String(self[..<(lastIndex { !isOfKind($0) }.map(index(after:)) ?? startIndex)])
  }
}

import ArgumentParser
import Stapes

/// `stapes lm sample`: how a language model of characters goes on.
struct LanguageModelSampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Shows which letters come next, and goes on with a text.",
    discussion: """
      MODEL is one of characters: neural, or of n-grams made with --unit character. Printed are the \
      most probable next characters, a space as ␣ and the end of the text as ⏎; then the text with \
      what the model makes of it.

      Examples:
        stapes lm sample lm.safetensors "neuro"
        stapes lm sample letters.bin "the " --count 5 --temperature 0.5 --seed 7
      """)

  @Argument(help: "A language model of characters.")
  var model: String

  @Argument(help: "How the text begins.")
  var text = ""

  @Option(help: ArgumentHelp("How many texts are made.", valueName: "number"))
  var count = 3

  @Option(
    help: ArgumentHelp(
      "How freely letters are drawn: 1 as probable as they are, less keeps to the probable ones.",
      valueName: "number"))
  var temperature = 1.0

  @Option(help: "The seed of the random choices.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The most characters of a text.", valueName: "number"))
  var length = 200

  @Option(help: ArgumentHelp("How many next characters are shown.", valueName: "number"))
  var letters = 10

  func validate() throws {
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("--temperature is \(temperature); give a number above 0")
    }
    guard count >= 0, length >= 0, letters >= 0 else {
      throw ValidationError("--count, --length and --letters cannot be negative")
    }
  }

  func run() throws {
    guard var begin = try LanguageModel(contentsOf: model).continuation else {
      throw ValidationError(
        "\(model): a model of words; give one of characters, made with --unit character or "
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

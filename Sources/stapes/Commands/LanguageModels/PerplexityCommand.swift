import ArgumentParser
import Stapes
import StapesConsole

/// `stapes lm perplexity`: a language model's perplexity on a text.
struct PerplexityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perplexity",
    abstract: "Measures a language model's perplexity on a text.",
    discussion: """
      The perplexity is taken over words (or characters, spaces included) and the ends of \
      sentences; once for the whole text, and once without unknown words.

      Examples:
        stapes lm perplexity lm.bin held-out.txt
        xz -dc held-out.txt.xz | stapes lm perplexity lm.arpa.gz - --format json
      """)

  @Argument(help: "Language model: .arpa, .arpa.gz, .bin or .safetensors.")
  var model: String

  @Argument(help: ArgumentHelp("Text files, one sentence on each line; - reads standard input."))
  var text: [String]

  @Option(help: "Output format.")
  var format = ReportFormat.txt

  @OptionGroup var preparation: TextOptions

  func run() throws {
    let model = try LanguageModel(contentsOf: model)
    var (perplexity, lines) = (Perplexity(), [String]())
    try preparation.forEachLine(of: text, logger: nil) { line in
      lines.append(line)
      guard lines.count == 1000 else { return }
      model.add(lines, to: &perplexity)
      lines = []
    }
    model.add(lines, to: &perplexity)
    guard perplexity.all.sentenceCount > 0 else { throw LanguageError.noText }
    try Console.write(
      format == .json
        ? jsonLine(PerplexityRecord(perplexity)) : perplexity.text(unit: model.unit))
  }
}

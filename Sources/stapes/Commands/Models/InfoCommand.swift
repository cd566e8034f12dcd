import ArgumentParser
import Stapes
import StapesConsole

/// `stapes info`: what a model is.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Prints a model's purpose, training data, accuracy and size.",
    discussion: """
      Examples:
        stapes info my.safetensors
        stapes info my.safetensors --format json
      """)

  @Argument(
    help: ArgumentHelp(
      "Model file, or name of a bundled model. (default: english)",
      valueName: "model"), completion: .model)
  var model: String?

  @Option(help: "Output format.")
  var format = ReportFormat.txt

  func run() throws {
    let model = try ModelSource(named: model).load()
    try Console.write(format == .json ? jsonLine(ModelFacts(model)) : model.summary)
  }
}

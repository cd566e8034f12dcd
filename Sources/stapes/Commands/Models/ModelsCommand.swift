import ArgumentParser
import Stapes
import StapesConsole

/// `stapes models`: the models that come with Stapes.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the bundled models, the default one first.",
    discussion: """
      Commands take a bundled model by its name, such as `--model digits` or `train --from \
      digits`. `stapes info digits` prints more about one.
      """)

  func run() throws {
    for name in ModelSource.bundledNames {
      let model = try ModelSource.bundled(name).load()
      let fields = [
        name, model.provenance.summary, counted(model.network.weightCount, "weight"),
        model.network.configuration.architecture.description, model.provenance.licence,
      ]
      try Console.write(fields.map(\.escapedForTable).joined(separator: "\t") + "\n")
    }
  }
}

import ArgumentParser
import Stapes

/// `stapes models`: the models that come with Stapes.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the models that come with Stapes, the usual one first.",
    discussion: """
      Each serves by its name where a command listens with a model, as in `--model digits`, and for \
      `train --from`. `stapes info digits` says more about one.
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

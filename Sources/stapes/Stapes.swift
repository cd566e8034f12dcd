import ArgumentParser

/// The `stapes` command.
@main
struct StapesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stapes")
}

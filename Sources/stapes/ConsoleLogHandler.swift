import Logging
import Stapes

/// Writes log messages to standard error as the tool's own: `stapes: MESSAGE`.
struct ConsoleLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let lines = event.message.description.split(separator: "\n", omittingEmptySubsequences: false)
    Console.say("stapes: " + lines.map { String($0).escapedForTerminal }.joined(separator: "\n"))
  }
}

extension Logger {
  /// The tool's logger for messages from a level on.
  init(from level: Logger.Level) {
    self.init(label: "stapes") { _ in ConsoleLogHandler(logLevel: level) }
  }
}

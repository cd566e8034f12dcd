package import Logging

/// Writes log messages to standard error as the tool's own: `stapes: MESSAGE`.
private struct ConsoleLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    Console.say(event.message.description)
  }
}

extension Logger {
  /// The tool's logger for messages from a level on.
  package init(from level: Logger.Level) {
    self.init(label: "stapes") { _ in ConsoleLogHandler(logLevel: level) }
  }

  /// Tells each line of a text.
  package func info(lines text: String) {
    for line in text.split(separator: "\n") { info("\(line)") }
  }
}

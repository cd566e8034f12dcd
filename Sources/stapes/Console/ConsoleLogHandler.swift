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
    Console.say(event.message.description)
  }
}

extension Logger {
  /// The tool's logger for messages from a level on.
  init(from level: Logger.Level) {
    self.init(label: "stapes") { _ in ConsoleLogHandler(logLevel: level) }
  }

  /// Tells each line of a text.
  func info(lines text: String) {
    for line in text.split(separator: "\n") { info("\(line)") }
  }

  /// Tells what was found in a corpus, and warns of clips that have several texts.
  func tell(_ corpus: Corpus, as name: String = "") {
    info(lines: name + corpus.description)
    let shown = 20
    for conflict in corpus.conflicts.prefix(shown) { warning("skipped: \(conflict)") }
    let rest = corpus.conflicts.count - shown
    if rest > 0 { warning("skipped: \(counted(rest, "further clip")) with different texts") }
  }
}

internal import FoundationEssentials
internal import Glibc
internal import StapesText
internal import SystemPackage

/// The standard output and standard error of a tool.
package enum Console {
  /// Whether standard error is a terminal that can rewrite a line.
  package static let isTerminal =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Writes results to standard output, at once; control characters but tabs and line ends are
  /// escaped, wherever they come from.
  ///
  /// - Throws: `ConsoleError`.
  package static func write(_ text: String) throws(ConsoleError) {
    do {
      try FileDescriptor.standardOutput.writeAll(text.escapedBetweenLines.utf8)
    } catch {
      switch error as? Errno {
      case .brokenPipe?: throw .readerLeft
      case .noSpace?: throw .unwritable(reason: "no space left on the device")
      default: throw .unwritable(reason: "\(error)")
      }
    }
  }

  /// Writes a message to standard error, safe to show; a failure is of no account.
  ///
  /// A line end in it counts as any other control character.
  package static func say(_ message: String) {
    put((isTerminal ? clearLine : "") + "stapes: \(message.escapedForTerminal)\n")
  }

  /// Writes a message of several lines to standard error.
  package static func say(lines message: String) {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    say(String(lines[0]))
    for line in lines.dropFirst() { put("\(String(line).escapedForTerminal)\n") }
  }

  /// Shows a text, safe to show, on the terminal's current line in place of what stands there.
  package static func rewriteLine(_ text: String) {
    put(clearLine + text.escapedForTerminal)
  }

  /// What makes a terminal forget its current line, where progress may stand.
  private static let clearLine = "\r\u{1B}[K"

  private static func put(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

/// Why results could not be written to standard output.
package enum ConsoleError: Error, CustomStringConvertible {
  /// The program that reads them has ended, as `head` does when it has enough.
  case readerLeft
  /// The system refuses; `reason` is its own.
  case unwritable(reason: String)

  package var description: String {
    switch self {
    case .readerLeft: "standard output: it is closed"
    case .unwritable(let reason):
      """
      standard output: it cannot be written: \(reason); free some space, or redirect it elsewhere
      """
    }
  }
}

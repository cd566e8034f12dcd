import Dispatch
import Glibc
import Logging
import Stapes

/// Runs work that Ctrl-C (or SIGTERM) cancels, so that it can leave things in order; a second time
/// ends the process at once.
///
/// - Throws: what the work throws.
func stoppable<Result: Sendable>(
  logger: Logger, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let task = Task { try await work() }
  let sources = [SIGINT, SIGTERM].map { number in
    // The default, which ends the process, comes before any other handling.
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler {
      guard !task.isCancelled else { Glibc.exit(128 + number) }
      logger.notice("stopping; once more ends it at once")
      task.cancel()
    }
    source.activate()
    return source
  }
  defer {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
  return try await task.value
}

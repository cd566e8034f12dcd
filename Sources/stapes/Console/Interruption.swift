import Dispatch
import Glibc
import Logging
import Stapes
import Synchronization

/// Runs work that Ctrl-C (or SIGTERM, or SIGUSR1 before a time limit) cancels, so that it can leave things in order; a second time
/// ends the process at once.
///
/// - Throws: what the work throws.
func stoppable<Result: Sendable>(
  logger: Logger, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  // A signal that comes before this would be lost where the shell had it ignored.
  await Signals.areHandled.value
  let task = Task { try await work() }
  Signals.stop.withLock { stop in
    stop = { number in
      guard !task.isCancelled else { exit(128 + number) }
      logger.notice("stopping; press Ctrl-C again to stop at once")
      task.cancel()
    }
  }
  defer { Signals.stop.withLock { $0 = nil } }
  return try await task.value
}

/// What Ctrl-C, SIGTERM and SIGUSR1 do in this process.
private enum Signals {
  /// Given a signal's number, stops the work under way; where there is none, signals end the process.
  static let stop = Mutex<(@Sendable (CInt) -> Void)?>(nil)

  /// Ends when signals are handled, from then on for as long as the process runs: Dispatch sets a
  /// handler for the first source of a signal only.
  static let areHandled = Task {
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        guard let stop = stop.withLock({ $0 }) else { exit(128 + number) }
        stop(number)
        withExtendedLifetime(source) {}  // it keeps itself
      }
      await withCheckedContinuation { continuation in
        source.setRegistrationHandler { continuation.resume() }
        source.activate()
      }
    }
  }
}

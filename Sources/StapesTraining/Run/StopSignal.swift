internal import Synchronization

/// A request to end a run early, made once and seen by all who hold the signal.
final class StopSignal: Sendable {
  private let requested = Atomic(false)

  /// Whether the request was made.
  var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Makes the request.
  func request() {
    requested.store(true, ordering: .relaxed)
  }
}

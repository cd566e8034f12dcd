internal import Synchronization

/// A fact that comes true once, and is seen by all who hold the flag.
package final class Flag: Sendable {
  private let state = Atomic(false)

  /// Whether it has come true.
  package var isSet: Bool { state.load(ordering: .relaxed) }

  /// Makes a flag that is not set.
  package init() {}

  /// Makes it true.
  package func set() { state.store(true, ordering: .relaxed) }
}

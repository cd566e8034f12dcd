package import StapesNetwork
internal import Synchronization

/// Adds up the gradients of shards in the order of the shards, whichever is done first.
///
/// Sums of floats depend on their order; with this one they are the same on any number of
/// threads. A gradient that comes early waits for those before it.
package final class OrderedGradientSum: Sendable {
  private struct State {
    var sum: NetworkParameters?
    var waiting: [Int: NetworkParameters] = [:]
    var nextIndex = 0
  }

  private let state = Mutex(State())

  /// Starts without a gradient.
  package init() {}

  /// Takes in the gradient of one shard.
  package func add(_ gradient: sending NetworkParameters, at index: Int) {
    state.withLock { state in
      state.waiting[index] = gradient
      while let gradient = state.waiting.removeValue(forKey: state.nextIndex) {
        state.nextIndex += 1
        if state.sum == nil {
          state.sum = gradient
        } else {
          state.sum?.add(gradient)
        }
      }
    }
  }

  /// Hands over the sum; nil when nothing was added.
  package func take() -> NetworkParameters? {
    state.withLock { state in
      precondition(
        state.waiting.isEmpty, "\(state.waiting.count) gradients wait for shard \(state.nextIndex)")
      return state.sum.take()
    }
  }
}

internal import Dispatch
internal import Synchronization

extension Array where Element: Sendable {
  /// What a function makes of each element, computed on all processors at once.
  ///
  /// For short work that cannot wait for a task; the results are those of `map`.
  ///
  /// - Parameter transform: the function, which may be called several times at once.
  package func concurrentMap<Result: Sendable>(
    _ transform: @Sendable (Element) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = transform(self[index])
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}

/// The results of two functions, computed on two processors at once.
///
/// For short work that cannot wait for a task.
package func together<First: Sendable, Second: Sendable>(
  _ first: @Sendable () -> First, _ second: @Sendable () -> Second
) -> (First, Second) {
  let results = [true, false].concurrentMap { isFirst -> (First?, Second?) in
    isFirst ? (first(), nil) : (nil, second())
  }
  guard let one = results[0].0, let other = results[1].1 else {
    preconditionFailure("a function of two was not computed")
  }
  return (one, other)
}

internal import Synchronization

/// Computes the results of independent items on several child tasks.
///
/// The tasks pull items from one counter, so the load is even whatever the items cost. The
/// results come in the order of the items, and must not depend on which task computed them.
///
/// - Parameters:
///   - count: the number of items.
///   - threadCount: the number of child tasks, at least 1.
///   - makeTools: makes what one task works with (a feature extractor), once a task.
///   - body: computes the item at an index.
/// - Throws: what `makeTools` or `body` throws first; `CancellationError` when the task is
///   cancelled.
package func concurrentResults<Tools: ~Copyable, Result: Sendable>(
  count: Int, threadCount: Int,
  makeTools: @escaping @Sendable () throws -> Tools,
  body: @escaping @Sendable (inout Tools, Int) throws -> Result
) async throws -> [Result] {
  let counter = ItemCounter(count: count)
  return try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
    for _ in 0..<min(threadCount, count) {
      group.addTask {
        var tools = try makeTools()
        var results: [(Int, Result)] = []
        while let item = counter.next() {
          try Task.checkCancellation()
          results.append((item, try body(&tools, item)))
        }
        return results
      }
    }
    var results = [Result?](repeating: nil, count: count)
    for try await part in group {
      for (item, result) in part { results[item] = result }
    }
    return results.compactMap { $0 }
  }
}

/// Hands out the numbers 0..<count, each once, to any number of tasks.
private final class ItemCounter: Sendable {
  private let count: Int
  private let taken = Atomic(0)

  init(count: Int) {
    self.count = count
  }

  func next() -> Int? {
    let item = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return item < count ? item : nil
  }
}

/// Where in a sorted table of n-grams those that continue each shorter one begin, found while the
/// table is filled in order.
struct ChildLinks {
  private let contexts: [UInt128]
  private let pool: NGramKey
  private var children: [UInt32] = []
  private var count: UInt32 = 0

  /// Starts with the keys of the shorter n-grams, in order.
  init(contexts: [UInt128], pool: NGramKey) {
    (self.contexts, self.pool) = (contexts, pool)
    children.reserveCapacity(contexts.count + 1)
  }

  /// Goes on to a context that follows all that were asked for before.
  ///
  /// - Returns: its place; nil where it is not among the shorter n-grams.
  mutating func advance(to context: UInt128) -> Int? {
    while children.count < contexts.count, contexts[children.count] <= context {
      children.append(count)
    }
    guard let place = children.indices.last, contexts[place] == context else { return nil }
    return place
  }

  /// Adds the next n-gram.
  ///
  /// - Returns: the place of its context; nil, and nothing is added, where that is missing.
  mutating func add(_ key: UInt128) -> Int? {
    guard let place = advance(to: pool.context(of: key)) else { return nil }
    count += 1
    return place
  }

  /// The starts, and at the end the number of n-grams.
  mutating func finish() -> [UInt32] {
    while children.count <= contexts.count { children.append(count) }
    return children
  }
}

internal import Dispatch
internal import StapesConcurrency
package import StapesKernels
internal import Synchronization

/// Adds up the gradients of shards in the order of the shards, whichever is done first, over all
/// ranks.
///
/// Sums of floats depend on their order; with this one they are the same on any number of threads
/// and of ranks. A gradient that comes early waits for those before it. Rank by rank, each adds its
/// shards one by one to the sum of all before: piece by piece a sum goes up the ranks, and the total
/// comes back down, while the layers below are still computed.
package final class OrderedGradientSum: Sendable {
  /// The shards of one matrix.
  private struct Part {
    var sum: Matrix?
    var waiting: [Int: Matrix] = [:]
    var nextShard: Int
  }

  /// A run of one matrix's elements: what one message holds.
  struct Piece {
    let part: Int
    let range: Range<Int>
  }

  private let parts: Mutex<[Part]>
  private let shapes: [(rowCount: Int, columnCount: Int)]
  private let shards: Range<Int>
  private let ranks: RankGroup
  /// For each matrix, whether all shards of this rank are there.
  private let ready: [DispatchSemaphore]
  /// The first of them to travel, twice: nothing is worth waiting for at other ranks before.
  private let begun = DispatchSemaphore(value: 0)

  /// Half a mebibyte: the next piece is added to while one travels, and few fit between two layers.
  private static let pieceLength = 1 << 17

  /// Starts without a gradient.
  ///
  /// - Parameters:
  ///   - shapes: of the matrices of a gradient.
  ///   - shards: those that this rank adds; one after the other they are all shards.
  ///   - ranks: who adds the others.
  package init(
    shapes: [(rowCount: Int, columnCount: Int)], shards: Range<Int>, ranks: RankGroup = .alone
  ) {
    (self.shapes, self.shards, self.ranks) = (shapes, shards, ranks)
    parts = Mutex(shapes.map { _ in Part(nextShard: shards.lowerBound) })
    ready = shapes.map { _ in DispatchSemaphore(value: 0) }
    if shards.isEmpty { for part in ready.indices { signal(part) } }
  }

  private func signal(_ part: Int) {
    ready[part].signal()
    guard part == ready.count - 1 else { return }
    for _ in 0..<2 { begun.signal() }
  }

  /// Takes in one matrix of the gradient of one shard.
  package func add(_ gradient: Matrix, part: Int, shard: Int) {
    let isReady = parts.withLock { parts in
      parts[part].waiting[shard] = gradient
      guard ranks.isFirst else { return parts[part].waiting.count == shards.count }
      while let next = parts[part].waiting.removeValue(forKey: parts[part].nextShard) {
        parts[part].nextShard += 1
        if parts[part].sum == nil {
          parts[part].sum = next
        } else {
          parts[part].sum?.add(next)
        }
      }
      return parts[part].nextShard == shards.upperBound
    }
    if isReady { signal(part) }
  }

  /// Does the work that adds the shards of this rank, and meanwhile the sums with other ranks.
  ///
  /// - Returns: the result of the work, and the total of all ranks: none where there is no shard at
  ///   all, and one of no use where the work failed on any rank.
  package func total<Value: Sendable>(
    of work: () async throws -> Value
  ) async throws -> (work: Result<Value, any Error>, total: [Matrix]) {
    guard let link = ranks.link else { return (await outcome(of: work), takeSums()) }
    async let total = exchange(over: link)
    let result = await outcome(of: work)
    // No other rank is to wait for what will not come.
    if case .failure = result { for part in ready.indices { signal(part) } }
    let start = ContinuousClock.now
    defer { ranks.waits.add(since: start) }
    return (result, try await total)
  }

  private func exchange(over link: any RankLink) async throws -> [Matrix] {
    let threads = WorkThreads(name: "sums")
    return try await withThrowingTaskGroup(of: [Matrix]?.self) { group in
      group.addTask(executorPreference: threads) { try self.passSums(over: link) }
      group.addTask(executorPreference: threads) { try self.passTotals(over: link) }
      var total: [Matrix]?
      for try await result in group { total = result ?? total }
      return total ?? []
    }
  }

  private func takeSums() -> [Matrix] {
    parts.withLock { parts in
      defer { for part in parts.indices { parts[part].sum = nil } }
      return parts.compactMap(\.sum)
    }
  }
}

extension OrderedGradientSum {
  /// The pieces in the order in which they travel: the backward pass has the last layer first.
  private var pieces: [Piece] {
    shapes.indices.reversed().flatMap { part in
      let count = shapes[part].rowCount * shapes[part].columnCount
      return stride(from: 0, to: count, by: Self.pieceLength).map {
        Piece(part: part, range: $0..<min($0 + Self.pieceLength, count))
      }
    }
  }

  private var zeros: [Matrix] {
    shapes.map { Matrix(rowCount: $0.rowCount, columnCount: $0.columnCount) }
  }

  /// Takes the sums from the rank before, adds this rank's shards, and sends them on.
  ///
  /// - Returns: the total, on the last rank.
  private func passSums(over link: any RankLink) throws(RankError) -> [Matrix]? {
    let (pieces, isLast) = (pieces, link.rank == link.count - 1)
    var own = OwnShards()
    var total = isLast ? zeros : nil
    func pass(_ sum: [Float], _ range: Range<Int>, _ piece: Piece) throws(RankError) {
      let bytes = unsafe sum.span.extracting(range).bytes
      let (rank, channel) = isLast ? (link.rank - 1, RankChannel.totals) : (link.rank + 1, .sums)
      try link.send(bytes, to: rank, on: channel)
      total?[piece.part].values.replace(piece.range, with: bytes)
    }
    begun.wait()
    if link.rank == 0 {
      for piece in pieces {
        if let sum = matrices(of: piece.part, &own).first {
          try pass(sum.values, piece.range, piece)
        } else {
          // Nothing but −0 changes no float that is added to it.
          try pass(
            Array(repeating: -0.0, count: piece.range.count), 0..<piece.range.count, piece)
        }
      }
    } else {
      var index = 0
      try link.receive(
        pieces.map { 4 * $0.range.count }, from: link.rank - 1, on: .sums
      ) { (bytes) throws(RankError) in
        let piece = pieces[index]
        index += 1
        var sum = [Float](copying: bytes)
        for gradient in matrices(of: piece.part, &own) {
          sum.add(gradient.values, from: piece.range.lowerBound)
        }
        try pass(sum, sum.indices, piece)
      }
    }
    try link.flush(
      to: isLast ? link.rank - 1 : link.rank + 1, on: isLast ? .totals : .sums)
    return total
  }

  /// Takes the totals from the rank behind, and sends them on to the one before.
  ///
  /// - Returns: the total; nil on the last rank, which makes it.
  private func passTotals(over link: any RankLink) throws(RankError) -> [Matrix]? {
    guard link.rank < link.count - 1 else { return nil }
    let pieces = pieces
    var (total, index) = (zeros, 0)
    begun.wait()
    try link.receive(
      pieces.map { 4 * $0.range.count }, from: link.rank + 1, on: .totals
    ) { (bytes) throws(RankError) in
      let piece = pieces[index]
      index += 1
      total[piece.part].values.replace(piece.range, with: bytes)
      if link.rank > 0 { try link.send(bytes, to: link.rank - 1, on: .totals) }
    }
    if link.rank > 0 { try link.flush(to: link.rank - 1, on: .totals) }
    return total
  }

  /// What the rank adds to a matrix, held while its pieces pass.
  private struct OwnShards {
    var part: Int?
    var matrices: [Matrix] = []
  }

  /// Waits until the shards of this rank are there, and takes their matrices in order: on the first
  /// rank their sum.
  private func matrices(of part: Int, _ own: inout OwnShards) -> [Matrix] {
    guard own.part != part else { return own.matrices }
    ready[part].wait()
    let matrices = parts.withLock { parts in
      defer { parts[part] = Part(nextShard: shards.upperBound) }
      return ranks.isFirst
        ? [parts[part].sum].compactMap { $0 }
        : shards.compactMap { parts[part].waiting[$0] }
    }
    own = OwnShards(part: part, matrices: matrices)
    return matrices
  }
}

extension [Float] {
  /// Copies floats.
  fileprivate init(copying bytes: RawSpan) {
    unsafe self.init(unsafeUninitializedCapacity: bytes.byteCount / 4) { target, count in
      unsafe bytes.withUnsafeBytes {
        unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: $0)
      }
      count = bytes.byteCount / 4
    }
  }

  /// Replaces a run of elements.
  fileprivate mutating func replace(_ range: Range<Int>, with bytes: RawSpan) {
    unsafe withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(
          rebasing: target[4 * range.lowerBound..<4 * range.upperBound]
        ).copyMemory(from: source)
      }
    }
  }

  /// Adds to each element that of another array, from an index on.
  fileprivate mutating func add(_ other: [Float], from start: Int) {
    unsafe withUnsafeMutableBufferPointer { sum in
      unsafe other.withUnsafeBufferPointer { other in
        for index in sum.indices { unsafe sum[index] += other[start &+ index] }
      }
    }
  }
}

import StapesConcurrency
import StapesKernels
import StapesRanks
import TestSupport
import Testing

@Suite struct RankGroupTests {
  /// Runs a body on each rank of a group, all at the same time.
  ///
  /// - Returns: what came of it, in the order of the ranks.
  private func onRanks<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (RankGroup) async throws -> Value
  ) async -> [Result<Value, any Error>] {
    let threads = WorkThreads(name: "ranks")
    return await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
      for link in LocalLink.group(of: count) {
        group.addTask(executorPreference: threads) {
          do {
            return (link.rank, .success(try await body(RankGroup(link))))
          } catch {
            return (link.rank, .failure(error))
          }
        }
      }
      var results: [(Int, Result<Value, any Error>)] = []
      for await result in group { results.append(result) }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Numbers of which no two orders of adding give the same sum.
  private func gradient(shard: Int, count: Int) -> Matrix {
    var random = SplitMix64(seed: 7, stream: UInt64(shard))
    let scale: Float = [1, 1e6, 1e-3, -1e6][shard % 4]
    return Matrix(
      rowCount: 1, columnCount: count,
      values: (0..<count).map { _ in scale * Float.random(in: -1...1, using: &random) })
  }

  /// More than one piece, and less; a shard a rank and more, and ranks without any.
  @Test(arguments: [1, 2, 3, 5, 8], [1, 2, 5, 12])
  func sumsAreThoseOfOneRankInTheOrderOfTheShards(ranks: Int, shards: Int) async throws {
    let counts = [300_001, 7, 1]
    var expected = counts.map { gradient(shard: 0, count: $0).values }
    for shard in 1..<max(shards, 1) {
      for (part, count) in counts.enumerated() {
        let other = gradient(shard: shard, count: count).values
        for index in 0..<count { expected[part][index] += other[index] }
      }
    }
    let results = await onRanks(ranks) { group in
      let share = group.share(of: shards)
      let sum = OrderedGradientSum(
        shapes: counts.map { (1, $0) }, shards: share, ranks: group)
      return try await sum.total {
        // The last comes first, and waits.
        for shard in share.reversed() {
          for part in counts.indices.reversed() {
            sum.add(gradient(shard: shard, count: counts[part]), part: part, shard: shard)
          }
        }
      }.total.map(\.values)
    }
    #expect(results.count == ranks)
    for result in results {
      let bits = try result.get().map { $0.map(\.bitPattern) }
      #expect(bits == expected.map { $0.map(\.bitPattern) })
    }
  }

  @Test func anEmptyFirstRankKeepsTheSignOfZero() async throws {
    let results = await onRanks(3) { group in
      let share = group.rank == 2 ? 0..<1 : 0..<0
      let sum = OrderedGradientSum(shapes: [(1, 1)], shards: share, ranks: group)
      return try await sum.total {
        if !share.isEmpty {
          sum.add(Matrix(rowCount: 1, columnCount: 1, values: [-0.0]), part: 0, shard: 0)
        }
      }.total[0].values[0].sign
    }
    for result in results { #expect(try result.get() == .minus) }
  }

  private struct Fault: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  @Test(arguments: [0, 1, 3]) func workThatFailsOnOneRankFailsOnAll(faulty: Int) async throws {
    let results = await onRanks(4) { group in
      let share = group.share(of: 8)
      let sum = OrderedGradientSum(shapes: [(1, 3)], shards: share, ranks: group)
      let (work, _) = try await sum.total { () -> Int in
        guard group.rank != faulty else { throw Fault(description: "no such clip") }
        for shard in share { sum.add(gradient(shard: shard, count: 3), part: 0, shard: shard) }
        return group.rank
      }
      return try await group.gather(work)
    }
    for (rank, result) in results.enumerated() {
      let error = #expect(throws: (any Error).self) { _ = try result.get() }
      if rank > 0 {
        #expect(error as? RankError == .told)
      } else if faulty == 0 {
        #expect(error as? Fault == Fault(description: "no such clip"))
      } else {
        #expect(error.map { "\($0)" } == "rank \(faulty): no such clip")
      }
    }
  }

  @Test(arguments: 1...9) func everyRankLearnsWhatEachSays(ranks: Int) async throws {
    let results = await onRanks(ranks) { group in
      // More than one message long.
      let own = String(repeating: "\(group.rank)", count: group.rank == 1 ? 3_000_000 : 3)
      let all = try await group.gather(.success([own]))
      let first = try await group.broadcast(group.rank * 10 + 7)
      // (((0 · 3 + 1) · 3 + 2) · 3 + …: the order shows.
      let folded = try await group.fold(0) { $0 = $0 * 3 + group.rank }
      return (all.map { $0[0].count }, all.map { $0[0].first }, first, folded)
    }
    let expected = (0..<ranks).reduce(0) { $0 * 3 + $1 }
    for result in results {
      let (counts, digits, first, folded) = try result.get()
      #expect(counts == (0..<ranks).map { $0 == 1 ? 3_000_000 : 3 })
      #expect(digits == (0..<ranks).map { "\($0)".first })
      #expect(first == 7 && folded == expected)
    }
  }

  @Test func numbersThatAreNoneTravelToo() async throws {
    let results = await onRanks(2) { group in
      try await group.gather(
        .success([Double.infinity, -.infinity, .nan, 0.1 + Double(group.rank)]))
    }
    let all = try results[1].get()
    #expect(all.map { $0[3] } == [0.1, 1.1] && all[0][0] == .infinity && all[1][2].isNaN)
  }

  @Test func sharesAreRunsOfAboutEqualWork() async throws {
    let results = await onRanks(3) { group in
      (
        group.share(of: 12), group.share(of: [9, 1, 1, 1, 1, 1, 4]), group.share(of: 2),
        group.share(of: 0)
      )
    }
    let shares = try results.map { try $0.get() }
    #expect(shares.map(\.0) == [0..<4, 4..<8, 8..<12])
    #expect(shares.map(\.1) == [0..<1, 1..<4, 4..<7])
    #expect(shares.map(\.2.count).reduce(0, +) == 2)
    #expect(shares.map(\.2).flatMap { Array($0) } == [0, 1])
    #expect(shares.allSatisfy { $0.3.isEmpty })
    #expect(RankGroup.alone.share(of: 5) == 0..<5)
  }
}

internal import FoundationEssentials
internal import StapesConcurrency
internal import Synchronization

/// The processes that train together: what they tell each other, and how they share the work.
///
/// Every rank makes the same calls in the same order.
package struct RankGroup: Sendable {
  /// A group of one.
  package static let alone = RankGroup()

  /// What carries the messages; nil for a group of one.
  let link: (any RankLink)?
  /// What to call each rank.
  private var names: [String] = ["rank 0"]
  /// How many cores there are for this rank, where all on its host share them; nil in a group of one.
  package var coreShare: Int?
  /// What sees other ranks end.
  var watch: PeerWatch?
  private let threads = WorkThreads(name: "ranks")
  /// How long this rank has waited for others.
  let waits = WaitMeter()
  /// Whether all ranks have been told of a failure, so that none waits for another.
  private let hasFailed = Flag()

  /// The number of this rank, counted from 0.
  package var rank: Int { link?.rank ?? 0 }
  /// The number of ranks.
  package var count: Int { link?.count ?? 1 }
  /// Whether there is no other rank.
  package var isAlone: Bool { count == 1 }
  /// Whether this rank is the one that writes files and tells people.
  package var isFirst: Bool { rank == 0 }

  private init() { link = nil }

  /// Joins the ranks of a link.
  package init(_ link: any RankLink) {
    self.link = link.count > 1 ? link : nil
    names = (0..<link.count).map { "rank \($0)" }
  }

  /// Names the ranks, as by their hosts.
  mutating func name(_ names: [String]) { self.names = names }

  /// All ranks, where there are several: launchers tell of a process that ended, not of its rank.
  package var line: String? {
    isAlone ? nil : "\(count) ranks work together: \(names.joined(separator: ", "))"
  }

  /// How much of the time since the start the ranks have waited for each other, on average; nil in a
  /// group of one.
  package var waitingLine: String? {
    get async throws {
      guard !isAlone, !hasFailed.isSet else { return nil }
      let shares = try await gather(.success(waits.share))
      let percent = (1000 * shares.reduce(0, +) / Double(count)).rounded() / 10
      return "the \(count) ranks waited for each other \(percent) % of the time"
    }
  }

  /// What to call this rank.
  package var name: String { name(of: rank) }

  /// What to call a rank.
  func name(of rank: Int) -> String { names[rank] }

  /// A contiguous run of items for this rank, so that all ranks have about as much to do.
  ///
  /// The runs of all ranks in their order make up all items.
  ///
  /// - Parameter weights: the work of each item.
  package func share(of weights: [Double]) -> Range<Int> {
    guard !isAlone else { return weights.indices }
    let whole = weights.reduce(0, +)
    /// The first item of a rank: where the work before it comes nearest to its part.
    func start(of rank: Int) -> Int {
      guard rank < count else { return weights.count }
      let wanted = whole * Double(rank) / Double(count)
      var (sum, best, distance) = (0.0, 0, wanted)
      for (index, weight) in weights.enumerated() {
        sum += weight
        guard abs(sum - wanted) < distance else { continue }
        (best, distance) = (index + 1, abs(sum - wanted))
      }
      return best
    }
    return start(of: rank)..<start(of: rank + 1)
  }

  /// A contiguous run of this many like items for this rank.
  package func share(of count: Int) -> Range<Int> {
    share(of: [Double](repeating: 1, count: count))
  }

  /// Why a rank that runs something else than rank 0 does cannot take part; rank 0 says it.
  package func refusal(of rank: Int, what: String, here: String, there: String) -> RankError {
    hasFailed.set()
    return isFirst
      ? .differs(rank: name(of: rank), what: what, here: here, there: there) : .told
  }

  /// Runs what all ranks do together, and leaves the group.
  ///
  /// A failure is told, once, before any rank leaves, since launchers end a job with its first process
  /// that fails. One that other ranks do not know of, and may wait for, ends their processes too.
  ///
  /// - Parameters:
  ///   - work: the work.
  ///   - tell: tells a failure; of several ranks one calls it.
  /// - Throws: what the work throws, in a group of one; else `RankError.told`.
  package func run<Result>(
    _ work: () async throws -> Result, tell: (any Error) -> Void
  ) async throws -> Result {
    guard let link else { return try await work() }
    let result = await outcome(of: work)
    if case .failure(let error) = result {
      if isFirst || !hasFailed.isSet { tell(error) }
      if !hasFailed.isSet { link.endAll() }
    }
    watch?.stop()
    _ = try? await gather(.success(true))
    link.finish()
    guard case .success(let value) = result else { throw RankError.told }
    return value
  }
}

/// What comes of some work, an error too.
func outcome<Value>(of work: () async throws -> Value) async -> Result<Value, any Error> {
  do {
    return .success(try await work())
  } catch {
    return .failure(error)
  }
}

/// Adds up how long is waited, as a share of the time.
final class WaitMeter: Sendable {
  private let start = ContinuousClock.now
  private let waited = Mutex(Duration.zero)

  func add(since begin: ContinuousClock.Instant) {
    waited.withLock { $0 += ContinuousClock.now - begin }
  }

  var share: Double { waited.withLock { $0 / (ContinuousClock.now - start) } }
}

/// What a rank tells all others: a value, or why it has none.
private struct Told<Value: Codable>: Codable {
  var value: Value?
  var failure: String?
}

extension RankGroup {
  /// Gathers what every rank makes, in the order of the ranks.
  ///
  /// - Throws: where a rank's making throws, on rank 0 that error or `RankError.failed`, and on all
  ///   others `RankError.told`.
  package func gather<Value: Codable>(_ make: () async throws -> Value) async throws -> [Value] {
    try await gather(await outcome(of: make))
  }

  /// Computes what this rank keeps to itself, once no rank has failed at it.
  ///
  /// - Throws: as above.
  package func compute<Value>(_ make: () async throws -> Value) async throws -> Value {
    let result = await outcome(of: make)
    _ = try await gather(result.map { _ in true })
    return try result.get()
  }

  /// Gathers what every rank has, or why it has nothing.
  ///
  /// - Throws: as above.
  package func gather<Value: Codable>(
    _ own: Result<Value, any Error>
  ) async throws -> [Value] {
    guard let link else { return [try own.get()] }
    var told = Told<Value>()
    switch own {
    case .success(let value): told.value = value
    case .failure(let error): told.failure = "\(error)"
    }
    let words = try encoded(told)
    let messages = try await waiting { () throws(RankError) in try link.exchange(words) }
    let all = try messages.enumerated().map { rank, bytes throws(RankError) in
      try decoded(Told<Value>.self, from: bytes, of: rank)
    }
    if let failed = all.firstIndex(where: { $0.failure != nil }) {
      hasFailed.set()
      guard isFirst else { throw RankError.told }
      if case .failure(let error) = own { throw error }
      throw RankError.failed(rank: name(of: failed), reason: all[failed].failure ?? "")
    }
    return all.compactMap(\.value)
  }

  /// What rank 0 has, on every rank.
  package func broadcast<Value: Codable>(_ value: Value) async throws(RankError) -> Value {
    guard let link else { return value }
    let own = rank == 0 ? try encoded(value) : []
    let bytes = try await waiting { () throws(RankError) in try link.spread(own) }
    return try decoded(Value.self, from: bytes, of: 0)
  }

  /// Passes a value from rank to rank, each of which adds to it, and hands the last rank's to all.
  package func fold<Value: Codable & Sendable>(
    _ start: Value, adding add: (inout Value) -> Void
  ) async throws -> Value {
    var value = start
    guard let link else {
      add(&value)
      return value
    }
    if rank > 0 {
      let bytes = try await waiting { () throws(RankError) in
        try link.receiveBytes(from: rank - 1)
      }
      value = try decoded(Value.self, from: bytes, of: rank - 1)
    }
    add(&value)
    // Behind the last comes the first.
    let words = try encoded(value)
    let bytes = try await waiting { () throws(RankError) in
      try link.sendBytes(words, to: (rank + 1) % count)
      return try link.spread(rank == 0 ? link.receiveBytes(from: count - 1) : [])
    }
    return try decoded(Value.self, from: bytes, of: 0)
  }

  /// Waits for other ranks on a thread that computes nothing.
  private func waiting<Value>(
    _ work: () throws(RankError) -> Value
  ) async throws(RankError) -> Value {
    let start = ContinuousClock.now
    defer { waits.add(since: start) }
    return try await withTaskExecutorPreference(threads) { () async throws(RankError) in
      try work()
    }
  }

  private func encoded(_ value: some Encodable) throws(RankError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(value) else { throw .misunderstood(rank: rank) }
    return Array(data)
  }

  private func decoded<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], of rank: Int
  ) throws(RankError) -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      throw .misunderstood(rank: rank)
    }
  }
}

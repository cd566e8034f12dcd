import StapesServer
import Synchronization
import Testing

@Suite struct WorkQueueTests {
  /// Work that is held until it may go on.
  private struct Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func pass() async { for await _ in stream { return } }
    func open() { continuation.finish() }
  }

  private final class Log: Sendable {
    private let names = Mutex<[String]>([])
    func add(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock { $0 } }
  }

  /// Waits until so much work waits.
  private func wait(for count: Int, in queue: WorkQueue) async {
    while await queue.length != count { await Task.yield() }
  }

  @Test func theShortestGoesFirst() async throws {
    let queue = WorkQueue(jobs: 1, capacity: 10)
    let (gate, log) = (Gate(), Log())
    try await withThrowingTaskGroup(of: Void.self) { group in
      let first = Gate()
      group.addTask {
        try await queue.run(seconds: 1) {
          first.open()
          await gate.pass()
        }
      }
      await first.pass()
      // So much apart that the time between their arrivals does not count.
      for (index, seconds) in [3000.0, 1000, 4000, 2000].enumerated() {
        group.addTask { try await queue.run(seconds: seconds) { log.add("\(Int(seconds))") } }
        await wait(for: index + 1, in: queue)
      }
      gate.open()
      try await group.waitForAll()
    }
    #expect(log.all == ["1000", "2000", "3000", "4000"])
  }

  @Test func eachIsRefusedAtItsOwnTime() async throws {
    let queue = WorkQueue(jobs: 1, capacity: 10)
    let (gate, first, log) = (Gate(), Gate(), Log())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await queue.run(seconds: 1) {
          first.open()
          await gate.pass()
        }
      }
      await first.pass()
      group.addTask {
        try await queue.run(seconds: 1, within: .seconds(3000)) { log.add("patient") }
      }
      await wait(for: 1, in: queue)
      // These come when the queue looks out for the patient one, which is late in 50 minutes.
      for limit in [100, 20] {
        let start = ContinuousClock.now
        await #expect(throws: WorkQueue.Refusal.late) {
          try await queue.run(seconds: 1, within: .milliseconds(limit)) { log.add("\(limit)") }
        }
        let waited = ContinuousClock.now - start
        #expect(waited >= .milliseconds(limit) && waited < .seconds(1000), "\(waited)")
      }
      gate.open()
      try await group.waitForAll()
    }
    #expect(log.all == ["patient"])
  }

  @Test func whatFindsNoPlaceIsRefused() async throws {
    let queue = WorkQueue(jobs: 1, capacity: 1)
    let gate = Gate()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let first = Gate()
      group.addTask {
        try await queue.run(seconds: 1) {
          first.open()
          await gate.pass()
        }
      }
      await first.pass()
      group.addTask { try await queue.run(seconds: 1) {} }
      await wait(for: 1, in: queue)
      await #expect(throws: WorkQueue.Refusal.full) { try await queue.run(seconds: 1) {} }
      gate.open()
      try await group.waitForAll()
    }
  }

  @Test func whoLeavesGivesUpItsPlace() async throws {
    let queue = WorkQueue(jobs: 1, capacity: 1)
    let (gate, first) = (Gate(), Gate())
    let running = Task {
      try await queue.run(seconds: 1) {
        first.open()
        await gate.pass()
      }
    }
    await first.pass()
    let leaving = Task { try await queue.run(seconds: 1) { Issue.record("it ran") } }
    await wait(for: 1, in: queue)
    leaving.cancel()
    await #expect(throws: CancellationError.self) { try await leaving.value }
    #expect(await queue.length == 0)
    gate.open()
    try await running.value
    try await queue.run(seconds: 1) {}
  }

  @Test func aClosedQueueTakesNothing() async throws {
    let queue = WorkQueue(jobs: 2, capacity: 5)
    #expect(try await queue.run(seconds: 0) { 7 } == 7)
    await queue.close()
    await #expect(throws: WorkQueue.Refusal.closed) { try await queue.run(seconds: 0) {} }
  }

  @Test func workThatFailsMakesRoom() async throws {
    struct Fault: Error {}
    let queue = WorkQueue(jobs: 1, capacity: 0)
    for _ in 0..<3 {
      await #expect(throws: Fault.self) { try await queue.run(seconds: 0) { throw Fault() } }
    }
    #expect(try await queue.run(seconds: 0) { true })
  }
}

internal import StapesConcurrency

/// Where recognition waits for a processor core: so much at a time, the shortest first.
///
/// What waits counts as shorter with each second that it does, so that a long clip has its turn too.
package actor WorkQueue {
  /// Why work was not done.
  package enum Refusal: Error, Equatable {
    /// As much waits as may.
    case full
    /// It did not begin within its time.
    case late
    /// The server is about to end.
    case closed
  }

  private struct Waiter {
    let number: Int
    /// The seconds of sound, less the time at which it came.
    let rank: Double
    /// When it is too late to begin.
    let latest: ContinuousClock.Instant?
    let continuation: CheckedContinuation<Void, any Error>
  }

  /// How many pieces of work wait at most.
  package let capacity: Int
  private let jobs: Int
  private let executor = WorkThreads(name: "recognition")
  private let start = ContinuousClock.now
  private var runningCount = 0
  private var waiting: [Waiter] = []
  /// What looks for those that have waited too long, and when.
  ///
  /// One for all: the timer of a sleep that is cancelled lives on until its time, and would add up.
  private var lookout: (task: Task<Void, Never>, time: ContinuousClock.Instant)?
  private var nextNumber = 0
  private var isClosed = false

  /// Makes a queue.
  ///
  /// - Parameters:
  ///   - jobs: how much work is done at a time, at least 1.
  ///   - capacity: how much may wait for it.
  package init(jobs: Int, capacity: Int) {
    (self.jobs, self.capacity) = (jobs, capacity)
  }

  /// How much work waits.
  package var length: Int { waiting.count }

  /// Does some work when its turn comes, on threads that serve nothing else.
  ///
  /// - Parameters:
  ///   - seconds: how much sound it is.
  ///   - limit: how long it may wait; nil for as long as it takes.
  ///   - work: the work.
  /// - Throws: `Refusal`, `CancellationError` where the task is cancelled while it waits, and what the
  ///   work throws.
  package nonisolated func run<Result: Sendable>(
    seconds: Double, within limit: Duration? = nil,
    _ work: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await wait(seconds: seconds, limit: limit)
    do {
      let result = try await withTaskExecutorPreference(executor, operation: work)
      await release()
      return result
    } catch {
      await release()
      throw error
    }
  }

  /// Takes no more work; what waits or runs is still done.
  package func close() { isClosed = true }

  private func wait(seconds: Double, limit: Duration?) async throws {
    if isClosed { throw Refusal.closed }
    guard runningCount >= jobs else {
      runningCount += 1
      return
    }
    guard waiting.count < capacity else { throw Refusal.full }
    nextNumber += 1
    let number = nextNumber
    let now = ContinuousClock.now
    let rank = seconds + (now - start) / .seconds(1)
    let latest = limit.map { now + $0 }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation {
        (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
        waiting.append(
          Waiter(number: number, rank: rank, latest: latest, continuation: continuation))
        lookOut()
      }
    } onCancel: {
      Task { await give(up: number, CancellationError()) }
    }
  }

  /// Sees to it that the next one to be late is refused in time.
  private func lookOut() {
    guard let time = waiting.compactMap(\.latest).min() else { return }
    if let lookout, lookout.time <= time { return }
    lookout?.task.cancel()
    lookout = (
      Task { [weak self] in
        try? await Task.sleep(until: time, clock: .continuous)
        if !Task.isCancelled { await self?.refuseLate() }
      }, time
    )
  }

  private func refuseLate() {
    lookout = nil
    let now = ContinuousClock.now
    for waiter in waiting where waiter.latest.map({ $0 <= now }) ?? false {
      give(up: waiter.number, Refusal.late)
    }
    lookOut()
  }

  private func give(up number: Int, _ error: any Error) {
    guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: index).continuation.resume(throwing: error)
  }

  private func release() {
    let first = waiting.indices.min {
      (waiting[$0].rank, waiting[$0].number) < (waiting[$1].rank, waiting[$1].number)
    }
    guard let first else {
      runningCount -= 1
      return
    }
    waiting.remove(at: first).continuation.resume()
  }
}

internal import Dispatch
package import StapesRanks
internal import Synchronization

/// Ranks that are tasks of one process, joined by queues in memory.
package final class LocalLink: RankLink {
  package let rank: Int
  package let count: Int
  private let mailbox: Mailbox

  /// Makes the links of a group.
  package static func group(of count: Int) -> [LocalLink] {
    let mailbox = Mailbox()
    return (0..<count).map { LocalLink(rank: $0, count: count, mailbox: mailbox) }
  }

  private init(rank: Int, count: Int, mailbox: Mailbox) {
    (self.rank, self.count, self.mailbox) = (rank, count, mailbox)
  }

  package func send(
    _ bytes: RawSpan, to rank: Int, on channel: RankChannel
  ) throws(RankError) {
    let content = (0..<bytes.byteCount).map {
      unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
    }
    mailbox.put(content, .init(from: self.rank, to: rank, channel: channel))
  }

  package func flush(to rank: Int, on channel: RankChannel) throws(RankError) {}

  package func receive(
    _ sizes: [Int], from rank: Int, on channel: RankChannel,
    _ body: (RawSpan) throws(RankError) -> Void
  ) throws(RankError) {
    for size in sizes {
      let content = mailbox.take(.init(from: rank, to: self.rank, channel: channel))
      precondition(content.count == size, "\(content.count) bytes where \(size) were expected")
      try body(unsafe content.span.bytes)
    }
  }

  package func finish() {}
  package func endAll() {}
}

/// The messages on their way.
private final class Mailbox: Sendable {
  struct Route: Hashable {
    let from: Int
    let to: Int
    let channel: RankChannel
  }

  /// Messages of one route, and what waits for the next.
  private struct Queue {
    var messages: [[UInt8]] = []
    let arrivals = DispatchSemaphore(value: 0)
  }

  private let queues = Mutex([Route: Queue]())

  func put(_ message: [UInt8], _ route: Route) {
    queues.withLock { queues in
      queues[route, default: Queue()].messages.append(message)
      queues[route]?.arrivals.signal()
    }
  }

  /// Waits for a message.
  func take(_ route: Route) -> [UInt8] {
    let arrivals = queues.withLock { queues in
      let queue = queues[route, default: Queue()]
      queues[route] = queue
      return queue.arrivals
    }
    arrivals.wait()
    return queues.withLock { $0[route]?.messages.removeFirst() ?? [] }
  }
}

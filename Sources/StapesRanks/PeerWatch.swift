internal import CMPI
internal import Dispatch
internal import Glibc
internal import StapesConcurrency

/// Sees when another rank on this host ends before the job does.
///
/// Launchers end a job too when one of its processes is killed, some of them without a word on which
/// one that was.
final class PeerWatch: Sendable {
  private let isOver = Flag()

  /// Watches processes.
  ///
  /// - Parameters:
  ///   - peers: the number of each rank, and its process.
  ///   - rank: the number of this one.
  ///   - report: is given the rank that has ended: on the first rank that is left.
  init(
    of peers: [(rank: Int, process: pid_t)], rank: Int, report: @escaping @Sendable (Int) -> Void
  ) {
    let queue = DispatchQueue(label: "ranks")
    let isOver = isOver
    let opened = peers.compactMap { peer -> (Int, CInt)? in
      let descriptor = stapes_process_descriptor(peer.process)
      return descriptor < 0 ? nil : (peer.rank, descriptor)
    }
    for (ended, descriptor) in opened {
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler {
        source.cancel()  // until then it keeps itself
        guard !isOver.isSet else { return }
        // Another rank that is left, and comes before this one, says it.
        let before = opened.filter { $0.0 < rank && $0.0 != ended && !Self.hasEnded($0.1) }
        if !before.isEmpty { sleep(3) }
        guard !isOver.isSet else { return }
        isOver.set()
        report(ended)
      }
      source.setCancelHandler { close(descriptor) }
      source.activate()
    }
  }

  private static func hasEnded(_ descriptor: CInt) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) != 0
  }

  /// Ends the watch, as all ranks are about to leave.
  func stop() { isOver.set() }
}

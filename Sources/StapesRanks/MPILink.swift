internal import CMPI
internal import Glibc

/// The ranks that an MPI launcher started, by the launcher's library.
///
/// Waiting is done by looking and sleeping in turn, since MPI's own waiting keeps a core busy that
/// computes.
@safe
final class MPILink: RankLink {
  let rank: Int
  let count: Int

  /// How many messages may be on their way from one rank to another on a channel.
  private static let window = 8
  /// How long a wait sleeps at first and at most, in microseconds.
  private static let (shortestSleep, longestSleep) = (useconds_t(20), useconds_t(1000))

  /// Joins the ranks.
  ///
  /// - Parameters:
  ///   - libraries: the libraries to try, in order.
  ///   - expected: how many processes the launcher started.
  init(libraries: [String], expected: Int) throws(RankError) {
    var reasons: [String] = []
    let loaded = libraries.first { name in
      guard let reason = unsafe stapes_mpi_start(name) else { return true }
      reasons.append(unsafe String(cString: reason))
      return false
    }
    guard let loaded else {
      throw .noLibrary(count: expected, reason: reasons.joined(separator: "; "))
    }
    (rank, count) = (Int(stapes_mpi_rank()), Int(stapes_mpi_count()))
    guard count == expected else {
      throw .otherLibrary(started: expected, joined: count, library: loaded)
    }
  }

  func send(_ bytes: RawSpan, to rank: Int, on channel: RankChannel) throws(RankError) {
    try awaitSending(to: rank, on: channel, atMost: Self.window - 1)
    let code = unsafe bytes.withUnsafeBytes {
      unsafe stapes_mpi_send($0.baseAddress, $0.count, CInt(rank), CInt(channel.rawValue))
    }
    guard code == 0 else { throw .connection(rank: rank, code: -Int(code)) }
  }

  func flush(to rank: Int, on channel: RankChannel) throws(RankError) {
    try awaitSending(to: rank, on: channel, atMost: 0)
  }

  /// Waits until no more messages than some are on their way.
  private func awaitSending(
    to rank: Int, on channel: RankChannel, atMost limit: Int
  ) throws(RankError) {
    try wait(for: rank) {
      let state = stapes_mpi_sending(CInt(rank), CInt(channel.rawValue))
      return state < 0 ? state : state <= limit ? 1 : 0
    }
  }

  func receive(
    _ sizes: [Int], from rank: Int, on channel: RankChannel,
    _ body: (RawSpan) throws(RankError) -> Void
  ) throws(RankError) {
    var (expected, next) = ([Message](), 0)
    for index in sizes.indices {
      while next < sizes.count, next < index + Self.window {
        let message = Message(byteCount: sizes[next])
        try message.receive(from: rank, on: channel)
        expected.append(message)
        next += 1
      }
      let message = expected.removeFirst()
      try wait(for: rank) { message.state }
      try message.read(body)
    }
  }

  /// Looks and sleeps in turn, until there is what is waited for.
  ///
  /// - Parameter state: 1 when it is there, 0 before, and below 0 for an error.
  private func wait(for rank: Int, _ state: () -> CInt) throws(RankError) {
    var sleep = Self.shortestSleep
    while true {
      let state = state()
      guard state >= 0 else { throw .connection(rank: rank, code: -Int(state)) }
      guard state == 0 else { return }
      usleep(sleep)
      sleep = min(2 * sleep, Self.longestSleep)
    }
  }

  func finish() { stapes_mpi_finish() }
  func endAll() { stapes_mpi_abort(1) }
}

/// A message that is to be received, and the memory for it.
@safe
private final class Message {
  private let bytes: UnsafeMutableRawBufferPointer
  private var request = 0
  private var isThere = false

  init(byteCount: Int) {
    unsafe bytes = .allocate(byteCount: byteCount, alignment: 16)
  }

  // Memory that the library may still write to, when an error ended the wait, is left to it.
  deinit { if isThere { unsafe bytes.deallocate() } }

  func receive(from rank: Int, on channel: RankChannel) throws(RankError) {
    let code = unsafe stapes_mpi_receive(
      bytes.baseAddress, bytes.count, CInt(rank), CInt(channel.rawValue), &request)
    guard code == 0 else { throw .connection(rank: rank, code: -Int(code)) }
  }

  /// Moves all messages on: 1 when this one is there, 0 before, and below 0 for an error.
  var state: CInt {
    let state = unsafe stapes_mpi_test(&request)
    isThere = state == 1
    return state
  }

  /// Lends what was received.
  func read(_ body: (RawSpan) throws(RankError) -> Void) throws(RankError) {
    try body(unsafe bytes.bytes)
  }
}

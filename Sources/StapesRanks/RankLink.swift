/// What carries messages between the ranks of a group.
///
/// A rank is a process of a training that several processes share; they are counted from 0.
/// Messages of one sender and channel arrive in the order in which they were sent. Any thread may
/// send and receive; one at a time uses a channel in one direction.
package protocol RankLink: Sendable {
  /// The number of this rank.
  var rank: Int { get }
  /// How many ranks there are.
  var count: Int { get }

  /// Sends a message; the bytes are copied before it returns, and travel while others work.
  func send(_ bytes: RawSpan, to rank: Int, on channel: RankChannel) throws(RankError)

  /// Waits until all that was sent to a rank on a channel is on its way.
  func flush(to rank: Int, on channel: RankChannel) throws(RankError)

  /// Receives messages of known sizes, several under way at a time.
  ///
  /// - Parameters:
  ///   - sizes: the number of bytes of each.
  ///   - rank: who sends them.
  ///   - channel: on which channel.
  ///   - body: is given each message in turn.
  func receive(
    _ sizes: [Int], from rank: Int, on channel: RankChannel,
    _ body: (RawSpan) throws(RankError) -> Void
  ) throws(RankError)

  /// Leaves the group, as all ranks do.
  func finish()

  /// Ends the processes of the group, this one too.
  func endAll()
}

/// What a message is about; channels do not wait for each other.
package enum RankChannel: Int, Sendable {
  /// What all ranks tell all others.
  case agreement = 1
  /// Sums on their way up, from rank to rank.
  case sums
  /// Totals on their way down, to the first rank.
  case totals
}

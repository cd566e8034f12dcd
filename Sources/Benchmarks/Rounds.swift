internal import Foundation

/// Measures the project and its peers in turn, each time in a process of its own, so that what
/// slows the machine for a while slows both, and memory and threads of one do not touch the other.
struct Rounds {
  /// The number of turns.
  let count: Int
  /// The number of threads that are asked for.
  let threadCount: Int
  /// For how long each work of the project is repeated in a turn, in seconds.
  let seconds: Double
  /// The folder of the peers' command; nil for the project alone.
  let peersFolder: String?
  /// Where the processes run, and the peers leave what both work on.
  let workFolder: String

  /// Measures the benchmarks of one case.
  ///
  /// - Parameter group: benchmarks that share their work and case.
  func results(of group: [Benchmark]) throws -> [ResultLine] {
    guard let first = group.first else { return [] }
    let threads = first.threadCount(of: threadCount)
    // The peers come first, for they write what the decoders are given.
    let rounds = try (0..<count).map { _ in
      let peers = try first.isOwn ? [] : peerTimes(first, threads: threads)
      return (own: try ownFigures(first, threads: threads), peers: peers)
    }
    return ResultLine.lines(work: first.work, case: first.name, threads: threads, rounds: rounds)
  }

  private func peerTimes(_ benchmark: Benchmark, threads: Int) throws -> [PeerTime] {
    guard let peersFolder else { return [] }
    let name = benchmark.peerName ?? benchmark.name
    let arguments = [benchmark.work, "--threads", "\(threads)", "--case", name]
    let folder = benchmark.isPeerOfProject ? projectFolder + "/scripts/reference" : peersFolder
    return try values(
      PeerTime.self,
      inLines: ChildProcess.output(of: folder + "/peers", arguments, in: workFolder))
  }

  private func ownFigures(_ benchmark: Benchmark, threads: Int) throws -> [Measurement] {
    let arguments = [
      benchmark.work, "--case", benchmark.name, "--threads", "\(threads)",
      "--seconds", "\(seconds)", "--measure",
    ]
    return try values(
      Measurement.self,
      inLines: ChildProcess.output(of: ChildProcess.ownPath, arguments, in: workFolder))
  }
}

internal import FoundationEssentials
internal import Glibc

/// What an MPI launcher says of the job in the environment of each of its processes.
package struct RankLaunch: Equatable {
  /// How many processes there are.
  package let count: Int
  /// The libraries that may be the launcher's, the likeliest first.
  package let libraries: [String]

  /// Open MPI 4 and 5.
  private static let openMPI = ["libmpi.so.40"]
  /// MPICH as Debian names it, and MPICH, Intel MPI, MVAPICH and others of one binary interface.
  private static let mpich = ["libmpich.so.12", "libmpi.so.12"]

  /// Looks for a launcher; nil without one, or where it started one process.
  ///
  /// - Throws: `RankError.apart`.
  package init?(environment: [String: String]) throws(RankError) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let choice = environment["STAPES_MPI_LIBRARY"]
    guard choice != "none" else { return nil }
    let tasks = number("SLURM_STEP_NUM_TASKS")
    if let count = number("OMPI_COMM_WORLD_SIZE") {
      (self.count, libraries) = (count, choice.map { [$0] } ?? Self.openMPI)
    } else if let count = number("PMI_SIZE") {
      (self.count, libraries) = (count, choice.map { [$0] } ?? Self.mpich + Self.openMPI)
    } else if environment["PMIX_RANK"] != nil, let count = tasks {
      (self.count, libraries) = (count, choice.map { [$0] } ?? Self.openMPI + Self.mpich)
    } else {
      guard let tasks, tasks > 1 else { return nil }
      throw .apart(count: tasks)
    }
    if count < 2 { return nil }
  }
}

extension RankGroup {
  /// What a rank tells of itself at first.
  private struct Identity: Codable {
    let host: String
    /// Tells hosts, and the containers in them that see processes of their own, from others.
    let processes: String
    let process: Int32
    let cores: [Int]
    /// What decides on the last digit of a sum besides the order: the program, and the processor.
    let build, processor: String
  }

  /// Joins the processes of a launcher, if there is one.
  ///
  /// - Parameters:
  ///   - build: tells this program from others.
  ///   - onLoss: is given a text that says which rank has ended before its time; the job cannot go on.
  /// - Throws: `RankError`, also where ranks are of different builds, or on different processors.
  package static func launched(
    build: String, onLoss: @escaping @Sendable (String) -> Void
  ) async throws -> RankGroup {
    let environment = ProcessInfo.processInfo.environment
    guard let launch = try RankLaunch(environment: environment) else { return .alone }
    let link = try MPILink(libraries: launch.libraries, expected: launch.count)
    var group = RankGroup(link)
    let own = Identity(
      host: ProcessInfo.processInfo.hostName,
      processes: (text(of: "/proc/sys/kernel/random/boot_id") ?? "")
        + ((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""),
      process: getpid(), cores: allowedCores, build: build, processor: processor)
    let all = try await group.gather(.success(own))
    group.name(all.enumerated().map { "rank \($0) (process \($1.process) on \($1.host))" })
    for (rank, identity) in all.enumerated() {
      for (what, here, there) in [
        ("version", identity.build, all[0].build),
        ("processor", identity.processor, all[0].processor),
      ] where here != there {
        throw group.refusal(of: rank, what: what, here: here, there: there)
      }
    }
    let isNear = all.map { $0.processes == own.processes }
    // Ranks that may use the same cores share them.
    let shares = own.cores.map { core in
      1 / Double(zip(all, isNear).count { $1 && $0.cores.contains(core) })
    }
    group.coreShare = max(1, Int(shares.reduce(0, +) + 1e-6))
    let near = all.indices.filter { isNear[$0] && $0 != link.rank }
    group.watch = PeerWatch(
      of: near.map { ($0, all[$0].process) }, rank: link.rank
    ) { [group] rank in
      onLoss(
        """
        \(group.name(of: rank)) has ended, and the job ends with it; --resume goes on from the last \
        checkpoint
        """)
      link.endAll()
    }
    return group
  }

  private static func text(of path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  /// The cores that this process may use.
  private static var allowedCores: [Int] {
    let lines = (text(of: "/proc/self/status") ?? "").split(separator: "\n")
    let list =
      lines.first { $0.hasPrefix("Cpus_allowed_list:") }?.split(separator: "\t").last ?? "0"
    return list.split(separator: ",").flatMap { run in
      let ends = run.split(separator: "-").compactMap { Int($0) }
      return ends.isEmpty ? [] : Array(ends[0]...max(ends[0], ends[ends.count - 1]))
    }
  }

  /// The maker of the processor, and those of its instructions for which there are kernels.
  private static var processor: String {
    let lines = (text(of: "/proc/cpuinfo") ?? "").split(separator: "\n")
    func value(_ name: String) -> Substring {
      lines.first { $0.hasPrefix(name) }?.split(separator: ":").last ?? ""
    }
    let counted = ["avx2", "fma", "avx512f", "avx512bw", "avx512vl", "avx512_bf16", "amx_bf16"]
    let flags = Set(value("flags").split(separator: " ").map(String.init))
    let maker = value("vendor_id").split(separator: " ").joined()
    return ([maker] + counted.filter(flags.contains)).joined(separator: " ")
  }
}

import Stapes

extension RankGroup {
  /// Joins the processes that an MPI launcher started with this one, if there is a launcher.
  static func launched() async throws -> RankGroup {
    try await launched(build: ToolBuild.description) { Console.say($0) }
  }

  /// Runs what all ranks do together; see `run(_:tell:)`.
  func run(_ work: () async throws -> Bool) async throws -> Bool {
    try await run(work) { error in
      if isFirst {
        StapesCommand.report(error)
      } else {
        Console.say("\(name): \(error)")
      }
    }
  }
}

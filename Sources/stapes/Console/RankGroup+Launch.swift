import Stapes

extension RankGroup {
  /// Joins the processes that an MPI launcher started with this one, if there is a launcher.
  static func launched() throws -> RankGroup {
    try launched(build: ToolBuild.description) { Console.say($0) }
  }
}

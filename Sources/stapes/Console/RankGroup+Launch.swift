import ArgumentParser
import Stapes
import StapesConsole

extension RankGroup {
  /// Runs a training on the processes that an MPI launcher started with this one, if there is one.
  ///
  /// - Parameter work: does the part of this rank, and returns whether it was stopped before its end.
  static func train(_ work: (RankGroup) async throws -> Bool) async throws {
    let ranks = try await launched(build: ToolBuild.description) { Console.say($0) }
    let wasStopped = try await ranks.run {
      try await work(ranks)
    } tell: { error in
      if ranks.isFirst {
        StapesCommand.report(error)
      } else {
        Console.say("\(ranks.name): \(error)")
      }
    }
    if wasStopped { throw ExitCode(130) }
  }
}

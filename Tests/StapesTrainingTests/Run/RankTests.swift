import FoundationEssentials
import StapesAugmentation
import StapesCorpus
import StapesModel
import StapesNetwork
import StapesRanks
import StapesTraining
import TestSupport
import Testing

@Suite struct RankTests {
  /// Two short epochs of everything that draws random numbers, is measured or counts.
  private var options: TrainingOptions {
    var options = ToneCorpus.options
    options.epochCount = 2
    options.shardSize = 2
    options.augmentation = .recommended(joinsWords: true)
    options.normalization = .global
    options.averagedModelCount = 2
    return options
  }

  /// Runs a training whose work some ranks share.
  ///
  /// - Returns: what each rank told, or why it failed.
  private func train(
    on ranks: Int, _ corpus: Corpus, _ options: [TrainingOptions], threads: Int = 1,
    _ checkpoints: CheckpointOptions? = nil,
    stoppingAt isEnd: @escaping @Sendable (TrainingEvent) -> Bool = { _ in false }
  ) async throws -> [Result<RunReport, any Error>] {
    let links = LocalLink.group(of: ranks)
    return await withTaskGroup(of: (Int, Result<RunReport, any Error>).self) { group in
      for link in links {
        group.addTask {
          do {
            var trainer = try Trainer(
              corpus: corpus, options: options[min(link.rank, options.count - 1)],
              threadCount: threads, checkpoints: checkpoints)
            trainer.ranks = RankGroup(link)
            let running = trainer
            let report = try await RunReport(of: running) {
              // The last rank is told, and all others stop with it.
              if link.rank == ranks - 1, isEnd($0) { running.stop() }
            }
            return (link.rank, .success(report))
          } catch {
            return (link.rank, .failure(error))
          }
        }
      }
      var reports: [(Int, Result<RunReport, any Error>)] = []
      for await report in group { reports.append(report) }
      return reports.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  @Test(arguments: [nil, "conv 4 kernel 3x5 stride 1x2, stack 3 stride 3, 12 gru"])
  func theModelDoesNotDependOnTheNumberOfRanks(network: String?) async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(40, to: folder)
      var options = options
      if let network { options.network = try NetworkArchitecture(network) }
      let alone = try await train(on: 1, corpus, [options], threads: 2)[0].get()
      let bytes = try #require(alone.outcome?.model.serialized())
      for ranks in [2, 3, 4] {
        for report in try await train(on: ranks, corpus, [options], threads: ranks % 2 + 1) {
          let report = try report.get()
          #expect(report.outcome?.model.serialized() == bytes)
          #expect(report.outcome?.validation == alone.outcome?.validation)
          #expect(report.steps.map(\.loss) == alone.steps.map(\.loss))
          #expect(report.summary?.clipCount == alone.summary?.clipCount)
        }
      }
    }
  }

  @Test func aRunGoesOnWithAnotherNumberOfRanks() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(30, to: folder)
      let alone = try await train(on: 1, corpus, [options])[0].get()
      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      let first = try await train(on: 3, corpus, [options], checkpoints) {
        if case .step(let step) = $0 { step.step == 2 } else { false }
      }
      for report in first { #expect(try report.get().outcome?.wasStopped == true) }
      let stepCounts = try first.map { try $0.get().steps.count }
      #expect(Set(stepCounts).count == 1 && stepCounts[0] < alone.steps.count / 2)
      checkpoints.resumes = true
      let second = try await train(on: 2, corpus, [options], checkpoints) {
        if case .epoch = $0 { true } else { false }
      }
      for report in second { #expect(try report.get().outcome != nil) }
      let last = try await train(on: 1, corpus, [options], checkpoints)[0].get()
      #expect(last.outcome?.wasStopped == false)
      #expect(last.outcome?.model.serialized() == alone.outcome?.model.serialized())
    }
  }

  @Test func ranksOfOtherOptionsAreRefusedByName() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(10, to: folder)
      var other = options
      other.epochCount = 5
      let results = try await train(on: 3, corpus, [options, options, other])
      let errors = results.map { result in #expect(throws: RankError.self) { _ = try result.get() }
      }
      #expect(
        errors == [
          .differs(rank: "rank 2", what: "setting epochCount", here: "5", there: "2"),
          .told, .told,
        ])
    }
  }

  @Test func aClipThatIsGoneForOneRankEndsTheRunOfAll() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = options
      options.epochCount = 50
      let results = try await train(on: 2, corpus, [options]) {
        if case .epoch(let epoch) = $0, epoch.progress.epoch == 1 {
          for clip in corpus.clips { try? FileManager.default.removeItem(atPath: clip.path) }
        }
        return false
      }
      for result in results { #expect(throws: (any Error).self) { _ = try result.get() } }
    }
  }
}

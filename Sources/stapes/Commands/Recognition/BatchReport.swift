import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// Tells how a batch goes and how it ended.
struct BatchReport: Sendable {
  private let output: String
  private let logger: Logger
  private let progress: ProgressLine
  private let begin = ContinuousClock.now

  private var doneCount = 0
  private var doneSeconds = 0.0
  private var (itemCount, endedCount) = (0, 0)
  private var settledCount = 0
  private var failures: [BatchRun.Failure] = []
  private var emptyReasons: [Transcript.EmptyReason] = []
  /// Changed transcripts and those of files that are gone, which have been told.
  private var told: Set<String> = []
  /// Why nothing more could be written.
  private var stop: RecognitionError?

  /// More failures than this are only counted.
  private static let mostTold = 20

  init(output: String, logger: Logger, progress: ProgressLine) {
    (self.output, self.logger, self.progress) = (output, logger, progress)
  }

  /// Transcribes what a batch has left, showing the progress and what is odd about the sound.
  ///
  /// - Parameters:
  ///   - batch: the batch.
  ///   - recognizer: the recogniser.
  ///   - jobs: how many threads share the work.
  ///   - isWatching: whether to be silent where nothing is left.
  mutating func follow(
    _ batch: BatchRun, with recognizer: Recognizer, jobs: Int, isWatching: Bool
  ) async throws(RecognitionError) {
    guard batch.options.goesOnBesideOccupied || batch.occupiedOutputs.isEmpty else {
      throw .file(.occupied(batch.occupiedOutputs))
    }
    tellKept(batch.keptOutputs)
    if isWatching || batch.options.takesAllParts, batch.items.isEmpty { return }
    describe(batch)
    let allSeconds = batch.items.reduce(0) { $0 + $1.seconds }
    var (sound, line) = (SoundReport(logger: logger), progress)
    let endedBefore = endedCount
    var (endedSeconds, kept) = (0.0, [String]())
    itemCount += batch.items.count
    settledCount = batch.settledCount
    do throws(RecognitionError) {
      failures = try await batch.run(with: recognizer, threadCount: jobs) { outcome in
        sound.tell(outcome.warnings, as: outcome.named)
        endedCount += 1
        endedSeconds += outcome.item.seconds
        if outcome.error == nil {
          doneCount += 1
          doneSeconds += outcome.seconds
        }
        if let reason = outcome.emptyReason { emptyReasons.append(reason) }
        kept += outcome.keptOutputs
        line.show(
          endedCount - endedBefore, of: batch.items.count, "files",
          seconds: (endedSeconds, allSeconds))
      }
      line.clear()
      tellKept(kept)
      let elsewhere = batch.items.count - (endedCount - endedBefore)
      if batch.options.claimPatience != nil, elsewhere > 0, !Task.isCancelled {
        itemCount -= elsewhere
        logger.info("\(counted(elsewhere, "file")) done by other parts, or in their hands")
      }
    } catch {
      line.clear()
      guard case .file = error, endedCount > endedBefore else { throw error }
      stop = error
    }
  }

  /// Says which transcripts are kept as somebody changed them.
  private mutating func tellKept(_ paths: [String]) {
    tell(
      paths, "corrected since it was written, and kept",
      "corrected since they were written, and kept")
  }

  /// Says which transcripts are of sound files that are gone, or removes them.
  mutating func tellStale(_ batch: BatchRun, prunes: Bool) {
    let removed = Set(prunes ? batch.prune() : [])
    tell(
      removed.sorted(), "deleted because its sound file is gone",
      "deleted because their sound files are gone")
    let left = batch.staleOutputs.filter { !removed.contains($0) }
    let way = prunes ? "corrected since, and kept" : "--prune deletes those that were not corrected"
    tell(left, "of a sound file that is gone; \(way)", "of sound files that are gone; \(way)")
  }

  /// Says something of transcripts, by name as far as there is room, once for each.
  private mutating func tell(_ paths: [String], _ one: String, _ several: String) {
    let paths = paths.filter { told.insert($0).inserted }
    guard !paths.isEmpty else { return }
    let more =
      paths.count > Self.mostTold ? " and \(paths.count - Self.mostTold) more" : ""
    logger.notice(
      """
      \(counted(paths.count, "transcript")) \(paths.count == 1 ? one : several): \
      \(paths.prefix(Self.mostTold).joined(separator: ", "))\(more)
      """)
  }

  /// Says what is left to do, what is left out, and what is named otherwise than expected.
  private func describe(_ batch: BatchRun) {
    logger.info("\(batch.summary)")
    if batch.otherBuildCount > 0 {
      logger.notice(
        """
        \(counted(batch.otherBuildCount, "transcript")) written by another build of Stapes with \
        the same model and options, kept; delete those that you want written again
        """)
    }
    if let first = batch.renamedItems.first {
      logger.notice(
        """
        \(counted(batch.renamedItems.count, "transcript")) named after the whole file name, \
        because names differ only in their extension: \(first.path) becomes \
        \(first.outputPaths[0])
        """)
    }
  }

  /// Says how the batch ended, and ends the tool where not all was done.
  ///
  /// - Throws: `ExitCode`.
  func conclude(isWatching: Bool) throws {
    for failure in failures.prefix(Self.mostTold) { logger.error("\(failure.message)") }
    if itemCount > 0 {
      let elapsed = (ContinuousClock.now - begin).inSeconds
      let pace = (doneSeconds / max(elapsed, 1e-3)).formatted(decimals: 0)
      logger.info(
        """
        \(doneCount) of \(counted(itemCount, "file")) transcribed, \(clockTime(doneSeconds)) of \
        sound in \(clockTime(elapsed)), \(pace) x real time
        """)
    }
    if !emptyReasons.isEmpty {
      logger.info("\(emptyReasons.count) without text: \(counts(emptyReasons.map(\.description)))")
    }
    count(failures)
    if let stop {
      logger.error("\(stop)")
      logger.info("the finished transcripts are kept; the same command continues")
      throw ExitCode(doneCount > 0 ? 2 : 1)
    }
    if !isWatching, endedCount < itemCount { throw ExitCode(130) }
    if !failures.isEmpty { throw ExitCode(doneCount + settledCount > 0 ? 2 : 1) }
  }

  /// Says what the parts of a batch did together, and ends the tool where not all was done.
  ///
  /// - Throws: `ExitCode`.
  func conclude(_ merge: BatchMerge) throws {
    logger.info(
      """
      \(counted(merge.doneCount, "file")) transcribed, \(clockTime(merge.doneSeconds)) of sound, \
      in all parts
      """)
    if merge.isDividedDifferently {
      logger.notice(
        """
        the parts did not see the same files, so that some may be in none of them; run the batch \
        again without --shard to do what is missing
        """)
    }
    count(merge.failures)
    if !merge.failures.isEmpty { throw ExitCode(merge.doneCount > 0 ? 2 : 1) }
  }

  private func count(_ failures: [BatchRun.Failure]) {
    guard !failures.isEmpty else { return }
    let causes = counts(failures.map(\.cause))
    logger.info(
      "\(failures.count) failed: \(causes); all are listed in \(output)/\(BatchRun.failureListName)"
    )
  }

  /// How many there are of each kind, the most frequent first.
  private func counts(_ kinds: [String]) -> String {
    Dictionary(grouping: kinds, by: \.self).mapValues(\.count).sorted {
      ($1.value, $0.key) < ($0.value, $1.key)
    }
    .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}

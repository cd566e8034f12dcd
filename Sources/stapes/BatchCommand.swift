import ArgumentParser
import Logging
import Stapes

/// `stapes batch`: a folder of sound files to a folder of transcripts.
struct BatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Transcribes all sound files of a folder into another folder.",
    discussion: """
      The tree of folders is mirrored: in/a/b.wav becomes out/a/b.txt. A file that cannot be \
      transcribed does not stop the others; such files are listed at the end and in out/errors.tsv.

      Examples:
        stapes batch recordings --output transcripts
        stapes batch recordings --output transcripts --format txt,srt,json
        stapes batch calls --output texts --model my.safetensors --jobs 4
      """)

  @Argument(help: "The folder of sound files and further folders.")
  var folder: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder for the transcripts.", valueName: "folder"))
  var output: String

  @OptionGroup var format: OutputOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    let formats = format.format?.formats ?? [.txt]
    let recognizer = try model.recognizer(wantsWords: formats.contains { $0.needsWords })
    let batch = try BatchRun(
      folder: folder, outputFolder: output, formats: formats, audio: sound.audio)
    let logger = logging.logger
    describe(batch, logger)
    let (jobs, progress) = (jobs.jobs, logging.progress)
    let summary = try await stoppable(logger: logger) {
      try await batch.run(with: recognizer, jobs: jobs, logger: logger, progress: progress)
    }
    try summary.conclude(logger)
  }

  /// Says what is left out of the folder, and what is named otherwise than expected.
  private func describe(_ batch: BatchRun, _ logger: Logger) {
    let (items, others) = (batch.items, batch.otherFileCount)
    let left = others > 0 ? "; \(counted(others, "file")) of other kinds left alone" : ""
    let seconds = items.reduce(0) { $0 + $1.seconds }
    logger.info("\(counted(items.count, "sound file")), \(clockTime(seconds)) of sound\(left)")
    if let first = batch.renamedItems.first {
      logger.notice(
        """
        \(counted(batch.renamedItems.count, "transcript")) named after the whole file name, since \
        names differ only in their ending: \(first.path) becomes \(first.outputPaths[0])
        """)
    }
  }
}

/// How a batch ended.
private struct BatchSummary {
  var doneCount = 0
  var doneSeconds = 0.0
  var failures: [BatchRun.Failure] = []
  var itemCount: Int
  var elapsed: Duration
  var outputFolder: String
}

extension BatchRun {
  /// Transcribes all items, showing the progress and what is odd about the sound.
  fileprivate func run(
    with recognizer: Recognizer, jobs: Int, logger: Logger, progress: ProgressLine
  ) async throws -> BatchSummary {
    let begin = ContinuousClock.now
    let allSeconds = items.reduce(0) { $0 + $1.seconds }
    var (report, progress) = (SoundReport(logger: logger), progress)
    var summary = BatchSummary(
      itemCount: items.count, elapsed: .zero, outputFolder: outputFolder)
    var endedCount = 0
    summary.failures = try await run(with: recognizer, threadCount: jobs) { outcome in
      report.tell(outcome.warnings)
      endedCount += 1
      if outcome.error == nil { summary.doneCount += 1 }
      summary.doneSeconds += outcome.item.seconds
      progress.show(
        endedCount, of: items.count, "files", seconds: (summary.doneSeconds, allSeconds))
    }
    progress.clear()
    summary.elapsed = ContinuousClock.now - begin
    return summary
  }
}

extension BatchSummary {
  /// Says how the batch ended, and ends the tool where not all was done.
  ///
  /// - Throws: `ExitCode`.
  fileprivate func conclude(_ logger: Logger) throws {
    for failure in failures { logger.error("\(failure.error)") }
    let pace = (doneSeconds / max(elapsed.inSeconds, 1e-3)).formatted(decimals: 0)
    logger.info(
      """
      \(doneCount) of \(counted(itemCount, "file")) transcribed in \
      \(clockTime(elapsed.inSeconds)), \(pace) x real time
      """)
    if !failures.isEmpty {
      logger.info("failures are listed in \(outputFolder)/\(BatchRun.failureListName)")
    }
    if doneCount + failures.count < itemCount { throw ExitCode(130) }
    if !failures.isEmpty { throw ExitCode(doneCount > 0 ? 2 : 1) }
  }
}

/// A number with what it counts, such as "1 file" or "2 files".
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

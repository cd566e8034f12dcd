import ArgumentParser
import Logging
import Stapes
import StapesConsole
import Synchronization

/// `stapes check`: what is wrong with labelled clips.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks labelled clips for errors before training.",
    discussion: """
      DATA is a folder of labelled clips or a manifest, in any layout that `stapes train` reads. \
      Every clip is decoded once. Prints the findings, most severe first, each with some of its \
      clips and the remedy; --output lists all clips. Training options are given where a finding \
      depends on them, such as the stride, which limits how much text fits into a clip.

      Examples:
        stapes check clips
        stapes check data/train --validation data/dev --output findings.tsv

      Exit status: 0 no errors, 2 errors that make clips unusable.
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Validation set; clips, texts or speakers that it shares with DATA are reported.",
      valueName: "data"), completion: .file())
  var validation: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Table to write, with a line for each finding and clip.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: "Output format.")
  var format = ReportFormat.txt

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    try replacing.check([output])
    let logger = logging.logger
    let corpus = try labelled.corpus(data)
    let validation = validation.isEmpty ? nil : try labelled.corpus(validation)
    let options = try recipe.options(for: corpus)
    logger.tell(corpus)
    if let validation { logger.tell(validation, as: "validation: ") }
    let (jobs, progress) = (jobs.jobs, logging.progress)
    let check = try await stoppable(logger: logger) {
      try await CorpusCheck(
        of: corpus, validation: validation, options: options, jobs: jobs, progress: progress)
    }
    let guess = recipe.language.language == nil ? options.text.languageLine : nil
    let report = FindingReport(
      findings: check.findings, clipCount: check.clips.count,
      textLines: [guess].compactMap(\.self) + check.textChanges.lines.map(\.description))
    try Console.write(format == .json ? report.json : report.text)
    if let output { try report.writeTable(to: output) }
    if report.count(of: .error) > 0 { throw ExitCode(2) }
  }
}

extension CorpusCheck {
  /// Listens to all clips while the progress is shown.
  init(
    of training: Corpus, validation: Corpus? = nil, options: TrainingOptions, jobs: Int,
    progress: ProgressLine
  ) async throws {
    let clipCount = training.clips.count + (validation?.clips.count ?? 0)
    let all = training.seconds + (validation?.seconds ?? 0)
    let state = Mutex((count: 0, seconds: 0.0, progress: progress))
    defer { state.withLock { $0.progress.clear() } }
    do {
      try await self.init(
        listeningTo: training, validation: validation, requirements: options.clipRequirements,
        threadCount: jobs
      ) { clip in
        state.withLock { state in
          state.count += 1
          state.seconds += clip.duration
          state.progress.show(
            state.count, of: clipCount, "clips", seconds: (state.seconds, all))
        }
      }
    } catch is CancellationError {
      throw ExitCode(130)
    }
  }
}

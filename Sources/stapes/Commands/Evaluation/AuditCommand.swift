import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes audit`: which texts of labelled clips are probably wrong.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Finds clips whose text is probably wrong, and corrects it.",
    discussion: """
      A text may be wrong if the model recognises another text and scores the given one far lower. \
      --output writes a table of all clips, most suspicious first. Go through it and fill in its \
      column `verdict`: keep (or nothing), drop, heard to accept the recognised text, or the \
      correct text. `stapes audit apply` turns the table into a manifest for `stapes train`; the \
      clips and their texts stay as they are.

      Examples:
        stapes audit clips --model my.safetensors --output audit.tsv
        stapes audit apply audit.tsv --output clips.jsonl
      """,
    subcommands: [AuditListenCommand.self, AuditApplyCommand.self],
    defaultSubcommand: AuditListenCommand.self)
}

/// `stapes audit DATA`.
struct AuditListenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen",
    abstract: "Recognises clips and lists those whose text is probably wrong (the default).")

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Table of all clips to write.", valueName: "file"), completion: .file())
  var output: String?

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    try replacing.check([output])
    let (recognizer, logger) = (try model.recognizer(), logging.logger)
    try recognizer.model.requireCharacters(for: "audits")
    let corpus = try labelled.corpus(data)
    logger.tell(corpus)
    let (jobs, progress) = (jobs.jobs, logging.progress)
    let audit = try await stoppable(logger: logger) {
      try await progress.following(corpus) { report in
        try await LabelAudit(of: corpus, by: recognizer, threadCount: jobs, report: report)
      }
    }
    var report = SoundReport(logger: logger)
    for failure in audit.failures { report.tell(failure.error) }
    report.tell(corpus)
    try Console.write(audit.text(isListedElsewhere: output != nil))
    if let output { try AuditTable.write(audit, to: output) }
    try report.exit(after: corpus)
  }
}

/// `stapes audit apply`.
struct AuditApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Writes a manifest of the audited clips, following the verdicts in their table.")

  @Argument(help: "Table that `stapes audit` wrote, with verdicts filled in.")
  var table: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Manifest to write.", valueName: "file"),
    completion: .file())
  var output: String

  @OptionGroup var replacing: OverwriteOptions

  func run() throws {
    try replacing.check([output])
    let outcome = try AuditTable.outcome(of: table)
    try AuditTable.writeManifest(of: outcome.clips, to: output)
    try Console.write(
      """
      \(output.escapedForTerminal): \(counted(outcome.clips.count, "clip")), \
      \(outcome.changedCount) with another text; \(outcome.droppedCount) dropped

      """)
  }
}

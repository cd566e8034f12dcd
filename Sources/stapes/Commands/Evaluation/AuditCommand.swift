import ArgumentParser
import Logging
import Stapes

/// `stapes audit`: which texts of labelled clips are probably wrong.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Finds clips whose text is probably wrong, and mends them.",
    discussion: """
      A model listens to labelled clips. Where it hears something else and thinks the text far less \
      probable, the text may be wrong. --output writes a table of all clips, the most doubtful \
      first; whoever goes through it writes into its column `verdict`: keep (or nothing), drop, \
      heard for what the model heard, or the right text. `stapes audit apply` makes a manifest of \
      it, which `stapes train` reads; the clips and their texts stay as they are.

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
    abstract: "Listens to clips and lists those whose text is probably wrong (the default).")

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"))
  var data: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Writes a table of all clips to this file.", valueName: "file"))
  var output: String?

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var decoding: DecodingOptions
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
    abstract: "Writes a manifest of audited clips by the verdicts in their table.")

  @Argument(help: "The table that `stapes audit` wrote, with verdicts.")
  var table: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The manifest to write.", valueName: "file"))
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

extension LabelAudit {
  /// The suspects, the most doubtful first; where a file has all, no more than a screenful.
  fileprivate func text(isListedElsewhere: Bool) -> String {
    let suspects = entries.filter(\.isSuspect)
    let shown = isListedElsewhere ? 20 : suspects.count
    let lines = suspects.prefix(shown).map { entry in
      let doubt = entry.doubt.isFinite ? entry.doubt.formatted(decimals: 2) : "inf"
      let fields = [doubt, entry.clip.path, entry.clip.text, entry.heard]
      return fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
    }
    let rest = suspects.count - lines.count
    let summary = "\(suspects.count) of \(counted(entries.count, "text")) probably wrong\n"
    return lines.joined() + (rest > 0 ? "and \(rest) more\n" : "") + summary
  }
}

import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes select`: which clips to label next.
struct SelectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Chooses the clips that are worth most once they are labelled.",
    discussion: """
      Prints a line for each, the most useful first: doubt (the share of its words that is probably \
      wrong), path, and recognised text. The model is uncertain of these clips, and they are short, \
      unlike each other, and unlike those that have a text beside them (clip.txt). Recordings longer \
      than half a minute are taken in parts.

      `stapes serve --label` shows the clips of a folder in this order. To label them in the table \
      of --output, fill in its column `verdict`: heard to accept the recognised text, or the correct \
      text. `stapes audit apply` turns it into a manifest for `stapes train`.

      Examples:
        stapes select recordings --amount 10m --output todo.tsv
        stapes audit apply todo.tsv --output labelled.jsonl
      """)

  @Argument(
    help: ArgumentHelp(
      "Folders of recordings, some of them labelled perhaps, or sound files.", valueName: "pool"),
    completion: .file())
  var pool: [String]

  @Option(
    help: ArgumentHelp("Number of clips to choose at most. (default: 50)", valueName: "number"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Length of sound to choose at most, such as 90s, 10m or 1h.", valueName: "time"))
  var amount: TimeSpan?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Table of the chosen clips to write.", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    if let count, count < 1 { throw ValidationError("--count \(count): give at least 1") }
    try replacing.check([output])
    let (recognizer, logger) = (try model.recognizer(wantsWords: true), logging.logger)
    let corpus = try Corpus(
      background: pool, longestSeconds: LabelSelection.longestSeconds,
      allowsOutside: labelled.allowOutside, audio: labelled.decoding.audio)
    let wanted = LabelSelection.Amount(count: count, seconds: amount?.seconds)
    let (jobs, progress) = (jobs.jobs, logging.progress)
    let selection = try await stoppable(logger: logger) {
      try await progress.following(corpus) { report in
        try await LabelSelection(
          from: corpus, by: recognizer, amount: wanted, threadCount: jobs, report: report)
      }
    }
    var report = SoundReport(logger: logger)
    for failure in selection.failures { report.tell(failure.error) }
    try Console.write(selection.text)
    if let output { try AuditTable.write(selection, to: output) }
    try report.exit(after: corpus)
  }
}

import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes evaluate`: how well a model does on labelled clips.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures a model's error rates on labelled clips.",
    discussion: """
      DATA is a folder of labelled clips or a manifest, in any layout that `stapes train` reads. \
      Prints the word error rate (wer), the character error rate (cer) and the share of clips \
      without an error (exact), each with a 95 % confidence interval for other clips of the same \
      speakers. The reference texts are normalised as the model's own training texts were. For a \
      classifier (train --task classify), prints the accuracy and the confusion matrix.

      Examples:
        stapes evaluate data/test --model my.safetensors
        stapes evaluate data/test --format json --details pairs.tsv
        stapes evaluate data/test --model new.safetensors --against old.safetensors
        stapes evaluate phrases/test --task spot --background speech --model wake.safetensors
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(help: "Output format.")
  var format = ReportFormat.txt

  @Option(
    help: ArgumentHelp(
      "Table to write: every clip with its reference, its hypothesis and the words that differ.",
      valueName: "file"), completion: .file())
  var details: String?

  @Option(
    help: ArgumentHelp(
      """
      Table to write: the confusion matrix, for each true class how often each class was recognised.
      """,
      valueName: "file"), completion: .file())
  var confusion: String?

  @Option(
    help: ArgumentHelp(
      """
      Second model to compare with: prints the differences of the rates, with confidence intervals \
      and the p-values of a paired permutation test.
      """, valueName: "file"), completion: .file())
  var against: String?

  @Flag(
    help: """
      Report how well word confidences are calibrated: for each range of confidence, the number of \
      words and the share that is correct.
      """)
  var confidence = false

  @OptionGroup var spotting: SpottingEvaluationOptions

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    try replacing.check([details, confusion, spotting.det])
    if spotting.task == .spot { return try await evaluateSpotting() }
    var otherModel = model
    otherModel.name.model = against
    let other = try against.map { _ in try otherModel.recognizer() }
    let recognizer = try model.recognizer(wantsWords: confidence)
    let logger = logging.logger
    let corpus = try labelled.corpus(data)
    logger.tell(corpus)
    let evaluation = try await evaluation(of: recognizer, on: corpus)
    let comparison: ModelComparison? =
      if let other {
        ModelComparison(evaluation, against: try await self.evaluation(of: other, on: corpus))
      } else { nil }
    var report = SoundReport(logger: logger)
    for failure in evaluation.failures { report.tell(failure.error) }
    report.tell(corpus)
    try Console.write(
      format == .json
        ? evaluation.json(
          comparison?.differences, withoutSound: corpus.clipsWithoutSound,
          withConfidence: confidence)
        : evaluation.text + (comparison?.text ?? "")
          + (confidence ? "\n" + evaluation.wordReliability.table : ""))
    if let details { try evaluation.writeDetails(to: details) }
    if let confusion { try evaluation.writeConfusion(to: confusion) }
    if let comparison, let caution = comparison.differences.caution {
      logger.warning("\(caution)")
    }
    if let caution = evaluation.rates.caution { logger.warning("\(caution)") }
    if let caution = corpus.voiceCaution { logger.notice("\(caution)") }
    try report.exit(after: corpus)
  }

  private func evaluateSpotting() async throws {
    let corpus = try labelled.corpus(data)
    logging.logger.tell(corpus)
    try await spotting.run(
      on: corpus, model: ModelSource(named: model.name.model, hearsStreams: true), format: format,
      labelled: labelled, jobs: jobs.jobs, logging: logging)
  }

  private func evaluation(
    of recognizer: Recognizer, on corpus: Corpus
  ) async throws -> Evaluation {
    let (jobs, progress) = (jobs.jobs, logging.progress)
    return try await stoppable(logger: logging.logger) {
      try await progress.following(corpus) { report in
        try await Evaluation(of: recognizer, on: corpus, threadCount: jobs, report: report)
      }
    }
  }
}

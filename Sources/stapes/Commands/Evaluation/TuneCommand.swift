import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes tune`: the weights of a language model, and calibrated confidences.
struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Tunes the language model weight and calibrates confidences.",
    discussion: """
      DATA are labelled clips that neither model was trained on, such as the validation set of \
      `stapes train`, but not the test set. Prints each trial with its word and character error \
      rates. The best weights are stored in the model, as the defaults for --lm. The calibration \
      of word confidences is stored too, for decoding with the language model or, without --lm, \
      for decoding without one; `stapes train` does the latter on its validation set.

      Examples:
        stapes tune data/dev --model my.safetensors --lm lm.bin
        stapes tune data/dev --model my.safetensors --lm lm.bin --output my-tuned.safetensors
        stapes tune data/dev --model my.safetensors
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Model file.", valueName: "file"), completion: .file())
  var model: String

  @Option(
    help: ArgumentHelp(
      "Language model: a file that `stapes lm train` wrote, or one in ARPA format.",
      valueName: "file"), completion: .file())
  var lm: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write the tuned model to. (default: MODEL itself)",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Beam width, 1 to 10000; best the one that will be used for decoding.",
      valueName: "number"))
  var beam: Int?

  @Flag(help: "Allow words outside the model's vocabulary.")
  var anyWord = false

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    // In the model's own file the weights are meant to be.
    let isOwn = output.map { $0.resolvingLinks.byteName == model.resolvingLinks.byteName } ?? true
    try OverwriteOptions.check([output ?? model], replacing: isOwn || replacing.overwrite)
    let options = RecognitionOptions(beamWidth: beam, allowsAnyWord: anyWord)
    let languageModel = try lm.map { try LanguageModel(contentsOf: $0) }
    let recognizer = try Recognizer(
      model: .file(model), options: options, languageModel: languageModel)
    try recognizer.model.requireCharacters(for: "tunings")
    let logger = logging.logger
    let corpus = try labelled.corpus(data)
    logger.tell(corpus)
    let (jobs, progress) = (jobs.jobs, logging.progress)
    let (tuned, failures, text) = try await stoppable(logger: logger) {
      var (tuned, text) = (recognizer.model, "")
      if languageModel != nil {
        let tuning = try await LanguageTuning(
          of: recognizer, on: corpus, jobs: jobs, progress: progress)
        (tuned.labelPriors, tuned.languageWeights) = (tuning.labelPriors, tuning.best.weights)
        text = tuning.text
      }
      let evaluation = try await progress.following(corpus) { report in
        try await Evaluation(
          uncalibrated: tuned, options: options, languageModel: languageModel, on: corpus,
          threadCount: jobs, report: report)
      }
      tuned.calibrate(
        by: evaluation, on: "tuning", besideLanguageModel: languageModel != nil)
      if let caution = evaluation.rates.caution { logger.warning("\(caution)") }
      return (tuned, evaluation.failures, text + evaluation.calibrationText)
    }
    var report = SoundReport(logger: logger)
    for failure in failures { report.tell(failure.error) }
    report.tell(corpus)
    if failures.count < corpus.clips.count {
      try tuned.write(to: output ?? model)
      try Console.write(text)
    }
    try report.exit(after: corpus)
  }
}

extension LanguageTuning {
  /// Tunes while the progress is shown.
  fileprivate init(
    of recognizer: Recognizer, on corpus: Corpus, jobs: Int, progress: ProgressLine
  ) async throws {
    var (count, trialCount, seconds, progress) = (0, 0, 0.0, progress)
    defer { progress.clear() }
    do throws(CancellationError) {
      try await self.init(of: recognizer, on: corpus, threadCount: jobs) { event in
        switch event {
        case .heard(let clip):
          count += 1
          seconds += clip.duration
          progress.show(count, of: corpus.clips.count, "clips", seconds: (seconds, corpus.seconds))
        case .tried(let trial):
          trialCount += 1
          let wer = (trial.words.rate * 100).formatted(decimals: 2)
          progress.show("\(counted(trialCount, "trial")), the last with \(wer) % word errors")
        }
      }
    } catch {
      throw ExitCode(130)
    }
  }
}

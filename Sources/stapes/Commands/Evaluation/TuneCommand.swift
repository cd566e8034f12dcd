import ArgumentParser
import Logging
import Stapes

/// `stapes tune`: how much a language model should count.
struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Finds how much a language model should count, and how far to trust confidences.",
    discussion: """
      DATA are labelled clips that neither model has learned from, such as those that `stapes train` \
      held back; not those that the models are to be measured on at last. Printed is what was \
      tried, with its errors in words and characters. The best weights are stored in the model, and \
      are what --lm uses from then on. So is what turns probabilities into confidences that foretell \
      which words are right, beside the language model or, without --lm, by itself; training does \
      the latter, too, on the clips that it holds back.

      Examples:
        stapes tune data/dev --model my.safetensors --lm lm.bin
        stapes tune data/dev --model my.safetensors --lm lm.bin --output my-tuned.safetensors
        stapes tune data/dev --model my.safetensors
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"))
  var data: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "file"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "A language model that `stapes lm` made, or one in ARPA's format.", valueName: "file"))
  var lm: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file for the model with its weights; without it the model file itself.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "How many beginnings of a text the search keeps; best as it will be used.",
      valueName: "number"))
  var beam: Int?

  @Flag(help: "Write any word, not only those of the model's vocabulary.")
  var anyWord = false

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    // In the model's own file the weights are meant to be.
    let isOwn = output.map { OverwriteOptions.isSame($0, model) } ?? true
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
      tuned.calibrate(by: evaluation, besideLanguageModel: languageModel != nil)
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

extension SpeechModel {
  /// Notes the calibration that suits an evaluation of this model without one.
  fileprivate mutating func calibrate(by evaluation: Evaluation, besideLanguageModel: Bool) {
    if besideLanguageModel {
      languageCalibration = evaluation.calibration
    } else {
      calibration = evaluation.calibration
    }
  }
}

extension Evaluation {
  /// What the confidences were calibrated on, for people.
  fileprivate var calibrationText: String {
    "confidences calibrated on \(counted(wordReliability.count, "word"))\n"
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

  /// What was tried, the best last, as a table for people.
  fileprivate var text: String {
    let header = [
      "lm-weight", "prior-weight", "word-bonus", "unknown-word-penalty", "wer", "cer",
    ]
    let lines = (trials + [best]).map { trial in
      let weights = trial.weights
      return [
        weights.languageWeight.formatted(decimals: 2),
        weights.labelPriorWeight.formatted(decimals: 2), weights.wordBonus.formatted(decimals: 2),
        weights.unknownWordPenalty?.formatted(decimals: 1) ?? "inf",
        "\((trial.words.rate * 100).formatted(decimals: 2)) %",
        "\((trial.characters.rate * 100).formatted(decimals: 2)) %",
      ]
    }
    return ([header] + lines).enumerated().map { row, fields in
      let cells = zip(fields, header).map { field, name in
        String(repeating: " ", count: max(0, max(name.count, 7) - field.count)) + field
      }
      return (row == lines.count ? "best  " : "      ") + cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}

import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// How the spotting of phrases is measured.
struct SpottingEvaluationOptions: ParsableArguments {
  /// What is measured.
  enum Task: String, ExpressibleByArgument, CaseIterable {
    /// The errors of transcripts, or of classes.
    case transcribe
    /// Misses and false alarms of phrases in streams.
    case spot
  }

  @Option(
    help: """
      Task: transcribe for error rates, or spot for misses against false alarms an hour, where each \
      clip of DATA says one phrase; with --background.
      """)
  var task = Task.transcribe

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      With --task spot: recordings without the phrases, among which the clips are mixed; folders, \
      sound files or labelled clips.
      """, valueName: "data"), completion: .file())
  var background: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --task spot: folder of noise to add.", valueName: "folder"), completion: .directory)
  var noise: String?

  @Option(
    help: ArgumentHelp(
      "Signal-to-noise ratio with --noise, -30 to 120.", valueName: "decibels"))
  var snr = 10.0

  @Option(
    help: ArgumentHelp(
      """
      With --task spot: wanted false alarms an hour of each phrase, above 0; the thresholds for it \
      are stored in the model file. (default: 0.5, not stored)
      """, valueName: "rate"))
  var falseAlarms: Double?

  @Option(
    help: ArgumentHelp(
      "With --task spot: SVG file of the misses against the false alarms to write.",
      valueName: "file"), completion: .file())
  var det: String?

  func validate() throws {
    guard task == .spot || background.isEmpty && falseAlarms == nil && det == nil else {
      throw ValidationError("--background, --false-alarms and --det need --task spot")
    }
    guard task == .transcribe || !background.isEmpty else {
      throw ValidationError("--task spot needs --background; give recordings without the phrases")
    }
    if let falseAlarms, !(falseAlarms > 0 && falseAlarms.isFinite) {
      throw ValidationError("--false-alarms is \(falseAlarms); give a rate above 0")
    }
    guard (-30...120).contains(snr) else {
      throw ValidationError("--snr is \(snr); give -30 to 120")
    }
  }

  /// Measures a model, and stores the thresholds where a rate is wanted.
  func run(
    on corpus: Corpus, model source: ModelSource, format: ReportFormat, labelled: DataOptions,
    jobs: Int, logging: LoggingOptions
  ) async throws {
    let recognizer = try Recognizer(model: source)
    let sound = try Corpus(
      background: background, longestSeconds: 60, allowsOutside: labelled.allowOutside,
      audio: labelled.decoding.audio)
    let mix = try SpottingMix(
      clips: corpus, background: sound, noiseFolder: noise ?? "", signalToNoiseDecibels: snr,
      sampleRate: recognizer.sampleRate)
    let rate = falseAlarms ?? 0.5
    let evaluation = try await stoppable(logger: logging.logger) {
      try await SpottingEvaluation(
        of: recognizer, on: mix, falseAlarmsPerHour: rate, threadCount: jobs)
    }
    try Console.write(format == .json ? evaluation.json : evaluation.text)
    if let det { try FileSystem.write(evaluation.chart, to: det) }
    guard falseAlarms != nil else { return }
    guard case .file(let path) = source else {
      return logging.logger.notice(
        "the thresholds are not stored, since the model is a bundled one")
    }
    var model = recognizer.model
    model.spotting = evaluation.settings
    try model.write(to: path)
  }
}

import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes spot`: a search for phrases in recordings.
struct SpotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spot",
    abstract: "Finds phrases in recordings.",
    discussion: """
      Prints a line for each time that a phrase is said: path, start and end in seconds, score and \
      phrase. Any model that transcribes will do; one of `stapes train --task spot` brings its \
      phrases and, once `stapes evaluate --task spot` has measured them, their thresholds. \
      `stapes listen --spot` does the same with live sound.

      Examples:
        stapes spot recordings --phrases wanted.txt
        stapes spot call.wav --grammar home.txt --format json
        stapes spot recordings --model wake.safetensors --format csv
      """)

  @Argument(
    help: ArgumentHelp(
      "Sound files, or folders of them; - reads standard input.", valueName: "recording"),
    completion: .file())
  var recordings: [String]

  @Option(help: "Output format; json writes an object on each line.")
  var format = SpottingFormat.txt

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Model: a file, or the name of a bundled model, which `stapes models` lists. (default: \
      english-streaming)
      """, valueName: "model"), completion: .model)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Phrases to spot: a file with one on each line. (default: those of the model)",
      valueName: "file"), completion: .file())
  var phrases: String?

  @OptionGroup var spotting: SpottingPhraseOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    let logger = logging.logger
    let spotter = try spotting.spotter(
      ModelSource(named: model, hearsStreams: true), phrases: phrases, logger: logger)
    let paths = try Spotter.recordings(in: recordings)
    let (audio, format, jobs) = (sound.audio(decoding), format, jobs.jobs)
    try Console.write(format.header)
    let report = try await stoppable(logger: logger) {
      var report = SoundReport(logger: logger)
      try await spotter.search(paths, audio: audio, threadCount: jobs) { path, found in
        switch found {
        case .success(let (phrases, warnings)):
          report.tell(warnings)
          try Console.write(phrases.map { format.line($0, path: path) }.joined())
        case .failure(.recognition(let error)): report.tell(error)
        case .failure(let error): throw error
        }
      }
      return report
    }
    try report.exit(itemCount: paths.count)
  }
}

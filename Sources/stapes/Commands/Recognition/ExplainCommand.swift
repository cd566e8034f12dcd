import ArgumentParser
import Logging
import Stapes

/// `stapes explain`: how a clip was recognised, as a page of HTML.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows in an HTML page how a clip was recognised.",
    discussion: """
      The page shows the sound, the probability of each character over time, the alignment of each \
      letter with its alternatives, and the n-best list with scores. It is one self-contained \
      file. --text explains a text of your own, such as the correct one.

      Examples:
        stapes explain recording.wav
        stapes explain recording.wav --text "seven two" --output seven.html
      """)

  @Argument(
    help: ArgumentHelp(
      "Sound file of at most two minutes; - reads standard input.", valueName: "clip"),
    completion: .file())
  var clip: String

  @Option(
    help: ArgumentHelp("Explain this text instead of the recognised one.", valueName: "words"))
  var text: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Page to write. (default: the clip's name with .html)", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Number of hypotheses to show, 1 to 1000.", valueName: "number"))
  var nbest = 10

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func run() throws {
    let path = output ?? OutputNames(of: [clip.fileName], endings: ["html"]).paths[0][0]
    try replacing.check([path])
    // A narrow search ends with few hypotheses to compare.
    let recognizer = try model.recognizer(
      hypothesisCount: nbest, wantsWords: true, usualBeam: Recognizer.wideBeamWidth)
    let explanation = try recognizer.explanation(
      contentsOf: clip, audio: sound.audio(decoding), text: text)
    var report = SoundReport(logger: logging.logger)
    report.tell(explanation.transcript.warnings)
    if let unwritable = explanation.unwritable { logging.logger.warning("\(unwritable)") }
    try ExplanationPage(explanation, path: clip).write(to: path)
    logging.logger.info("\(path): \(explanation.text)")
  }
}

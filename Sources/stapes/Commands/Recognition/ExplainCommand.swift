import ArgumentParser
import Logging
import Stapes

/// `stapes explain`: why a clip came out as it did, as a page of HTML.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows why a clip is read as it is, in a page of HTML.",
    discussion: """
      The page shows the sound, the probability of each character at each time, where each letter \
      of the text is heard and what else it may have been, and other readings with their scores. \
      It is one file that needs nothing else. --text shows the same for a text that the clip \
      should have given.

      Examples:
        stapes explain recording.wav
        stapes explain recording.wav --text "seven two" --output seven.html
      """)

  @Argument(
    help: ArgumentHelp(
      "A sound file of at most two minutes; - is standard input.", valueName: "clip")
  )
  var clip: String

  @Option(
    help: ArgumentHelp("Explain this text, not what the model reads.", valueName: "words"))
  var text: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The page; without it the clip's name with .html.", valueName: "file"))
  var output: String?

  @Option(help: "How many readings are shown at most.")
  var nbest = 10

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func run() throws {
    let path = output ?? OutputNames(of: [clip.fileName], endings: ["html"]).paths[0][0]
    try replacing.check([path])
    // A narrow search ends with few readings to compare.
    let recognizer = try model.recognizer(
      hypothesisCount: nbest, wantsWords: true, usualBeam: Recognizer.wideBeamWidth)
    let explanation = try recognizer.explanation(
      contentsOf: clip, audio: sound.audio, text: text)
    var report = SoundReport(logger: logging.logger)
    report.tell(explanation.transcript.warnings)
    if let unwritable = explanation.unwritable { logging.logger.warning("\(unwritable)") }
    try ExplanationPage(explanation, path: clip).write(to: path)
    logging.logger.info("\(path): \(explanation.text)")
  }
}

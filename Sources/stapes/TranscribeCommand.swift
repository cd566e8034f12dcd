import ArgumentParser
import Logging
import Stapes

/// `stapes transcribe`: sound files to standard output.
struct TranscribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcribe",
    abstract: "Transcribes sound files to standard output.",
    discussion: """
      One file gives its text alone; several give the path, a tab and the text on a line each. \
      The formats json (an object a line) and tsv (a table) have more.

      Examples:
        stapes transcribe recording.wav
        stapes transcribe *.flac --model my.safetensors --format json --nbest 5
        arecord -f S16_LE -r 16000 | stapes transcribe -
      """)

  @Argument(
    help: ArgumentHelp(
      "WAV, FLAC, Ogg, MP3 or AIFF files; - is standard input.", valueName: "file"))
  var files: [String]

  @OptionGroup var output: OutputOptions

  @Option(help: "How many readings of each file are written, best first.")
  var nbest = RecognitionOptions().hypothesisCount

  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    guard output.format.formats.count == 1 else {
      throw ValidationError("--format names several formats; give one for standard output")
    }
  }

  private var format: TranscriptFormat { output.format.formats[0] }

  func run() throws {
    let recognizer = try model.recognizer(hypothesisCount: nbest)
    var report = SoundReport(logger: logging.logger)
    if let header = format.header { try Console.write(header) }
    for path in files {
      do {
        let transcript = try recognizer.transcribe(contentsOf: path, audio: sound.audio)
        report.tell(transcript.warnings)
        try Console.write(lines(transcript, path: path))
      } catch let error as RecognitionError {
        report.tell(error)
      }
    }
    try report.exit(itemCount: files.count)
  }

  /// A transcript in the format that was asked for; the path stands before each plain text where
  /// there are several files.
  private func lines(_ transcript: Transcript, path: String) -> String {
    guard format == .txt, files.count > 1 else {
      return format.string(transcript, path: path)
    }
    let name = path.escapedForTable
    return transcript.hypotheses.map { "\(name)\t\($0.text)\n" }.joined()
  }
}

public import ArgumentParser
import FoundationEssentials
import Logging
public import Stapes

/// Which model, and how thoroughly it searches.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The model file; without it the model for spoken English digits that comes with Stapes.",
      valueName: "file"))
  var model: String?

  @Option(help: "How many beginnings of a text the search keeps; 1 is fastest.")
  var beam = RecognitionOptions().beamWidth

  @Flag(help: "Write any word, not only those of the model's vocabulary.")
  var anyWord = false

  /// Loads the model.
  func recognizer(hypothesisCount: Int = 1) throws -> Recognizer {
    try Recognizer(
      model: model.map { .file($0) } ?? .bundled("digits"),
      options: RecognitionOptions(
        beamWidth: beam, hypothesisCount: hypothesisCount, allowsAnyWord: anyWord))
  }
}

/// How sound files are read.
struct SoundOptions: ParsableArguments {
  @Option(
    help: "The channel to take, 0 being the first; without it the channels are mixed.")
  var channel: Int?

  @Option(
    help: ArgumentHelp(
      "Files are bare samples of this encoding, rate and number of channels, as s16le:16000:1.",
      valueName: "format"),
    transform: RawFormat.init(parsing:))
  var raw: RawFormat?

  func validate() throws {
    if let channel, channel < 0 {
      throw ValidationError("--channel is \(channel); the first channel is 0")
    }
  }

  /// The options for the library.
  var audio: AudioOptions {
    AudioOptions(channel: channel.map { .index($0) } ?? .mix, rawFormat: raw)
  }
}

/// How transcripts are written.
struct OutputOptions: ParsableArguments {
  @Option(help: "How transcripts are written.")
  var format = TranscriptFormat.txt
}

extension TranscriptFormat: ExpressibleByArgument {}

extension LanguageUnit: ExpressibleByArgument {}

/// How many clips are worked on at a time.
struct JobOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "How many files are worked on at a time; without it as many as there are processor cores.",
      valueName: "number"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...1024).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs); give 1 to 1024")
    }
  }
}

/// How much is said on standard error.
struct LoggingOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say only what went wrong.")
  var quiet = false

  /// The logger for the command's messages.
  var logger: Logger { Logger(from: quiet ? .error : .info) }

  /// Where the command shows how far it has come.
  var progress: ProgressLine { ProgressLine(isSilent: quiet) }
}

public import ArgumentParser
import FoundationEssentials
import Logging
public import Stapes

/// Which model.
struct ModelNameOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A model file, or the name of one that comes with Stapes (`stapes models` lists them).",
      valueName: "model"))
  var model: String?

  /// Where it is.
  var source: ModelSource { ModelSource(named: model) }
}

/// Which model, and how thoroughly it searches.
struct ModelOptions: ParsableArguments {
  @OptionGroup var name: ModelNameOptions

  @Option(
    help: ArgumentHelp(
      """
      How many beginnings of a text the search keeps; 1 is fastest. Without it 8, 600 with a \
      language model or hotwords, or 256 with a neural one.
      """, valueName: "number"))
  var beam: Int?

  @Flag(help: "Write any word, not only those of the model's vocabulary.")
  var anyWord = false

  @OptionGroup var language: LanguageOptions
  @OptionGroup var hotwords: HotwordOptions
  @OptionGroup var phrases: PhraseOptions

  func validate() throws {
    guard phrases.phrases == nil || language.lm == nil && hotwords.hotwords == nil else {
      throw ValidationError(
        "with --phrases, --lm and --hotwords have nothing to say; leave out the one or the others")
    }
    guard language.isWeighted, language.lm == nil, language.noLM || !name.source.hasLanguageModel
    else { return }
    throw ValidationError(
      """
      --lm-weight, --word-bonus, --unknown-word-penalty and --prior-weight are of use only with a \
      language model
      """)
  }

  /// Loads the model.
  ///
  /// - Parameters:
  ///   - hypothesisCount: how many readings are wanted.
  ///   - wantsWords: whether words, times and confidences are.
  ///   - usualBeam: the width of the search where none is asked for; nil for the library's.
  ///   - splitsChannels: whether channels are transcribed one by one.
  ///   - hearsStreams: whether the usual model is that for live sound.
  func recognizer(
    hypothesisCount: Int = 1, wantsWords: Bool = false, usualBeam: Int? = nil,
    splitsChannels: Bool = false, hearsStreams: Bool = false
  ) throws -> Recognizer {
    let source = ModelSource(named: name.model, hearsStreams: hearsStreams)
    let recognizer = try Recognizer(
      model: source,
      options: RecognitionOptions(
        beamWidth: beam ?? usualBeam, hypothesisCount: hypothesisCount, allowsAnyWord: anyWord,
        languageWeight: language.lmWeight, wordBonus: language.wordBonus,
        unknownWordPenalty: language.unknownWordPenalty,
        labelPriorWeight: language.priorWeight, unknownMargin: phrases.unknownMargin,
        wantsWords: wantsWords, splitsChannels: splitsChannels),
      languageModel: phrases.phrases == nil ? try language.model(beside: source) : nil,
      hotwords: try hotwords.list(),
      phrases: try phrases.phrases.map { try PhraseList(contentsOf: $0) })
    if let unwritable = recognizer.unwritable { Logger(from: .warning).warning("\(unwritable)") }
    return recognizer
  }
}

/// Which language model, and how much it counts.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A language model that `stapes lm` made, or one in ARPA's format; without it that of a model \
      that comes with Stapes, where it has one.
      """, valueName: "file"))
  var lm: String?

  @Flag(name: .customLong("no-lm"), help: "Write what is heard, without a language model.")
  var noLM = false

  @Option(
    help: ArgumentHelp(
      """
      What the language model's log-probability is multiplied by; without it what the model was \
      tuned to.
      """, valueName: "number"))
  var lmWeight: Double?

  @Option(
    help: ArgumentHelp("What each word adds to a text's score; likewise.", valueName: "number"))
  var wordBonus: Double?

  @Option(
    help: ArgumentHelp(
      """
      What a word costs that the language model does not have, inf for never; likewise.
      """, valueName: "number"))
  var unknownWordPenalty: Double?

  @Option(
    help: ArgumentHelp(
      """
      How much of what the model finds probable before it hears anything, blank and frequent \
      letters, is taken back beside a language model, which knows it better; likewise.
      """, valueName: "number"))
  var priorWeight: Double?

  func validate() throws {
    guard lm != nil, noLM else { return }
    throw ValidationError("--lm and --no-lm exclude each other; leave out one of them")
  }

  /// Whether it is said how much the language model counts.
  var isWeighted: Bool {
    [lmWeight, wordBonus, unknownWordPenalty, priorWeight].contains { $0 != nil }
  }

  /// The language model that is asked for, or that comes with a model.
  func model(beside source: ModelSource) throws -> LanguageModel? {
    if let lm { return try LanguageModel(contentsOf: lm) }
    return noLM ? nil : try source.languageModel()
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
  @Option(
    help: ArgumentHelp(
      "How transcripts are written: one format, or several divided by commas; without it txt.",
      valueName: "formats"))
  var format: TranscriptFormats?
}

/// Different formats, as they stand on the command line: `txt,json`.
struct TranscriptFormats: ExpressibleByArgument {
  /// The formats, in the order in which they are given; at least one.
  let formats: [TranscriptFormat]

  /// Reads a list; nil where something is no format or stands there twice.
  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    formats = names.compactMap { TranscriptFormat(rawValue: String($0)) }
    guard formats.count == names.count, Set(formats).count == formats.count else { return nil }
  }

  static var allValueStrings: [String] { TranscriptFormat.allCases.map(\.rawValue) }
}

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

public import ArgumentParser
import FoundationEssentials
import Logging
public import Stapes
import StapesConsole

/// Which model.
struct ModelNameOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Model: a file, or the name of a bundled model, which `stapes models` lists. (default: english)
      """,
      valueName: "model"), completion: .model)
  var model: String?

  /// Where it is.
  var source: ModelSource { ModelSource(named: model) }
}

/// The model, and how it decodes.
struct ModelOptions: ParsableArguments {
  @OptionGroup var name: ModelNameOptions

  @Option(
    help: ArgumentHelp(
      """
      Beam width, 1 to 10000; 1 decodes greedily. (default: 8; 1500 with an n-gram language model \
      or hot words, 256 with a neural language model)
      """, valueName: "number"))
  var beam: Int?

  @Flag(help: "Allow words outside the model's vocabulary.")
  var anyWord = false

  @OptionGroup var language: LanguageOptions
  @OptionGroup var hotwords: HotwordOptions
  @OptionGroup var phrases: PhraseOptions

  func validate() throws {
    guard phrases.phrases == nil || language.lm == nil && hotwords.hotwords == nil else {
      throw ValidationError(
        "--phrases excludes --lm and --hotwords; omit one or the other")
    }
    guard language.isWeighted, language.lm == nil,
      language.noLM || (try? name.source.load())?.languageModel == nil
    else { return }
    throw ValidationError(
      """
      --lm-weight, --word-bonus, --unknown-word-penalty and --prior-weight need a language model; \
      give --lm
      """)
  }

  /// Loads the model.
  ///
  /// - Parameters:
  ///   - hypothesisCount: how many hypotheses are wanted.
  ///   - wantsWords: whether words, times and confidences are.
  ///   - usualBeam: the beam width where none is given; nil for the library's.
  ///   - splitsChannels: whether channels are transcribed one by one.
  ///   - hearsStreams: whether the default model is that for live sound.
  func recognizer(
    hypothesisCount: Int = 1, wantsWords: Bool = false, usualBeam: Int? = nil,
    splitsChannels: Bool = false, hearsStreams: Bool = false
  ) throws -> Recognizer {
    let source = ModelSource(named: name.model, hearsStreams: hearsStreams)
    let (model, languageModel) =
      phrases.phrases == nil
      ? try language.models(from: source) : (try source.load(), nil)
    let recognizer = try Recognizer(
      model: .model(model),
      options: RecognitionOptions(
        beamWidth: beam ?? usualBeam, hypothesisCount: hypothesisCount, allowsAnyWord: anyWord,
        languageWeight: language.lmWeight, wordBonus: language.wordBonus,
        unknownWordPenalty: language.unknownWordPenalty,
        labelPriorWeight: language.priorWeight, unknownMargin: phrases.unknownMargin,
        wantsWords: wantsWords, splitsChannels: splitsChannels),
      languageModel: languageModel,
      hotwords: try hotwords.list(),
      phrases: try phrases.phrases.map { try PhraseList(contentsOf: $0) })
    if let unwritable = recognizer.unwritable { Logger(from: .warning).warning("\(unwritable)") }
    return recognizer
  }
}

/// The language model and its weight.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Language model: a file that `stapes lm train` wrote, or one in ARPA format. (default: that \
      of a bundled model, and of what was trained from one where it suits the clips)
      """, valueName: "file"), completion: .file())
  var lm: String?

  @Flag(name: .customLong("no-lm"), help: "Decode without a language model.")
  var noLM = false

  @Option(
    help: ArgumentHelp(
      """
      Language model weight: the factor of its log-probability, 0 to 1000. (default: as tuned by \
      `stapes tune`, else 1)
      """, valueName: "number"))
  var lmWeight: Double?

  @Option(
    help: ArgumentHelp(
      """
      Word insertion bonus: added to the score for each word, -1000 to 1000, in natural \
      logarithms. (default: as tuned, else 1)
      """, valueName: "number"))
  var wordBonus: Double?

  @Option(
    help: ArgumentHelp(
      """
      Unknown word penalty: subtracted from the score for each word that the language model does \
      not know, 0 or more; inf forbids such words. (default: as tuned, else inf)
      """, valueName: "number"))
  var unknownWordPenalty: Double?

  @Option(
    help: ArgumentHelp(
      """
      Label prior weight: how much of each label's prior log-probability is subtracted from the \
      acoustic score when a language model is used, 0 (none) to 1000. (default: as tuned, else \
      0.5)
      """, valueName: "number"))
  var priorWeight: Double?

  func validate() throws {
    guard lm != nil, noLM else { return }
    throw ValidationError("--lm and --no-lm exclude each other; omit one of them")
  }

  /// Whether a weight of the language model is given.
  var isWeighted: Bool {
    [lmWeight, wordBonus, unknownWordPenalty, priorWeight].contains { $0 != nil }
  }

  /// A model, and the language model that is asked for or used with it.
  func models(from source: ModelSource) throws -> (SpeechModel, LanguageModel?) {
    guard lm != nil || noLM else { return try source.loadWithLanguageModel() }
    return (try source.load(), try lm.map { try LanguageModel(contentsOf: $0) })
  }
}

/// How sound files are read.
struct SoundOptions: ParsableArguments {
  @Option(
    help: "Channel to read, counted from 0. (default: the mean of all channels)")
  var channel: Int?

  @Option(
    help: ArgumentHelp(
      "Read raw samples of this encoding, sample rate and channel count, such as s16le:16000:1.",
      valueName: "format"),
    transform: RawFormat.init(parsing:))
  var raw: RawFormat?

  func validate() throws {
    if let channel, channel < 0 {
      throw ValidationError("--channel is \(channel); the first channel is 0")
    }
  }

  /// The options for the library.
  func audio(_ decoding: DecodingOptions) -> AudioOptions {
    var audio = decoding.audio
    (audio.channel, audio.rawFormat) = (channel.map { .index($0) } ?? .mix, raw)
    return audio
  }
}

/// How transcripts are written.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Output formats, separated by commas; by default txt.",
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

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

extension CompletionKind {
  /// Names of bundled models, model files and folders.
  static var model: CompletionKind {
    .custom { _, _, typed in
      let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
      let names = try? FolderNames(inFolder: folder.isEmpty ? "." : folder)
      let found = (names?.names ?? []).map { folder + $0 }.compactMap { path in
        FileNode.isFolder(path) ? path + "/" : path.hasSuffix(".safetensors") ? path : nil
      }
      return ModelSource.bundledNames + found
    }
  }
}

extension LanguageUnit: ExpressibleByArgument {}

/// How many files are processed in parallel.
struct JobOptions: ParsableArguments {
  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp(
      """
      Number of files to process in parallel, 1 to 1024. (default: the number of processor cores)
      """, valueName: "number"))
  var given: Int?

  /// The number that was given, or that of the processor cores.
  var jobs: Int { given ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    guard (1...1024).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs); give 1 to 1024")
    }
  }
}

/// How much is said on standard error.
struct LoggingOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print errors only: no progress and no warnings.")
  var quiet = false

  /// The logger for the command's messages.
  var logger: Logger { Logger(from: quiet ? .error : .info) }

  /// Where the command shows how far it has come.
  var progress: ProgressLine { ProgressLine(isSilent: quiet) }
}

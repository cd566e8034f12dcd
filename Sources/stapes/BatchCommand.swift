import ArgumentParser
import FoundationEssentials
import Logging
import Stapes

/// `stapes batch`: folders of sound files to a folder of transcripts.
struct BatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Transcribes many sound files into a folder.",
    discussion: """
      The tree of folders is mirrored: in/a/b.wav becomes out/a/b.txt. Several inputs keep their \
      places below the folder that they have in common. A file that cannot be transcribed does not \
      stop the others; such files are listed at the end and in out/errors.tsv.

      A journal in out/.stapes tells what is done, so that the same command goes on where an \
      earlier one was stopped, and does only what is missing or has changed: a file, the model, or \
      an option. What failed is tried again when its file changes, or with --retry-failed.

      Examples:
        stapes batch recordings --output transcripts
        stapes batch recordings --output transcripts --format txt,srt,json
        stapes batch calls --output texts --model my.safetensors --jobs 4
        find /data -name '*.flac' -mtime -1 | stapes batch --from-list - --output today
        srun --array=0-7 stapes batch recordings --output transcripts --shard auto
        stapes batch --merge transcripts
      """)

  @Argument(help: "Folders of sound files and further folders, and single files.")
  var inputs: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file with the path of an input on each line; - is standard input.", valueName: "file"))
  var fromList: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder for the transcripts.", valueName: "folder"))
  var output: String?

  @OptionGroup var format: OutputOptions
  @OptionGroup var jobs: JobOptions

  @Option(
    help: ArgumentHelp(
      """
      Do one of several parts, such as 3/8; parts may run at the same time on several machines. \
      auto takes it from a SLURM array or the rank in an MPI job.
      """, valueName: "part"))
  var shard: String?

  @Option(
    help: ArgumentHelp(
      """
      Put together what the parts of a batch did, in one output folder or in several that were \
      copied into it: one journal, one list of what failed, and how much it is.
      """, valueName: "folder"))
  var merge: String?

  @Option(
    help: ArgumentHelp("Give a file up after this time.", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "Try again what failed before.")
  var retryFailed = false

  @Flag(help: "Wait for further files until Ctrl-C.")
  var watch = false

  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var channels: ChannelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    if merge != nil {
      guard inputs.isEmpty, fromList == nil, output == nil else {
        throw ValidationError("--merge takes the output folder, and no input or --output beside it")
      }
      return
    }
    guard output != nil else {
      throw ValidationError("Missing expected argument '--output <folder>'")
    }
    guard !inputs.isEmpty || fromList != nil else {
      throw ValidationError("Missing expected argument '<inputs>' or '--from-list <file>'")
    }
    if let timeout, !(timeout > 0) {
      throw ValidationError("--timeout is \(timeout); give seconds above 0")
    }
    _ = try part()
    try channels.validate(with: sound, files: inputs)
  }

  func run() async throws {
    if let merge {
      return try BatchReport(output: merge, logger: logging.logger, progress: logging.progress)
        .conclude(BatchMerge(outputFolder: merge))
    }
    guard let output else { return }
    let formats = format.format?.formats ?? [.txt]
    let recognizer = try model.recognizer(
      wantsWords: formats.contains { $0.needsWords },
      splitsChannels: channels.areSplit)
    let listed = try fromList.map { try BatchRun.paths(inList: $0) } ?? []
    var options = BatchOptions(
      formats: formats, audio: sound.audio, shard: try part(), retriesFailures: retryFailed,
      timeout: timeout, recipe: try model.recipe(for: recognizer, audio: sound.audio))
    let logger = logging.logger
    let report = BatchReport(output: output, logger: logger, progress: logging.progress)
    let (inputs, jobs, watch) = (inputs, jobs.jobs, watch)
    if watch { options.leastAge = Self.watchSeconds }
    let summary = try await stoppable(logger: logger) { [options] in
      var report = report
      repeat {
        do {
          let batch = try BatchRun(
            inputs, listed: listed, outputFolder: output, options: options)
          try await report.follow(batch, with: recognizer, jobs: jobs, isWatching: watch)
        } catch let error as RecognitionError {
          // Where a folder is watched, some may come.
          guard watch, case .noSoundFiles = error else { throw error }
        }
        if watch { try? await Task.sleep(for: .seconds(Self.watchSeconds)) }
      } while watch && !Task.isCancelled
      return report
    }
    try summary.conclude(isWatching: watch)
  }

  /// How often a folder that is watched is looked at, in seconds.
  private static let watchSeconds = 2.0

  /// The part that is asked for.
  private func part() throws -> Shard {
    switch shard {
    case nil: return .whole
    case "auto":
      guard let part = Shard(environment: ProcessInfo.processInfo.environment) else {
        throw ValidationError(
          "--shard auto finds no SLURM_ARRAY_TASK_ID, OMPI_COMM_WORLD_RANK or PMI_RANK; give one "
            + "such as 3/8")
      }
      return part
    case let text?:
      guard let part = Shard(parsing: text) else {
        throw ValidationError("--shard is \(text); give a part and how many there are, as 3/8")
      }
      return part
    }
  }
}

extension ModelOptions {
  /// A number that changes with all that decides a text besides the sound.
  fileprivate func recipe(for recognizer: Recognizer, audio: AudioOptions) throws -> UInt64 {
    var hash = ContentHash()
    hash.add(Provenance.currentToolVersion)
    var files = [language.lm, hotwords.hotwords, phrases.phrases]
    switch name.source {
    case .bundled(let model): hash.add(model)
    case .file(let model): files.append(model)
    default: break
    }
    for file in files {
      hash.add(file == nil ? "none" : "file")
      if let file { try hash.addFile(file) }
    }
    hash.add(language.noLM ? "no language model" : "")
    hash.add("\(recognizer.options) \(audio) \(hotwords.hotwordBoost ?? .infinity)")
    return hash.value
  }
}

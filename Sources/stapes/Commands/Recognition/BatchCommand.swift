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
      an option. What failed is tried again when its file changes, with a longer --timeout where \
      that was the cause, or with --retry-failed.

      Transcripts that you have corrected are kept. Files that no batch wrote are never replaced: \
      where one is in the way, nothing is done. --overwrite replaces both.

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

  @Flag(help: "Remove the transcripts of sound files that are gone, unless they were corrected.")
  var prune = false

  @OptionGroup var overwriting: OverwriteOptions

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
    guard let output else {
      throw ValidationError("Missing expected argument '--output <folder>'")
    }
    guard output != "-" else {
      throw ValidationError(
        "--output - is standard output, and a batch writes into a folder; give one, or ./-")
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
    try OutputGuard.checkFolder(output)
    let formats = format.format?.formats ?? [.txt]
    let used = model.filesFound
    let recognizer = try model.recognizer(
      wantsWords: formats.contains { $0.needsWords },
      splitsChannels: channels.areSplit)
    var options = BatchOptions(
      formats: formats, audio: sound.audio, shard: try part(), retriesFailures: retryFailed,
      timeout: timeout, recipe: try model.recipe(for: recognizer, audio: sound.audio))
    options.earlierRecipe = try model.earlierRecipe(for: recognizer, audio: sound.audio)
    options.overwrites = overwriting.overwrite
    options.build = ToolBuild.current ?? ""
    // What decides the texts is hashed after it was loaded, and must not have changed in between.
    if let path = used.changed { throw RecognitionError.changedMeanwhile(path: path) }
    try await transcribe(into: output, with: recognizer, options)
  }

  /// Does what is left of a batch, and where a folder is watched what comes later.
  private func transcribe(
    into output: String, with recognizer: Recognizer, _ options: BatchOptions
  ) async throws {
    let listed = try fromList.map { try BatchRun.paths(inList: $0) } ?? []
    let logger = logging.logger
    let report = BatchReport(output: output, logger: logger, progress: logging.progress)
    let (inputs, jobs, watch, prune) = (inputs, jobs.jobs, watch, prune)
    let summary = try await stoppable(logger: logger) {
      var (report, options) = (report, options)
      if watch { options.leastAge = Self.watchSeconds }
      repeat {
        do {
          let batch = try BatchRun(
            inputs, listed: listed, outputFolder: output, options: options)
          try await report.follow(batch, with: recognizer, jobs: jobs, isWatching: watch)
          report.tellStale(batch, prunes: prune)
          // A file that comes later is in the way of one transcript only.
          options.goesOnBesideOccupied = watch
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

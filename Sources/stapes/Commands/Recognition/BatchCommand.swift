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
      The output mirrors the folders of the input: in/a/b.wav becomes out/a/b.txt. Several inputs \
      keep their places below their common folder. A file that cannot be transcribed does not stop \
      the others; failed files are listed at the end and in out/errors.tsv.

      A journal in out/.stapes records what is done. The same command therefore continues an \
      interrupted batch and processes only what is missing or changed: a file, the model, or an \
      option. A failed file is retried when it changes, with a longer --timeout if that was the \
      cause, or with --retry-failed.

      Transcripts that you have corrected are kept. A file that no batch wrote is never replaced: \
      if one is in the way, the batch does nothing. --overwrite replaces both.

      Examples:
        stapes batch recordings --output transcripts
        stapes batch recordings --output transcripts --format txt,srt,json
        stapes batch calls --output texts --model my.safetensors --jobs 4
        find /data -name '*.flac' -mtime -1 | stapes batch --from-list - --output today
        srun --ntasks 8 stapes batch recordings --output transcripts --shard auto
        stapes batch --merge transcripts
      """)

  @Argument(help: "Sound files, and folders that are searched for sound files at any depth.")
  var inputs: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      File with the path or https:// address of one input on each line; - reads standard input.
      """, valueName: "file"),
    completion: .file())
  var fromList: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder for the transcripts.", valueName: "folder"), completion: .directory)
  var output: String?

  @OptionGroup var format: OutputOptions
  @OptionGroup var jobs: JobOptions

  @Option(
    help: ArgumentHelp(
      """
      Process one of several parts, such as 3/8, which may run at the same time on several \
      machines and have about as much sound each; auto takes the part from a Slurm array, srun, MPI \
      or, with the number of parts as in auto/8, an indexed job of Kubernetes.
      """, valueName: "part"))
  var shard: String?

  @Option(
    help: ArgumentHelp(
      """
      With --shard: claim each file, and process those of other parts too when this one is done. What \
      a process had claimed is free when it has shown no sign of life for so many seconds, 1 to 3600. \
      The parts must share --output, and all give this option.
      """, valueName: "seconds"))
  var steal: Double?

  @Option(
    help: ArgumentHelp(
      """
      Merge the parts of a batch in this output folder, or those copied into it, into one journal \
      and one list of failures, and print their totals.
      """, valueName: "folder"), completion: .directory)
  var merge: String?

  @Option(
    help: ArgumentHelp(
      "Time limit for each file, in seconds, above 0. (default: none)", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "Retry files that failed before.")
  var retryFailed = false

  @Flag(help: "Keep watching for new files until Ctrl-C.")
  var watch = false

  @Flag(help: "Delete transcripts whose sound file is gone, unless they were corrected.")
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
        throw ValidationError("--merge takes the output folder only; omit the inputs and --output")
      }
      return
    }
    guard let output else {
      throw ValidationError("Missing expected argument '--output <folder>'")
    }
    guard output != "-" else {
      throw ValidationError(
        """
        --output is -, standard output, but a batch writes into a folder; give one, or ./- for a \
        folder of that name
        """)
    }
    guard !inputs.isEmpty || fromList != nil else {
      throw ValidationError("Missing expected argument '<inputs>' or '--from-list <file>'")
    }
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout is \(timeout); give seconds above 0")
    }
    let part = try part()
    if let steal {
      guard part.count > 1, !watch else {
        throw ValidationError("--steal needs --shard with several parts, without --watch")
      }
      guard steal >= 1, steal <= 3600 else {
        throw ValidationError("--steal is \(steal); give 1 to 3600 seconds, such as 60")
      }
    }
    try channels.validate(with: sound)
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
    var audio = sound.audio(decoding)
    audio.timeout = timeout
    var options = BatchOptions(
      formats: formats, audio: audio, shard: try part(), retriesFailures: retryFailed,
      recipe: try model.recipe(for: recognizer, audio: audio))
    options.earlierRecipe = try model.earlierRecipe(for: recognizer, audio: audio)
    options.overwrites = overwriting.overwrite
    options.dividesByName = watch
    options.claimPatience = steal
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
          // First this part, then what others have left.
          for takesAllParts in options.claimPatience == nil ? [false] : [false, true] {
            options.takesAllParts = takesAllParts
            let batch = try BatchRun(
              inputs, listed: listed, outputFolder: output, options: options)
            try await report.follow(batch, with: recognizer, jobs: jobs, isWatching: watch)
            if !takesAllParts { report.tellStale(batch, prunes: prune) }
          }
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
    case let text? where text == "auto" || text.hasPrefix("auto/"):
      let count = Int(text.dropFirst(5))
      guard text == "auto" || count ?? 0 > 0 else {
        throw ValidationError("--shard is \(text); give the number of parts, such as auto/8")
      }
      do {
        return try Shard(environment: ProcessInfo.processInfo.environment, count: count)
      } catch {
        throw ValidationError("--shard \(text): \(error)")
      }
    case let text?:
      guard let part = Shard(parsing: text) else {
        throw ValidationError(
          "--shard is \(text); give the part and the number of parts, such as 3/8")
      }
      return part
    }
  }
}

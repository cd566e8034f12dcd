import ArgumentParser
import FoundationEssentials
import Logging
import Stapes
import StapesConsole

/// `stapes train`: labelled clips to a model.
struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a recogniser on labelled clips.",
    discussion: """
      DATA is a folder of labelled clips or a manifest, in one of these layouts: file names such \
      as 7_jackson_32.wav, a folder for each label, clip.wav with clip.txt, a LibriSpeech tree, a \
      Kaldi data directory, an LJSpeech metadata.csv, or a manifest (CSV, TSV or JSON lines). \
      Settings that are not given are chosen for the data. The best model so far is written after \
      each epoch; Ctrl-C ends the training and keeps it, and --resume continues later. Processes \
      that mpirun or srun starts train one model together, the same as one process trains.

      Examples:
        stapes train clips --output my.safetensors
        stapes train data/train --validation data/dev --output my.safetensors --preset medium
        stapes train clips --print-config > recipe.json
        stapes train clips --output my.safetensors --config recipe.json --epochs 100
        stapes train clips --output my.safetensors --set learningRate.shape=plateau
        stapes train clips --output my.safetensors --resume
        mpirun -n 8 stapes train clips --output my.safetensors
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"),
    completion: .file())
  var data: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Model file to write.", valueName: "file"), completion: .file())
  var output: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Validation set. (default: about a tenth of DATA, by speaker where possible)",
      valueName: "data"), completion: .file())
  var validation: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Number of threads; the model does not depend on it. (default: the number of processor cores, \
      divided among the MPI ranks on a host)
      """,
      valueName: "number"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      """
      Memory for decoded samples, 0 to 1000000 gigabytes; clips beyond it are decoded again in \
      each epoch.
      """,
      valueName: "gigabytes"))
  var memory = 4.0

  @Option(
    help: ArgumentHelp(
      """
      Folder that caches the decoded samples of clips beyond --memory, for this run and later ones.
      """,
      valueName: "folder"), completion: .directory)
  var cache: String?

  @Option(
    help: ArgumentHelp(
      """
      Time limit of the training, such as 90s, 20m or 1.5h; if it is short, fewer epochs or a \
      smaller network are chosen.
      """, valueName: "time"))
  var budget: TimeSpan?

  @OptionGroup var reports: RunReportOptions

  @OptionGroup var labelled: DataOptions
  @OptionGroup var origin: OriginOptions

  @Flag(help: "Print all training settings as JSON, for --config, and exit.")
  var printConfig = false

  @Flag(
    help: """
      Print all settings for --set, as a table separated by tabs: name, value, allowed values and \
      meaning, and exit; without DATA the values are the defaults that DATA may change.
      """)
  var listSettings = false

  @OptionGroup var folds: FoldOptions
  @OptionGroup var resumption: ResumeOptions
  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    guard !folds.areGiven || output == nil && validation.isEmpty else {
      throw ValidationError("--folds and --learning-curve take no --output and no --validation")
    }
    let goesItsWay =
      resumption.resume || budget != nil || reports.areGiven || !origin.replay.isEmpty
    guard !folds.areGiven || !goesItsWay else {
      throw ValidationError(
        """
        --folds and --learning-curve take no --replay, --resume, --budget, --report or --tensorboard
        """)
    }
    guard !data.isEmpty || listSettings else {
      throw ValidationError("Missing expected argument '<data> ...'")
    }
    guard output != nil || printConfig || listSettings || folds.areGiven else {
      throw ValidationError("Missing expected argument '--output <file>'")
    }
    guard (0...1e6).contains(memory) else {
      throw ValidationError("--memory is \(memory); give 0 to 1000000 gigabytes")
    }
  }

  func run() async throws {
    guard !listSettings else { return try await writeSettings() }
    guard !printConfig else { return _ = try await run(on: .alone) }
    try await RankGroup.train { try await run(on: $0) }
  }

  /// Does the part of one rank, the first alone writing; whether it was stopped.
  private func run(on ranks: RankGroup) async throws -> Bool {
    guard ranks.isAlone || !folds.areGiven else {
      throw ValidationError(
        "--folds and --learning-curve run in one process, without mpirun or srun")
    }
    var logging = logging
    logging.quiet = logging.quiet || !ranks.isFirst
    let logger = logging.logger
    let output = printConfig ? nil : output
    let (writers, locks) = try await ranks.compute { () -> ([any RunWriter], [FileLock]) in
      guard let output, ranks.isFirst else { return ([], []) }
      return (try self.writers(output: output), try lock(output, logger: logger))
    }
    defer { withExtendedLifetime(locks) {} }
    let (corpus, start) = try await ranks.compute { () -> (Corpus, OriginOptions.Start) in
      let corpus = try labelled.corpus(data)
      let resumed = resumption.resume ? output.map(resumption.checkpoints) : nil
      return (corpus, try await origin.start(on: corpus, recipe: recipe, checkpoints: resumed))
    }
    guard !folds.areGiven || printConfig else { return try await trainParts(of: corpus, start) }
    guard let output else {
      try Console.write(start.options.json + "\n")
      return false
    }
    let trainer = try await ranks.compute {
      try self.trainer(of: corpus, start, output: output, on: ranks)
    }
    if let line = ranks.line { logger.info("\(line)") }
    logger.tell(corpus)
    if let line = start.line { logger.info(lines: line) }
    if let holdOut = trainer.holdOut {
      logger.info(lines: holdOut.description)
    } else {
      logger.tell(trainer.validation, as: "validation: ")
    }
    let file = TrainedModelFile(
      path: output, isOurs: replacing.overwrite || resumption.resume,
      checkpoints: trainer.checkpoints)
    let report = TrainingReport(
      output: file, writers: writers, keepsCheckpoints: resumption.keepCheckpoints != nil,
      languageIsGiven: recipe.language.language != nil || start.keepsTexts, logger: logger,
      progress: logging.progress)
    let wasStopped = try await stoppable(logger: logger) { try await report.follow(trainer) }
    if let line = try await ranks.waitingLine { logger.info("\(line)") }
    return wasStopped
  }

  private func writeSettings() async throws {
    let options =
      data.isEmpty
      ? try recipe.settings.apply(to: TrainingOptions())
      : try await origin.start(on: labelled.corpus(data), recipe: recipe).options
    try Console.write(SettingOptions.table(of: options))
  }

  /// What writes about the training, once it is sure that nothing is lost by it and the model.
  private func writers(output: String) throws -> [any RunWriter] {
    let writers = try reports.writers(isResumed: resumption.resume)
    try resumption.check(output, reports.files, replacing: replacing)
    return writers
  }

  /// Keeps other trainings away from the model, its checkpoints, which a model of another ending
  /// may share, and the report.
  private func lock(_ output: String, logger: Logger) throws -> [FileLock] {
    let checkpoint = CheckpointOptions.path(besideModel: output)
    let (locks, cautions) = try TrainedModelFile.lock(
      [output, checkpoint] + reports.files.prefix(1))
    for caution in cautions { logger.notice("\(caution)") }
    return locks
  }

  private func trainer(
    of corpus: Corpus, _ start: OriginOptions.Start, output: String, on ranks: RankGroup
  ) throws -> Trainer {
    let validation = validation.isEmpty ? nil : try labelled.corpus(validation)
    keepFreedMemory()
    var trainer = try Trainer(
      corpus: corpus, validation: validation, options: start.options,
      threadCount: threads ?? ranks.coreShare,
      checkpoints: resumption.checkpoints(besideModel: output), origin: start.model,
      replayed: try origin.replayed(labelled), sampleMemory: Int(memory * 1e9), sampleFolder: cache)
    trainer.budgetSeconds = budget?.seconds
    trainer.language = try start.trial?.language(for: trainer.training)
    trainer.ranks = ranks
    guard ranks.isFirst else { return trainer }
    if replacing.overwrite {
      if !resumption.resume { trainer.checkpoints?.remove() }
    } else {
      try resumption.check(output, isOf: trainer)
    }
    return trainer
  }

  /// Trains on parts of a corpus and tells how good the models are; whether it was stopped.
  private func trainParts(of corpus: Corpus, _ start: OriginOptions.Start) async throws -> Bool {
    let (logger, options) = (logging.logger, start.options)
    logger.tell(corpus)
    if let line = start.line { logger.info(lines: line) }
    keepFreedMemory()
    let jobs = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let progress = logging.progress
    let check = try await stoppable(logger: logger) {
      try await CorpusCheck(of: corpus, options: options, jobs: jobs, progress: progress)
    }
    let conflicts = check.soundConflicts
    for clip in conflicts { logger.warning("skipped: \(clip)") }
    let skipped = Set(conflicts.map(\.clip))
    let usable = Corpus(clips: corpus.clips.filter { !skipped.contains($0) })
    logger.tell(
      CorpusCheck(texts: corpus, requirements: options.clipRequirements).textChanges,
      of: options.text,
      languageIsGiven: recipe.language.language != nil)
    let parts = try folds.parts(of: usable, seed: options.seed)
    let training = FoldTraining(
      parts: parts, check: check, start: start, threadCount: threads,
      sampleMemory: Int(memory * 1e9), logger: logger, progress: logging.progress)
    let results = try await stoppable(logger: logger) { try await training.run() }
    guard results.count == parts.count else { return true }
    if folds.folds != nil { try Console.write(results.together) }
    let rates = folds.folds != nil ? results.rates : results.last?.evaluation.rates
    if let caution = rates?.caution { logger.warning("\(caution)") }
    return false
  }
}

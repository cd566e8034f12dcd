import ArgumentParser
import FoundationEssentials
import Logging
import Stapes

/// `stapes train`: labelled clips to a model.
struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a recogniser on clips whose texts are known.",
    discussion: """
      DATA is a folder of labelled clips or a manifest, as it lies: names such as \
      7_jackson_32.wav, a folder for each label, clip.wav beside clip.txt, a LibriSpeech tree, a \
      Kaldi data directory, an LJSpeech metadata.csv, or a manifest (CSV, TSV or JSON lines). \
      Options that are not given are chosen for the data. The best model so far is written after \
      each epoch; Ctrl-C ends the training and leaves it, and --resume goes on with it later.

      Examples:
        stapes train clips --output my.safetensors
        stapes train data/train --validation data/dev --output my.safetensors --preset medium
        stapes train clips --print-config > recipe.json
        stapes train clips --output my.safetensors --config recipe.json --epochs 100
        stapes train clips --output my.safetensors --resume
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"))
  var data: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Clips to validate on; without it about a tenth of the data is held out.",
      valueName: "data"))
  var validation: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many threads compute; without it as many as there are processor cores.",
      valueName: "number"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The memory for samples; clips beyond it are decoded again in each epoch.",
      valueName: "gigabytes"))
  var memory = 4.0

  @Option(
    help: ArgumentHelp(
      "A folder that keeps the decoded samples of clips beyond --memory, for this run and others.",
      valueName: "folder"))
  var cache: String?

  @Option(
    help: ArgumentHelp(
      """
      How long the training may take, such as 90s, 20m or 1.5h; fewer epochs, or a smaller \
      network, are chosen where that is needed.
      """, valueName: "time"))
  var budget: TimeSpan?

  @OptionGroup var reports: RunReportOptions

  @OptionGroup var labelled: DataOptions
  @OptionGroup var origin: OriginOptions

  @Flag(help: "Print all options of the training as JSON, for --config, and do no more.")
  var printConfig = false

  @OptionGroup var folds: FoldOptions
  @OptionGroup var resumption: ResumeOptions
  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    guard !folds.areGiven || output == nil && validation.isEmpty else {
      throw ValidationError("--folds and --learning-curve take no --output and no --validation")
    }
    let goesItsWay = origin.from != nil || resumption.resume || budget != nil || reports.areGiven
    guard !folds.areGiven || !goesItsWay else {
      throw ValidationError(
        """
        --folds and --learning-curve take no --from, --resume, --budget, --report or --tensorboard
        """)
    }
    guard output != nil || printConfig || folds.areGiven else {
      throw ValidationError("Missing expected argument '--output <file>'")
    }
    guard (0...1e6).contains(memory) else {
      throw ValidationError("--memory is \(memory); give 0 to 1000000 gigabytes")
    }
  }

  func run() async throws {
    let logger = logging.logger
    let output = printConfig ? nil : output
    let lock = try output.flatMap { try TrainedModelFile.lock($0, logger: logger) }
    defer { withExtendedLifetime(lock) {} }
    let writers = try output.map { try self.writers(output: $0) } ?? []
    let corpus = try labelled.corpus(data)
    let model = try origin.model()
    let options = try recipe.options(for: corpus, from: model)
    guard !folds.areGiven || printConfig else { return try await trainParts(of: corpus, options) }
    guard let output else { return try Console.write(options.json + "\n") }
    let trainer = try trainer(of: corpus, options, origin: model, output: output)
    logger.tell(corpus)
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
      languageIsGiven: recipe.language.language != nil || model != nil, logger: logger,
      progress: logging.progress)
    let wasStopped = try await stoppable(logger: logger) { try await report.follow(trainer) }
    if wasStopped { throw ExitCode(130) }
  }

  /// What writes about the training, once it is sure that nothing is lost by it and the model.
  private func writers(output: String) throws -> [any RunWriter] {
    let writers = try reports.writers(isResumed: resumption.resume)
    try resumption.check(output, reports.files, replacing: replacing)
    return writers
  }

  private func trainer(
    of corpus: Corpus, _ options: TrainingOptions, origin model: SpeechModel?, output: String
  ) throws -> Trainer {
    let validation = validation.isEmpty ? nil : try labelled.corpus(validation)
    keepFreedMemory()
    var trainer = try Trainer(
      corpus: corpus, validation: validation, options: options, threadCount: threads,
      checkpoints: resumption.checkpoints(besideModel: output), origin: model,
      replayed: try origin.replayed(labelled), sampleMemory: Int(memory * 1e9), sampleFolder: cache)
    trainer.budgetSeconds = budget?.seconds
    if replacing.overwrite {
      if !resumption.resume { trainer.checkpoints?.remove() }
    } else {
      try resumption.check(output, isOf: trainer)
    }
    return trainer
  }

  /// Trains on parts of a corpus and tells how good the models are.
  private func trainParts(of corpus: Corpus, _ options: TrainingOptions) async throws {
    let logger = logging.logger
    logger.tell(corpus)
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
      parts: parts, check: check, options: options, threadCount: threads,
      sampleMemory: Int(memory * 1e9), logger: logger, progress: logging.progress)
    let results = try await stoppable(logger: logger) { try await training.run() }
    guard results.count == parts.count else { throw ExitCode(130) }
    if folds.folds != nil { try Console.write(results.together) }
    let rates = folds.folds != nil ? results.rates : results.last?.evaluation.rates
    if let caution = rates?.caution { logger.warning("\(caution)") }
  }
}

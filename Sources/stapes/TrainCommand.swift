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
  @OptionGroup var recipe: RecipeOptions
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
    if let output, !printConfig { try checkWritable(output) }
    let corpus = try labelled.corpus(data)
    let model = try origin.model()
    let options = try recipe.options(for: corpus, from: model)
    guard !folds.areGiven || printConfig else { return try await trainParts(of: corpus, options) }
    guard let output, !printConfig else { return try Console.write(options.json + "\n") }
    let validation = validation.isEmpty ? nil : try labelled.corpus(validation)
    keepFreedMemory()
    var trainer = try Trainer(
      corpus: corpus, validation: validation, options: options, threadCount: threads,
      checkpoints: resumption.checkpoints(besideModel: output), origin: model,
      replayed: try origin.replayed(labelled), sampleMemory: Int(memory * 1e9), sampleFolder: cache)
    trainer.budgetSeconds = budget?.seconds
    let logger = logging.logger
    logger.info(lines: corpus.description)
    logger.info(lines: trainer.holdOut?.description ?? "validation: \(trainer.validation)")
    let report = TrainingReport(
      output: output, writers: try reports.writers(isResumed: resumption.resume),
      keepsCheckpoints: resumption.keepCheckpoints != nil,
      languageIsGiven: recipe.language.language != nil || model != nil, logger: logger,
      progress: logging.progress)
    let wasStopped = try await stoppable(logger: logger) { [trainer] in
      try await report.follow(trainer)
    }
    if wasStopped { throw ExitCode(130) }
  }

  /// Trains on parts of a corpus and tells how good the models are.
  private func trainParts(of corpus: Corpus, _ options: TrainingOptions) async throws {
    let logger = logging.logger
    logger.info(lines: corpus.description)
    keepFreedMemory()
    logger.tell(
      CorpusCheck(texts: corpus, options: options).textChanges, of: options.text,
      languageIsGiven: recipe.language.language != nil)
    let parts = try folds.parts(of: corpus, seed: options.seed)
    let training = FoldTraining(
      parts: parts, options: options, threadCount: threads, sampleMemory: Int(memory * 1e9),
      logger: logger, progress: logging.progress)
    let results = try await stoppable(logger: logger) { try await training.run() }
    guard results.count == parts.count else { throw ExitCode(130) }
    if folds.folds != nil { try Console.write(results.together) }
  }
}

/// Makes sure that a file can be written, before hours are spent on what goes into it.
func checkWritable(_ path: String) throws {
  var isFolder = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
    throw ModelError.unwritable(path: path, reason: "it is a folder")
  }
  let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
  do throws(FileFailure) {
    try probe(folder: folder)
  } catch {
    throw ModelError.unwritable(path: path, reason: error.reason)
  }
}

/// Makes sure that files can be written into a folder, by one that is there for a moment.
func probe(folder: String) throws(FileFailure) {
  let probe = URL(filePath: folder).appending(path: ".stapes-\(UUID().uuidString)")
  let path = probe.path(percentEncoded: false)
  try WholeFile.write(Data(), to: path)
  try? FileManager.default.removeItem(atPath: path)
}

import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes lm train`: text to a language model.
struct LanguageModelTrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a language model on text.",
    discussion: """
      TEXT is a file with one sentence on each line, plain or compressed with gzip, or - for \
      standard input. Estimates an n-gram model with interpolated modified Kneser-Ney smoothing; \
      with --neural, trains an LSTM language model of characters, and writes the best one so far \
      after each validation.

      Examples:
        stapes lm train books.txt --output lm.bin
        xz -dc books.txt.xz | stapes lm train - --order 4 --prune 0,0,1 --output lm.arpa.gz
        stapes lm train texts/*.txt --unit character --order 6 --output letters.bin
        stapes lm train books.txt --neural --output lm.safetensors --epochs 5
      """)

  @Argument(
    help: ArgumentHelp(
      "Text files, one sentence on each line; - reads standard input.", valueName: "text"),
    completion: .file())
  var text: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write: .arpa, .arpa.gz or .bin, or .safetensors with --neural.",
      valueName: "file"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("Order of the n-gram model, 1 to 6.", valueName: "number"))
  var order = NGramOptions().order

  @Option(help: "Unit that the model predicts.")
  var unit = LanguageUnit.word

  @Option(
    help: ArgumentHelp(
      "Prune n-grams that occur no more often than this: a count for each order, such as 0,0,1.",
      valueName: "numbers"))
  var prune: String?

  @Option(
    help: ArgumentHelp(
      """
      Entropy pruning: n-grams whose removal raises perplexity by less than this share are \
      removed, 0 to below 1; 1e-8 suits large texts.
      """, valueName: "share"))
  var entropyPrune = NGramOptions().entropyThreshold

  @Option(
    help: ArgumentHelp(
      """
      Size of the vocabulary: only the most frequent words are kept, all others are unknown. \
      (default: all words)
      """, valueName: "number"))
  var vocabularyLimit: Int?

  @Option(
    help: ArgumentHelp(
      "Memory for counting n-grams, 0.001 to 1000000 gigabytes; larger counts are sorted on disk.",
      valueName: "gigabytes"))
  var memory = Double(NGramOptions().memory) / 1e9

  @OptionGroup var writing: BinaryModelOptions
  @OptionGroup var network: NeuralTrainingOptions
  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var preparation: TextOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    if network.neural {
      guard output.hasSuffix(LanguageModel.neuralEnding) else {
        throw ValidationError(
          "--output is \(output); the file of a neural model ends in \(LanguageModel.neuralEnding)")
      }
    } else {
      _ = try LanguageModelFormat(ofPath: output)
    }
    _ = try pruning
    guard (0.001...1e6).contains(memory) else {
      throw ValidationError("--memory is \(memory); give 0.001 to 1000000 gigabytes")
    }
  }

  func run() async throws {
    guard !network.neural else {
      return try await RankGroup.train { try await trainNetwork(on: $0) }
    }
    var (file, locks) = try self.file()
    defer { withExtendedLifetime(locks) {} }
    let options = NGramOptions(
      order: order, unit: unit, pruning: try pruning, entropyThreshold: entropyPrune,
      vocabularyLimit: vocabularyLimit, memory: Int(memory * 1e9))
    var trainer = try NGramTrainer(options: options)
    var progress = logging.progress
    try preparation.forEachLine(of: text, logger: logging.logger) { line throws(LanguageError) in
      try trainer.add(line: line)
      progress.show("\(trainer.sentenceCount) sentences read")
    }
    progress.clear()
    let (model, report) = try trainer.estimate()
    try file.finish { path, _ in try writing.write(model, to: path) }
    logging.logger.info(lines: report.summary(unit: unit))
  }

  /// The file to write, with what keeps others away from it.
  private func file() throws -> (TrainedModelFile, [FileLock]) {
    try replacing.check([output])
    let (locks, cautions) = try TrainedModelFile.lock([output])
    for caution in cautions { logging.logger.notice("\(caution)") }
    return (TrainedModelFile(path: output, isOurs: replacing.overwrite), locks)
  }

  /// Does one rank's part of a neural model, the first alone writing; whether it was stopped.
  private func trainNetwork(on ranks: RankGroup) async throws -> Bool {
    var logging = logging
    logging.quiet = logging.quiet || !ranks.isFirst
    let logger = logging.logger
    let (file, locks) = try await ranks.compute { () -> (TrainedModelFile?, [FileLock]) in
      ranks.isFirst ? try self.file() : (nil, [])
    }
    defer { withExtendedLifetime(locks) {} }
    let trainer = try await ranks.compute { () -> LanguageTrainer in
      var (lines, progress) = ([String](), logging.progress)
      try preparation.forEachLine(of: text, logger: logger) { line in
        lines.append(line)
        progress.show("\(lines.count) sentences read")
      }
      progress.clear()
      return try network.trainer(of: lines, on: ranks)
    }
    if let line = ranks.line { logger.info("\(line)") }
    logger.info(
      """
      \(counted(trainer.sentenceCount, "sentence")), \
      \(counted(trainer.characterCount, "character")), \(trainer.characters.count) different; \
      \(counted(trainer.validationCount, "sentence")) for validation
      """)
    return try await stoppable(logger: logger) { [progress = logging.progress] in
      try await trainer.run(writingTo: file, logger: logger, progress: progress)
    }
  }

  /// The numbers of `--prune`.
  private var pruning: [Int] {
    get throws {
      guard let prune else { return [0] }
      return try prune.split(separator: ",", omittingEmptySubsequences: false).map { number in
        guard let value = Int(number), value >= 0 else {
          throw ValidationError("--prune is \(prune); give numbers such as 0,0,1")
        }
        return value
      }
    }
  }
}

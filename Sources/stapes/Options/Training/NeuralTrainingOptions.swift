import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import Stapes
import StapesConsole

/// How a neural language model is trained.
struct NeuralTrainingOptions: ParsableArguments {
  @Flag(help: "Train a neural (LSTM) language model of characters.")
  var neural = false

  @Option(
    help: ArgumentHelp(
      "With --neural: number of epochs, 1 to 10000. (default: chosen by the amount of text)",
      valueName: "number"))
  var epochs: Int?

  @Option(help: ArgumentHelp("With --neural: number of LSTM layers, 1 to 8.", valueName: "number"))
  var layers = LanguageTrainingOptions().layerCount

  @Option(
    help: ArgumentHelp("With --neural: hidden units of each layer, 1 to 4096.", valueName: "number")
  )
  var hidden = LanguageTrainingOptions().hiddenSize

  @Option(
    help: "Precision of matrix products; bf16 is faster on processors that support it.")
  var precision = LanguageTrainingOptions().precision

  @Option(help: "Random seed; equal seeds give equal models.")
  var seed = LanguageTrainingOptions().seed

  @Option(
    help: ArgumentHelp(
      """
      With --neural: number of threads, 1 to 1024. (default: the number of processor cores, divided \
      among the MPI ranks on a host)
      """,
      valueName: "number"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); give 1 to 1024")
    }
  }

  /// The trainer for sentences, whose work some ranks share.
  func trainer(of lines: [String], on ranks: RankGroup) throws -> LanguageTrainer {
    let characterCount = lines.reduce(0) { $0 + $1.utf8.count }
    var options = LanguageTrainingOptions.recommended(characterCount: characterCount)
    if let epochs { options.epochCount = epochs }
    (options.layerCount, options.hiddenSize) = (layers, hidden)
    (options.precision, options.seed) = (precision, seed)
    var trainer = try LanguageTrainer(
      lines: lines, options: options,
      threadCount: threads ?? ranks.coreShare ?? ProcessInfo.processInfo.activeProcessorCount)
    trainer.ranks = ranks
    return trainer
  }
}

extension LanguageTrainer {
  /// Trains while the progress is shown, and writes each model that is the best so far to a file;
  /// without a file nothing is written or shown.
  ///
  /// - Returns: whether the run was stopped before its end.
  func run(
    writingTo file: TrainedModelFile?, logger: Logger, progress: ProgressLine
  ) async throws -> Bool {
    var (file, progress) = (file, progress)
    defer { progress.clear() }
    let epochCount = options.epochCount
    let (model, wasStopped) = try await run { event in
      switch event {
      case .step(let state):
        progress.show(
          """
          epoch \(state.epoch) of \(epochCount): loss \(state.loss.formatted(decimals: 3)) a \
          character, \(Int(state.charactersPerSecond)) characters/s, \
          \(clockTime(state.secondsLeft)) left
          """)
      case .round(let state, let perplexity, let improved):
        progress.clear()
        do {
          if let improved { try file?.write { try improved.write(to: $0, known: $1) } }
        } catch {
          // The best is tried again at the end.
          logger.error("\(error)")
        }
        logger.info(
          """
          epoch \(state.epoch) of \(epochCount): loss \(state.loss.formatted(decimals: 3)), \
          validation: perplexity \(perplexity.formatted(decimals: 3)), \
          \(log2(perplexity).formatted(decimals: 3)) bits a character, \
          \(clockTime(state.secondsLeft)) left\(improved == nil ? "" : ", best so far")
          """)
      }
    }
    try file?.finish { try model.write(to: $0, known: $1) }
    return wasStopped
  }
}

import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import Stapes

/// How a neural language model is trained.
struct NeuralTrainingOptions: ParsableArguments {
  @Flag(help: "Train a neural model of characters; the file to write ends in .safetensors.")
  var neural = false

  @Option(
    help: ArgumentHelp(
      "How often a neural model sees each sentence; without it what suits the amount of text.",
      valueName: "number"))
  var epochs: Int?

  @Option(help: ArgumentHelp("The layers of a neural model.", valueName: "number"))
  var layers = LanguageTrainingOptions().layerCount

  @Option(help: ArgumentHelp("The hidden units of each layer.", valueName: "number"))
  var hidden = LanguageTrainingOptions().hiddenSize

  @Option(
    help: "How products are computed: float32, or bf16, faster where the processor has it.")
  var precision = LanguageTrainingOptions().precision

  @Option(help: "The seed of all random choices; the same gives the same model.")
  var seed = LanguageTrainingOptions().seed

  @Option(
    help: ArgumentHelp(
      "How many threads train a neural model; without it as many as there are processor cores.",
      valueName: "number"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads); give 1 to 1024")
    }
  }

  /// The trainer for sentences.
  func trainer(of lines: [String]) throws -> LanguageTrainer {
    let characterCount = lines.reduce(0) { $0 + $1.utf8.count }
    var options = LanguageTrainingOptions.recommended(characterCount: characterCount)
    if let epochs { options.epochCount = epochs }
    (options.layerCount, options.hiddenSize) = (layers, hidden)
    (options.precision, options.seed) = (precision, seed)
    return try LanguageTrainer(lines: lines, options: options, threadCount: threads)
  }
}

extension LanguageTrainer {
  /// Trains while the progress is shown, and writes each model that is the best so far to a file.
  ///
  /// - Returns: whether the run was stopped before its end.
  func run(
    writingTo file: TrainedModelFile, logger: Logger, progress: ProgressLine
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
          if let improved { try file.write { try improved.write(to: $0) } }
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
    try file.finish { try model.write(to: $0) }
    return wasStopped
  }
}

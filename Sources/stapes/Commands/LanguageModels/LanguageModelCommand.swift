import ArgumentParser
import FoundationEssentials
import Logging
import Stapes
import StapesConsole

/// `stapes lm`: language models.
struct LanguageModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lm",
    abstract: "Trains, measures and converts language models.",
    discussion: """
      Examples:
        stapes lm train books.txt --order 3 --output lm.bin
        stapes lm train books.txt --neural --output lm.safetensors
        stapes lm perplexity lm.bin held-out.txt
        stapes lm sample lm.safetensors "neuro"
        stapes lm convert lm.bin lm.arpa.gz
        stapes lm info lm.bin
      """,
    subcommands: [
      LanguageModelTrainCommand.self, PerplexityCommand.self, LanguageModelSampleCommand.self,
      LanguageModelConvertCommand.self,
      LanguageModelInfoCommand.self,
    ])
}

/// Where and how a language model is written.
enum LanguageModelFormat {
  case arpa
  case binary

  /// The format that the ending of a path names.
  ///
  /// - Throws: `ValidationError` for any other ending.
  init(ofPath path: String) throws {
    if path.hasSuffix(".arpa") || path.hasSuffix(".arpa.gz") {
      self = .arpa
    } else if path.hasSuffix(".bin") {
      self = .binary
    } else {
      throw ValidationError(
        "--output is \(path), whose extension is not a format; give .arpa, .arpa.gz or .bin")
    }
  }
}

/// How binary models are written.
struct BinaryModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Bits of each probability in .bin: 8 to 16 for quantised ones, or 32.", valueName: "number"))
  var bits = 12

  func validate() throws {
    guard (8...16).contains(bits) || bits == 32 else {
      throw ValidationError("--bits is \(bits); give 8 to 16, or 32")
    }
  }

  /// Writes a model in the format that the path names.
  func write(_ model: NGramModel, to path: String) throws {
    switch try LanguageModelFormat(ofPath: path) {
    case .arpa: try model.writeARPA(to: path)
    case .binary: try (bits == 32 ? model : model.quantized(bits: bits)).writeBinary(to: path)
    }
  }
}

/// `stapes lm convert`: a language model from one format to another.
struct LanguageModelConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Converts an n-gram model to another format.",
    discussion: """
      Examples:
        stapes lm convert lm.arpa.gz lm.bin
        stapes lm convert lm.bin lm.arpa
      """)

  @Argument(help: "Language model: .arpa, .arpa.gz or .bin.")
  var model: String

  @Argument(help: "File to write: .arpa, .arpa.gz or .bin.")
  var output: String

  @OptionGroup var binary: BinaryModelOptions
  @OptionGroup var replacing: OverwriteOptions

  func validate() throws { _ = try LanguageModelFormat(ofPath: output) }

  func run() throws {
    try replacing.check([output])
    try binary.write(NGramModel(contentsOf: model), to: output)
  }
}

/// `stapes lm info`: what a language model is.
struct LanguageModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Prints a language model's unit, order and size.",
    discussion: """
      Examples:
        stapes lm info lm.bin
        stapes lm info lm.arpa --format json
      """)

  @Argument(help: "Language model: .arpa, .arpa.gz or .bin.")
  var model: String

  @Option(help: "Output format.")
  var format = ReportFormat.txt

  func run() throws {
    let model: NGramModel
    switch try LanguageModel(contentsOf: self.model) {
    case .ngrams(let found): model = found
    case .neural(let found): return try write(found)
    }
    guard format == .txt else { return try Console.write(jsonLine(LanguageModelFacts(model))) }
    let counts = model.counts.enumerated().map { "\($0 + 1)-grams  \($1)\n" }.joined()
    try Console.write("of       \(model.unit.rawValue)s\norder    \(model.order)\n\(counts)")
  }

  private func write(_ model: NeuralLanguageModel) throws {
    let facts = NeuralModelFacts(
      layerCount: model.network.configuration.architecture.layers.count,
      weightCount: model.network.parameters.count, characters: model.characters)
    try Console.write(
      format == .json
        ? jsonLine(facts)
        : "of       characters: \(facts.characters.joined())\n"
          + "network  \(counted(facts.layerCount, "LSTM layer")), \(facts.weightCount) weights\n")
  }
}

/// What there is to say about a neural language model, as one JSON object.
private struct NeuralModelFacts: Encodable {
  let layerCount, weightCount: Int
  let characters: [String]
}

/// What there is to say about a language model, as one JSON object.
private struct LanguageModelFacts: Encodable {
  let order: Int
  let unit: LanguageUnit
  let counts: [Int]

  init(_ model: NGramModel) {
    (order, unit, counts) = (model.order, model.unit, model.counts)
  }
}

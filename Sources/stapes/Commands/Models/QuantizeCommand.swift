import ArgumentParser
import Stapes

/// `stapes quantize`: a model with quantised weights.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Quantises a model's weights, which makes it smaller and faster.",
    discussion: """
      int8 takes about a quarter of the space, bf16 half of it. Single clips and streams are \
      recognised faster by about the same factor, since memory bandwidth limits them. Compare both \
      models with `stapes evaluate`. A quantised model cannot be trained further.

      Examples:
        stapes quantize my.safetensors --output my-small.safetensors
        stapes quantize my.safetensors --output my-half.safetensors --precision bf16
      """)

  /// How the weights are stored.
  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case int8
    case bf16
  }

  @Argument(
    help: ArgumentHelp("Model file that `stapes train` wrote.", valueName: "model"),
    completion: .model)
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("File to write.", valueName: "file"),
    completion: .file())
  var output: String

  @Option(help: "Precision of the stored weights.")
  var precision = Precision.int8

  @Option(help: "What the model recognises, in one sentence. (default: that of MODEL)")
  var description: String?

  @Option(help: "Licence of the model. (default: that of MODEL)")
  var licence: String?

  @OptionGroup var replacing: OverwriteOptions

  func run() throws {
    try replacing.check([output])
    let source = try ModelSource.file(model).load()
    var smaller = try rethrowing(
      source.quantized(to: precision == .int8 ? .int8 : .bfloat16),
      as: { ModelError.refused(path: model, fault: $0) })
    if let description { smaller.provenance.summary = description }
    if let licence { smaller.provenance.licence = licence }
    try smaller.write(to: output)
  }
}

import ArgumentParser
import Stapes

/// `stapes quantize`: a smaller model of a model.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Makes a model smaller and faster by storing its weights in fewer bits.",
    discussion: """
      int8 takes about a quarter of the room, bf16 half of it. Recognition of single clips and of \
      streams is faster by as much, since it waits for the weights. Compare both models with \
      `stapes evaluate`; a smaller model cannot be trained further.

      Examples:
        stapes quantize my.safetensors --output my-small.safetensors
        stapes quantize my.safetensors --output my-half.safetensors --precision bf16
      """)

  /// How the weights are stored.
  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case int8
    case bf16
  }

  @Argument(help: ArgumentHelp("The model file, as `stapes train` wrote it.", valueName: "model"))
  var model: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Option(help: "How the weights are stored.")
  var precision = Precision.int8

  @Option(help: "What the model recognises, in one sentence, where it is to say another.")
  var description: String?

  @Option(help: "The terms under which it may be passed on, where it is to say others.")
  var licence: String?

  @OptionGroup var replacing: OverwriteOptions

  func run() throws {
    try replacing.check([output])
    let source = try ModelSource.file(model).load()
    var smaller: SpeechModel
    do throws(ModelFault) {
      smaller = try source.quantized(to: precision == .int8 ? .int8 : .bfloat16)
    } catch {
      throw ModelError.refused(path: model, fault: error)
    }
    if let description { smaller.provenance.summary = description }
    if let licence { smaller.provenance.licence = licence }
    try smaller.write(to: output)
  }
}

import ArgumentParser
import Stapes

/// `stapes export`: a model for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Exports a model's network to ONNX.",
    discussion: """
      The file contains the network with 32-bit float weights and the feature normalisation. Its \
      input "features" is one clip, frames x features; its output "log_probabilities" has natural \
      logarithms, outputs x classes. Class 0 is blank, except in a classifier. The metadata \
      describe the front end and name the classes.

      --example also writes the network's input and output for one clip, as OUTPUT.input.pb and \
      OUTPUT.output.pb (ONNX TensorProto), to compare another runtime with.

      Examples:
        stapes export my.safetensors --onnx
        stapes export my.safetensors --onnx --output digits.onnx --example seven.wav
      """)

  /// What is written.
  enum Format: String, EnumerableFlag {
    case onnx
  }

  @Argument(
    help: ArgumentHelp("Model file that `stapes train` wrote.", valueName: "model"),
    completion: .model)
  var model: String

  @Flag(help: "Write ONNX, with standard operators only (opset 17).")
  var format: Format

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write. (default: the model's name with .onnx)", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Also write the network's input and output for this clip.", valueName: "clip"),
    completion: .file())
  var example: String?

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var decoding: DecodingOptions

  func run() throws {
    let path = output ?? "\(model.fileName.withoutPathExtension).\(format.rawValue)"
    let stem = path.withoutPathExtension
    let examples = example == nil ? [] : ["\(stem).input.pb", "\(stem).output.pb"]
    try replacing.check([path] + examples)
    let speechModel = try ModelSource.file(model).load()
    var options = decoding.audio
    options.sampleRate = speechModel.features.sampleRate
    let clip = try example.map { try AudioClip(contentsOf: $0, options: options) }
    try speechModel.writeONNX(to: path)
    guard let clip else { return }
    let recognizer = try Recognizer(model: .model(speechModel))
    var extractor = try FeatureExtractor(configuration: speechModel.features)
    try SpeechModel.writeONNXExample(
      features: extractor.features(of: clip.samples), to: examples[0],
      logProbabilities: recognizer.logProbabilities(of: [clip])[0], to: examples[1])
  }
}

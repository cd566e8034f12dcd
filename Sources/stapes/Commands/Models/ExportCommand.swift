import ArgumentParser
import Stapes

/// `stapes export`: a model for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a model's network in a format that other programs run.",
    discussion: """
      The file holds the network with its weights, in 32-bit floats, and the normalisation of the \
      features: its input "features" is one clip, frames x features, its output \
      "log_probabilities" natural logarithms, outputs x classes, of which class 0 is blank \
      unless the model tells clips apart. How sound becomes features, and what the classes stand \
      for, stands in its metadata.

      --example writes what the network is given of a clip and what it gives, as OUTPUT.input.pb \
      and OUTPUT.output.pb (ONNX's TensorProto), to compare another program with.

      Examples:
        stapes export my.safetensors --onnx
        stapes export my.safetensors --onnx --output digits.onnx --example seven.wav
      """)

  /// What is written.
  enum Format: String, EnumerableFlag {
    case onnx
  }

  @Argument(help: ArgumentHelp("The model file, as `stapes train` wrote it.", valueName: "model"))
  var model: String

  @Flag(help: "Write a file of ONNX, of its standard operators (version 17).")
  var format: Format

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write; without it the model's name with .onnx.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp("Also write what the network makes of this clip.", valueName: "clip"))
  var example: String?

  @OptionGroup var replacing: OverwriteOptions

  func run() throws {
    let path = output ?? "\(model.fileName.withoutPathExtension).\(format.rawValue)"
    let stem = path.withoutPathExtension
    let examples = example == nil ? [] : ["\(stem).input.pb", "\(stem).output.pb"]
    try replacing.check([path] + examples)
    let speechModel = try ModelSource.file(model).load()
    let clip = try example.map { clip in
      try AudioClip(
        contentsOf: clip, options: AudioOptions(sampleRate: speechModel.features.sampleRate))
    }
    try speechModel.writeONNX(to: path)
    guard let clip else { return }
    let recognizer = try Recognizer(model: .model(speechModel))
    var extractor = try FeatureExtractor(configuration: speechModel.features)
    try SpeechModel.writeONNXExample(
      features: extractor.features(of: clip.samples), to: examples[0],
      logProbabilities: recognizer.logProbabilities(of: [clip])[0], to: examples[1])
  }
}

public import ArgumentParser
import FoundationEssentials
public import Stapes

/// How a model is trained; what is not given is chosen for the data.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: """
      Task: transcribe speech; classify whole clips, where each text is a class and the network \
      ends in pooling; or spot phrases in live sound, each clip being one, with --background; by \
      default transcribe.
      """)
  var task: TrainingOptions.Task?

  @Option(help: "Size of the network; by default chosen by the hours of DATA.")
  var preset: TrainingOptions.Preset?

  @Option(
    help: ArgumentHelp(
      """
      JSON file with any of the settings that --print-config prints; --set and other flags take \
      precedence.
      """, valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @OptionGroup var settings: SettingOptions

  @Option(help: ArgumentHelp("Random seed; equal seeds give equal models.", valueName: "number"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Number of epochs, 1 to 1000000. (default: 8 to 60, chosen by the hours of DATA)",
      valueName: "number"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "Peak learning rate, up to 10. (default: chosen by the preset)", valueName: "number"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "Number of LSTM layers, 1 to 32. (default: chosen by the preset)", valueName: "number"))
  var layers: Int?

  @Option(
    help: ArgumentHelp(
      "Hidden units of each LSTM layer and direction. (default: chosen by the preset)",
      valueName: "number"))
  var hidden: Int?

  @Option(
    help: ArgumentHelp(
      """
      Network architecture, such as "stack 3 stride 3, 3x320 gru both, dropout 0.2", or @ and a \
      file that contains it; replaces --layers, --hidden and --one-direction.
      """, valueName: "layers"))
  var network: String?

  @Option(
    help: "Precision of matrix products; bf16 is faster on processors that support it.")
  var precision: ProductPrecision?

  @Flag(help: "Use unidirectional layers, as live streams need. (default: bidirectional)")
  var oneDirection = false

  @Flag(help: "Train without augmentation and without joining clips.")
  var noAugment = false

  @OptionGroup var noise: NoiseOptions

  @OptionGroup var language: TextLanguageOptions

  @Option(
    help: ArgumentHelp(
      "What the model recognises, in one sentence, stored in the model.", valueName: "text"),
    completion: .file())
  var description: String?

  @Option(
    help: ArgumentHelp("Licence of the model, stored in the model.", valueName: "text"),
    completion: .file())
  var licence: String?

  /// The options for a corpus: those recommended, with what a model to fine-tune has over them, then
  /// what the file names, then what is set, and then what flags give.
  ///
  /// - Parameters:
  ///   - corpus: the clips to train on.
  ///   - model: the model to fine-tune.
  ///   - text: how texts are normalised but for what flags give; nil for what suits them.
  ///   - keepsObjective: whether the model's objective is kept.
  func options(
    for corpus: Corpus, from model: SpeechModel? = nil, text: TextNormalization? = nil,
    keepsObjective: Bool = false
  ) throws -> TrainingOptions {
    let text = language.normalization(
      for: corpus.clips.map(\.text), base: text ?? (task == .classify ? .untouched : nil))
    var options = try configured(
      for: corpus, text: text, from: model, keepsObjective: keepsObjective)
    // What is recommended follows from the texts as they are normalised.
    if options.text != text, config == nil, model == nil {
      options = try configured(for: corpus, text: options.text)
    }
    if let seed { options.seed = seed }
    if let epochs { options.epochCount = epochs }
    if let learningRate { options.learningRate.peak = learningRate }
    if noAugment { options.augmentation = Augmentation() }
    noise.apply(to: &options.augmentation)
    if let precision { options.precision = precision }
    if let description { options.summary = description }
    if let licence { options.licence = licence }
    try setNetwork(of: &options)
    try options.validate()
    return options
  }

  private func configured(
    for corpus: Corpus, text: TextNormalization, from model: SpeechModel? = nil,
    keepsObjective: Bool = false
  ) throws -> TrainingOptions {
    var options = TrainingOptions.recommended(
      for: corpus, preset: preset, text: text, task: task ?? .transcribe)
    if let model {
      options.adopt(model, keepsObjective: keepsObjective)
      options.text = text
    }
    if let config {
      options = try options.applying(json: Self.text(ofFile: config))
    }
    return try settings.apply(to: options)
  }

  func validate() throws {
    let shortcuts =
      [
        layers.map { _ in "--layers" }, hidden.map { _ in "--hidden" },
        oneDirection ? "--one-direction" : nil,
      ].compactMap(\.self) + settings.shapes.map { "--set \($0)" }
    if let shortcut = shortcuts.first, network != nil || settings.names("network") {
      throw ValidationError("--network describes the whole network; omit \(shortcut)")
    }
  }

  private func setNetwork(of options: inout TrainingOptions) throws {
    if let network { options.network = try Self.architecture(network) }
    if let layers { options.layerCount = layers }
    if let hidden { options.hiddenSize = hidden }
    if oneDirection { options.isBidirectional = false }
    if layers != nil || hidden != nil || oneDirection || !settings.shapes.isEmpty {
      let isWidthGiven = hidden != nil || settings.names("hiddenSize")
      let width = isWidthGiven ? options.hiddenSize : options.hiddenSize / 2
      options.network = options.task == .classify ? options.pooledNetwork(hiddenSize: width) : nil
    }
  }
}

extension RecipeOptions {
  /// The architecture that a text describes, or with @ the file of that name.
  static func architecture(_ text: String) throws -> NetworkArchitecture {
    guard text.hasPrefix("@") else { return try NetworkArchitecture(text) }
    return try NetworkArchitecture(Self.text(ofFile: String(text.dropFirst())))
  }

  private static func text(ofFile path: String) throws(TrainingError) -> String {
    let content = try rethrowing(
      FileSystem.read(path),
      as: { (error: FileError) in
        TrainingError.unreadableOptions(reason: "\(error.path): \(error.reason)")
      })
    return String(decoding: content, as: UTF8.self)
  }
}

extension ProductPrecision: ExpressibleByArgument {}
extension TrainingOptions.Task: ExpressibleByArgument {}
extension TrainingOptions.Preset: ExpressibleByArgument {}

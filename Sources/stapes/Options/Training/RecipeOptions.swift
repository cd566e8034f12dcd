public import ArgumentParser
import FoundationEssentials
public import Stapes

/// How a model is trained; what is not given is chosen for the data.
struct RecipeOptions: ParsableArguments {
  /// What the samples are turned into.
  enum Features: String, ExpressibleByArgument, CaseIterable {
    case logMel = "log-mel"
    case mfcc
  }

  @Option(
    help: """
      What the model learns to do: transcribe, or classify, which tells whole clips apart, each text \
      being a class; its network ends in pool.
      """)
  var task: TrainingOptions.Task?

  @Option(help: "The size of the network: small, medium or large.")
  var preset: TrainingOptions.Preset?

  @Option(
    help: ArgumentHelp(
      "JSON with any of the options that --print-config prints; other flags go before it.",
      valueName: "file"))
  var config: String?

  @Option(help: "The seed of all random choices; the same gives the same model.")
  var seed: UInt64?

  @Option(help: "How often each clip is seen.")
  var epochs: Int?

  @Option(help: "The largest learning rate.")
  var learningRate: Double?

  @Option(help: "The number of LSTM layers.")
  var layers: Int?

  @Option(help: "The hidden units of each direction of a layer.")
  var hidden: Int?

  @Option(help: "The share of outputs dropped in training, from 0.")
  var dropout: Double?

  @Option(help: "The frames of 10 ms for each output of the network.")
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      """
      The network, such as "stack 3 stride 3, 3x320 gru both, dropout 0.2", or @ and the file that \
      says it; instead of --layers, --hidden, --dropout, --stride and --one-direction.
      """, valueName: "layers"))
  var network: String?

  @Option(help: "The sound in a batch, in seconds.")
  var batchSeconds: Double?

  @Option(
    help: "How products are computed: float32, or bf16, faster where the processor has it.")
  var precision: ProductPrecision?

  @OptionGroup var optimization: OptimizationOptions

  @Flag(help: "Read clips from their beginning only, as live streams need.")
  var oneDirection = false

  @Flag(help: "Train on the clips as they are, without varying or joining them.")
  var noAugment = false

  @OptionGroup var variation: VariationOptions

  @Option(help: "What the network sees: log-mel or mfcc.")
  var features: Features?

  @Option(
    help: """
      By what mean and deviation features are normalised: none, per-clip, smoothed (the clip's, \
      joined with a second like all clips, for short ones), global (all clips'), or sliding (the \
      last three seconds', for live streams).
      """)
  var normalization: TrainingOptions.Normalization?

  @Option(help: "Letters in transcripts: lower, upper or keep; as a rule lower.")
  var letterCase: TextNormalization.LetterCase?

  @Option(help: "Punctuation in transcripts: drop or keep; as a rule drop.")
  var punctuation: TextNormalization.Punctuation?

  @OptionGroup var language: TextLanguageOptions

  @Option(help: "Which words the model writes: open for any, closed for those of the texts.")
  var vocabulary: TrainingOptions.Vocabulary?

  @Option(help: "What the model recognises, in a sentence, for the model file.")
  var description: String?

  @Option(help: "The terms under which the model may be passed on, for the model file.")
  var licence: String?

  /// The options for a corpus: those recommended, with what a model to train further has over them,
  /// and then what the file names, and what is given.
  func options(for corpus: Corpus, from model: SpeechModel? = nil) throws -> TrainingOptions {
    var text = language.normalization(
      for: corpus.clips.map(\.text),
      base: model?.textNormalization ?? (task == .classify ? .untouched : nil))
    if let letterCase { text.letterCase = letterCase }
    if let punctuation { text.punctuation = punctuation }
    var options = TrainingOptions.recommended(
      for: corpus, preset: preset, text: text, task: task ?? .transcribe)
    if let model {
      options.adopt(model)
      options.text = text
    }
    if let config {
      options = try options.applying(jsonFile: config)
    }
    if let seed { options.seed = seed }
    if let epochs { options.epochCount = epochs }
    if let learningRate { options.learningRate.peak = learningRate }
    if let batchSeconds { options.batchSeconds = batchSeconds }
    if noAugment { options.augmentation = Augmentation() }
    variation.apply(to: &options.augmentation)
    if let normalization { options.normalization = normalization }
    if let precision { options.precision = precision }
    if let vocabulary { options.vocabulary = vocabulary }
    if let description { options.summary = description }
    if let licence { options.licence = licence }
    try setNetwork(of: &options)
    optimization.apply(to: &options)
    try options.validate()
    return options
  }

  func validate() throws {
    let shortcuts = [
      layers.map { _ in "--layers" }, hidden.map { _ in "--hidden" },
      dropout.map { _ in "--dropout" }, stride.map { _ in "--stride" },
      oneDirection ? "--one-direction" : nil,
    ].compactMap(\.self)
    if let shortcut = shortcuts.first, network != nil {
      throw ValidationError("--network says all of a network; leave out \(shortcut)")
    }
  }

  private func setNetwork(of options: inout TrainingOptions) throws {
    if let network { options.network = try Self.architecture(network) }
    if let layers { options.layerCount = layers }
    if let hidden { options.hiddenSize = hidden }
    if let dropout { options.dropout = dropout }
    if let stride {
      options.stride = stride
      options.stackCount = max(options.stackCount, stride)
    }
    if oneDirection { options.isBidirectional = false }
    if [layers, hidden, stride].contains(where: { $0 != nil }) || dropout != nil || oneDirection {
      let width = hidden ?? options.hiddenSize / 2
      options.network = options.task == .classify ? options.pooledNetwork(hiddenSize: width) : nil
    }
    let sampleRate = options.features.sampleRate
    switch features {
    case nil: break
    case .logMel: options.features = FeatureConfiguration(sampleRate: sampleRate)
    case .mfcc: options.features = .mfcc(sampleRate: sampleRate)
    }
  }
}

extension RecipeOptions {
  /// The architecture that a text describes, or with @ the file of that name.
  static func architecture(_ text: String) throws -> NetworkArchitecture {
    guard text.hasPrefix("@") else { return try NetworkArchitecture(text) }
    return try NetworkArchitecture(TrainingOptions.text(ofFile: String(text.dropFirst())))
  }
}

extension TrainingOptions {
  /// These options with those that a file of JSON names.
  fileprivate func applying(jsonFile path: String) throws -> TrainingOptions {
    try applying(json: Self.text(ofFile: path))
  }

  fileprivate static func text(ofFile path: String) throws(TrainingError) -> String {
    do throws(FileFailure) {
      return String(decoding: try WholeFile.read(path), as: UTF8.self)
    } catch {
      throw TrainingError.unreadableOptions(reason: "\(error.path): \(error.reason)")
    }
  }
}

extension ProductPrecision: ExpressibleByArgument {}
extension TrainingOptions.Normalization: ExpressibleByArgument {}
extension TrainingOptions.Vocabulary: ExpressibleByArgument {}
extension TrainingOptions.Task: ExpressibleByArgument {}
extension TrainingOptions.Preset: ExpressibleByArgument {}
extension TextNormalization.LetterCase: ExpressibleByArgument {}
extension TextNormalization.Punctuation: ExpressibleByArgument {}

import ArgumentParser
import FoundationEssentials
import Stapes

/// What training starts from: a model, or random weights.
struct OriginOptions: ParsableArguments {
  /// What training starts from.
  enum Origin: ExpressibleByArgument {
    /// The bundled English where it fits the data and the options, and random weights elsewhere.
    case auto
    /// Random weights.
    case none
    /// A model, by its file or name.
    case model(String)

    init(argument: String) {
      self =
        switch argument {
        case "auto": .auto
        case "none": .none
        default: .model(argument)
        }
    }

    var defaultValueDescription: String {
      switch self {
      case .auto: "auto"
      case .none: "none"
      case .model(let name): name
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      """
      Fine-tune this model: a file, or the name of a bundled model; none for random weights. Its \
      network, front end, characters and CTC-CRF are kept, and its language model where that suits \
      DATA; new characters are added, LSTM layers get more units where --hidden asks for them, and \
      quantised weights are converted to 32-bit floats. \
      auto takes the bundled English for less than 30 hours of DATA \
      unless a network or front end of another shape is asked for.
      """, valueName: "auto|none|model"), completion: .model)
  var from = Origin.auto

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Clips to mix into each epoch, such as the original training set of the model that training \
      starts from, so that it is not forgotten.
      """,
      valueName: "data"), completion: .file())
  var replay: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      With --task spot: recordings without the phrases, such as speech, music and noise, among \
      which they are to be spotted; folders, sound files or labelled clips.
      """, valueName: "data"), completion: .file())
  var background: [String] = []

  func validate() throws {
    if case .none = from, !replay.isEmpty {
      throw ValidationError("--replay needs a model to start from; omit --from none")
    }
  }

  /// What a training starts from, with the options that follow from it.
  struct Start {
    var options: TrainingOptions
    /// The model; nil for random weights.
    var model: SpeechModel?
    /// Whether its language model suits the clips; nil where there is none that could.
    var trial: LanguageModelTrial?
    /// What was chosen where nothing was given, for people.
    var line: String?
    /// Whether texts are normalised as the model has it.
    var keepsTexts = false
  }

  /// Finds what a training starts from.
  ///
  /// - Parameters:
  ///   - corpus: the clips to train on.
  ///   - recipe: how to train.
  ///   - checkpoints: what the training goes on from, if it does.
  func start(
    on corpus: Corpus, recipe: RecipeOptions, checkpoints: CheckpointOptions? = nil
  ) async throws -> Start {
    switch from {
    case .none: return try Start(options: recipe.options(for: corpus))
    case .model(let name):
      let model = try ModelSource(named: name).load()
      let text = model.textNormalization
      return try await start(
        from: model, on: corpus, plain: recipe.options(for: corpus, from: model, text: text),
        resumed: checkpoints?.recordedOptions, isAsked: true
      ) {
        try recipe.options(for: corpus, from: model, text: text, keepsObjective: true)
      }
    case .auto:
      let fresh = try recipe.options(for: corpus)
      let source = ModelSource(named: nil, hearsStreams: recipe.oneDirection)
      guard recipe.preset == nil, fresh.mayStartFromGeneralModel(on: corpus),
        case .bundled(let name) = source, case let model = try source.load()
      else { return Start(options: fresh) }
      let options = try recipe.options(for: corpus, from: model, text: fresh.text)
      let resumed = checkpoints?.recordedOptions
      guard fresh.stride >= options.outputStride, options.fits(model),
        (resumed ?? options).fits(model)
      else { return Start(options: fresh) }
      var start = try await start(
        from: model, on: corpus, plain: options, resumed: resumed, isAsked: false
      ) {
        try recipe.options(for: corpus, from: model, text: fresh.text, keepsObjective: true)
      }
      let terms = "starts from \(name), \(model.provenance.terms); --from none for random weights"
      start.line = [terms, start.line].compactMap(\.self).joined(separator: "\n")
      return start
    }
  }

  /// Starts from a model, whose language model is kept where that suits the clips, and then CTC-CRF as
  /// well: without a language model it makes a network that spells badly.
  ///
  /// - Parameters:
  ///   - plain: how to train without the objective of the model.
  ///   - resumed: how the training that goes on was begun; nil for a new one.
  ///   - isAsked: whether the model was named.
  ///   - keeping: how to train with its objective.
  private func start(
    from model: SpeechModel, on corpus: Corpus, plain: TrainingOptions,
    resumed: TrainingOptions?, isAsked: Bool, keeping: () throws -> TrainingOptions
  ) async throws -> Start {
    let trial = try await LanguageModelTrial(
      of: model, trainedTo: plain, on: corpus,
      threadCount: ProcessInfo.processInfo.activeProcessorCount)
    let keepsObjective = resumed.map { $0.crfShare > 0 } ?? trial?.helps ?? isAsked
    return Start(
      options: keepsObjective ? try keeping() : plain, model: model, trial: trial,
      line: trial?.line, keepsTexts: isAsked)
  }

  /// Finds the clips to see again.
  func replayed(_ labelled: DataOptions) throws -> Corpus {
    let old = replay.isEmpty ? [] : try labelled.corpus(replay).clips
    guard !background.isEmpty else { return Corpus(clips: old) }
    let sound = try Corpus(
      background: background, longestSeconds: 4, allowsOutside: labelled.allowOutside,
      audio: labelled.decoding.audio)
    return Corpus(clips: old + sound.clips)
  }
}

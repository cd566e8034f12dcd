internal import StapesAugmentation
internal import StapesCorpus
internal import StapesModel
internal import StapesNetwork
internal import StapesRecipe
internal import StapesScoring
internal import StapesText

extension TrainingRun {
  /// Whether no epoch is left, or none has been better for as many as the options wait.
  var isDone: Bool {
    let waits = options.patience > 0 && epochsWithoutProgress >= options.patience
    return state.numbers.epoch >= options.epochCount || waits
  }

  /// How many epochs were completed since the best.
  private var epochsWithoutProgress: Int {
    state.best.first.map { state.numbers.epoch - $0.epoch } ?? 0
  }

  /// Validates the averaged weights, ranks them, and looks at how the run goes.
  mutating func completeEpoch() async throws {
    let parameters = state.weights.average
    let start = await trainer.clock()
    let figures = try await figures(of: parameters)
    guard figures.loss.isFinite else {
      try rollBack()
      return state.beginNextEpoch()
    }
    let validationSeconds = await trainer.clock() - start
    let (epoch, progress, rate) = (state.numbers.epoch + 1, meter.progress, learningRate)
    let (loss, norms) = (state.numbers.losses.mean, state.numbers.gradientNorms)
    let ranked = RankedModel(epoch: epoch, figures: figures, parameters: parameters)
    let isBest = state.rank(ranked, keeping: options.averagedModelCount)
    state.completeEpoch(
      EpochFigures(
        epoch: epoch, loss: loss, learningRate: rate, gradientNorm: norms.median,
        largestGradientNorm: norms.max() ?? 0, hoursPerSecond: progress.hoursPerSecond,
        validationLoss: figures.loss, characterErrorRate: figures.rates.cer.value,
        wordErrorRate: figures.rates.wer.value))
    report(
      .epoch(
        TrainingEpoch(
          progress: progress, loss: loss, validation: figures,
          improvedModel: isBest ? try model(of: ranked) : nil, history: state.numbers.history)))
    await keepToBudget(validationSeconds: validationSeconds)
    watchForSilence(figures)
    halveRate()
    if isDone, state.numbers.epoch < options.epochCount {
      report(.notice(.endedEarly(epochCount: epochsWithoutProgress)))
    }
  }

  /// Drops the epochs behind this one for which there is no time.
  private mutating func keepToBudget(validationSeconds: Double) async {
    guard var budget else { return }
    budget.completeEpoch(at: await trainer.clock(), validationSeconds: validationSeconds)
    self.budget = budget
    drop(epochsBeyond: state.numbers.epoch + budget.affordableEpochCount)
  }

  /// Tells when epoch after epoch reads nothing, ever more seldom.
  private mutating func watchForSilence(_ figures: ValidationFigures) {
    state.numbers.silentEpochCount =
      figures.emitsOnlyBlanks ? state.numbers.silentEpochCount + 1 : 0
    let count = state.numbers.silentEpochCount
    if count > 0, count % 5 == 0, (count / 5).nonzeroBitCount == 1 {
      report(.notice(.onlyBlanks(epochCount: count)))
    }
  }

  /// Halves the learning rate where the schedule has that and there was no progress.
  private mutating func halveRate() {
    let wait = options.learningRate.plateauEpochs
    guard options.learningRate.shape == .plateau, epochsWithoutProgress >= wait,
      state.numbers.epoch - state.numbers.halvedEpoch >= wait
    else { return }
    state.numbers.halvedEpoch = state.numbers.epoch
    state.numbers.rateFactor /= 2
    report(.notice(.rateHalved(epochCount: wait, rateFactor: state.numbers.rateFactor)))
  }

  /// Puts the mean of the best models' weights in the first place, if it is better than each.
  mutating func averageBest() async throws {
    guard state.best.count > 1, let best = state.best.first else { return }
    var mean = best.parameters
    for model in state.best.dropFirst() { mean.add(model.parameters) }
    mean.scale(by: 1 / Float(state.best.count))
    let figures = try await figures(of: mean)
    guard figures.isBetter(than: best.figures) else { return }
    report(.notice(.averaged(epochs: state.best.map(\.epoch))))
    state.best = [RankedModel(epoch: best.epoch, figures: figures, parameters: mean)]
  }

  private func figures(of parameters: NetworkParameters) async throws -> ValidationFigures {
    try await validationSet.figures(
      of: try Network(configuration: configuration, parameters: parameters))
  }

  /// The model with ranked weights.
  func model(of ranked: RankedModel) throws(NetworkError) -> SpeechModel {
    var model = SpeechModel(
      features: options.features, normalization: material.normalization,
      outputs: material.outputs,
      vocabulary: material.vocabulary(for: options),
      textNormalization: options.text,
      network: try Network(configuration: configuration, parameters: ranked.parameters),
      provenance: provenance(epoch: ranked.epoch, figures: ranked.figures))
    model.labelPriors = ranked.figures.labelPriors
    if let language = trainer.language {
      model.languageModel = language.model
      model.languageCalibration = ranked.figures.calibration
    } else if options.task == .transcribe {
      // The probability of a class is its confidence.
      model.calibration = ranked.figures.calibration
    }
    if options.task == .transcribe {
      // Nearer to what suits it than those that suit any model.
      model.languageWeights = trainer.origin?.languageWeights
    }
    if options.task == .spot {
      let texts = Set(material.clips.prefix(material.newClipCount).map(\.text)).subtracting([""])
      model.spotting = SpottingSettings(phrases: texts.sorted().map { .init(text: $0) })
    }
    return model
  }

  private func provenance(epoch: Int, figures: ValidationFigures) -> Provenance {
    let corpus = Corpus(clips: trainer.training.clips + trainer.replayed.clips)
    var recorded = options
    // The folder is the machine's, and its name says enough.
    recorded.augmentation.noiseFolder =
      options.augmentation.noiseFolder
      .split(separator: "/").last.map(String.init) ?? ""
    var notes = [
      "validation clips": validationRule, Provenance.optionsNote: canonicalJSON(recorded),
    ]
    let origin = trainer.origin?.provenance
    if let origin {
      notes["started from"] = "\(origin.summary) (fingerprint \(origin.dataFingerprint))"
    }
    return Provenance(
      summary: options.summary,
      licence: options.licence.isEmpty ? origin?.licence ?? "" : options.licence,
      toolVersion: Provenance.currentToolVersion, seed: options.seed, epochCount: epoch,
      dataFingerprint: corpus.fingerprint, clipCount: material.clips.count,
      hours: material.seconds(of: material.clips.indices) / 3600,
      speakerCount: material.speakerCount,
      figures: [Provenance.Figure](
        figures.rates, on: "validation", ofClasses: options.task == .classify,
        besideLanguageModel: trainer.language != nil),
      notes: notes)
  }

  private var validationRule: String {
    switch trainer.holdOut?.rule {
    case nil: "apart from the training data"
    case .clips: "other clips of the training speakers"
    case .speakers(let speakers): "other speakers: " + speakers.joined(separator: ", ")
    }
  }
}

extension [Double] {
  /// The middle one by size, or the mean of the middle two; 0 without any.
  fileprivate var median: Double {
    let sorted = sorted()
    guard let upper = sorted.dropFirst(count / 2).first else { return 0 }
    return count % 2 == 1 ? upper : (sorted[count / 2 - 1] + upper) / 2
  }
}

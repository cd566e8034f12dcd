internal import Glibc
internal import StapesAugmentation
internal import StapesConcurrency
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesRanks
internal import StapesRecipe
internal import StapesText

/// The weights of a neural language model under way, and all that moves them.
struct LanguageTrainingState {
  private let options: LanguageTrainingOptions
  private let characters: [String]
  private var network: Network
  private var weights: TrainedWeights
  /// What says how weights move; by default as those of a recogniser.
  private let update = TrainingOptions()
  private var stepNumber: UInt64 = 0
  private var faultyStepCount = 0

  /// Sets up the network with random weights.
  init(options: LanguageTrainingOptions, characters: [String]) throws(NetworkError) {
    let configuration = NeuralLanguageModel.configuration(
      characterCount: characters.count, layerCount: options.layerCount,
      hiddenSize: options.hiddenSize, dropout: options.dropout)
    var random = SplitMix64(seed: options.seed, stream: RandomStream.weights.rawValue)
    (self.options, self.characters) = (options, characters)
    network = try Network(configuration: configuration, using: &random)
    weights = TrainedWeights(network.parameters, optimizer: update.optimizer)
  }

  /// Learns from a batch.
  ///
  /// - Parameters:
  ///   - shards: the tokens of sentences that go through the network together.
  ///   - progress: the share of the run that is done.
  ///   - threadCount: how many threads compute.
  ///   - ranks: who shares the work: each rank does a run of the shards.
  /// - Returns: the sum of the losses; nil when the task was cancelled, on any rank.
  /// - Throws: `TrainingError.diverged`, `RankError`.
  mutating func step(
    on shards: [[[UInt16]]], progress: Double, threadCount: Int, ranks: RankGroup
  ) async throws -> Double? {
    let share = ranks.share(of: shards.map { Double($0.joined().count) })
    let (network, options, stepNumber) = (network, options, stepNumber)
    let shapes = NetworkParameters.shapes(for: network.configuration)
    let sum = OrderedGradientSum(
      shapes: shapes.map { ($0.rowCount, $0.columnCount) }, shards: share, ranks: ranks)
    let (own, matrices) = try await sum.total {
      try await concurrentResults(
        count: share.count, threadCount: threadCount, makeTools: {}
      ) { _, index in
        let shard = share.lowerBound + index
        var random = SplitMix64(
          seed: options.seed, stream: RandomStream.dropout.rawValue, stepNumber, UInt64(shard))
        return network.textGradient(
          of: shards[shard], dropoutSeed: random.next(), precision: options.precision
        ) { sum.add($1, part: $0, shard: shard) }
      }
    }
    // Nothing but the task's end stops it.
    let losses = try await ranks.gather(.success(try? own.get()))
    guard !losses.contains(nil) else { return nil }
    self.stepNumber += 1
    guard !matrices.isEmpty else { return 0 }
    let gradient = NetworkParameters(
      tensors: zip(shapes, matrices).map { NamedMatrix(name: $0.name, matrix: $1) })
    // In a task of its own: one that is cancelled would lose the weights that it moves, on this rank
    // alone.
    let (count, rate) = (
      shards.joined().reduce(0) { $0 + $1.count + 1 }, options.learningRate.rate(at: progress)
    )
    let (moved, norm) = try await Task { [weights, update] in
      var moved = weights
      let norm = try await moved.step(
        along: gradient, ofMeanOver: count, limit: options.gradientNormLimit, options: update,
        learningRate: rate, threadCount: threadCount)
      return (moved, norm)
    }.value
    guard norm.isFinite else {
      faultyStepCount += 1
      guard faultyStepCount < 10 else {
        throw TrainingError.diverged(stepCount: faultyStepCount, clips: [])
      }
      return 0
    }
    faultyStepCount = 0
    weights = moved
    self.network.parameters = weights.parameters
    return losses.compactMap { $0 }.joined().reduce(0, +)
  }

  /// The model with the averaged weights.
  func model(epoch: Int) -> NeuralLanguageModel {
    var averaged = network
    averaged.parameters = weights.average
    let provenance = Provenance(
      toolVersion: Provenance.currentToolVersion, seed: options.seed, epochCount: epoch,
      notes: [Provenance.optionsNote: canonicalJSON(options)])
    do throws(ModelFault) {
      return try NeuralLanguageModel(
        characters: characters, network: averaged, provenance: provenance)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

extension Network {
  /// Goes forward and back through some texts.
  ///
  /// - Parameters:
  ///   - texts: the tokens of each, without begin and end.
  ///   - dropoutSeed: what the choice of the dropped outputs depends on.
  ///   - precision: how products are computed.
  ///   - complete: is given each matrix, with its position, of the gradient of the loss with respect
  ///     to the weights.
  /// - Returns: the loss: the sum over all characters of −ln P(character | those before it), ends
  ///   included.
  func textGradient(
    of texts: [[UInt16]], dropoutSeed: UInt64, precision: ProductPrecision,
    complete: (_ position: Int, _ gradient: Matrix) -> Void
  ) -> Double {
    let tokenCount = configuration.classCount
    let texts = texts.map { $0.map(Int.init) }
    let pass = forward(
      texts.map { NeuralLanguageModel.input($0, tokenCount: tokenCount) },
      dropoutSeed: dropoutSeed, precision: precision)
    var loss = 0.0
    var logitGradients: [Matrix] = []
    for (text, logits) in zip(texts, pass.logits) {
      let result = CrossEntropy.loss(logits: logits, labels: NeuralLanguageModel.targets(text))
      loss += result.loss
      logitGradients.append(result.gradient)
    }
    backward(pass, logitGradients: logitGradients, complete: complete)
    return loss
  }
}

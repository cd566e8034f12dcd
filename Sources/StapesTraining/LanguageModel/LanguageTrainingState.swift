internal import Glibc
internal import StapesAugmentation
internal import StapesConcurrency
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
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
  /// - Returns: the sum of the losses; nil when the task was cancelled.
  /// - Throws: `TrainingError.diverged`.
  mutating func step(
    on shards: [[[UInt16]]], progress: Double, threadCount: Int
  ) async throws(TrainingError) -> Double? {
    let (network, options, stepNumber, sum) = (network, options, stepNumber, OrderedGradientSum())
    let losses: [Double]
    do {
      losses = try await concurrentResults(
        count: shards.count, threadCount: threadCount, makeTools: {}
      ) { _, shard in
        var random = SplitMix64(
          seed: options.seed, stream: RandomStream.dropout.rawValue, stepNumber, UInt64(shard))
        let (loss, gradient) = network.textGradient(
          of: shards[shard], dropoutSeed: random.next(), precision: options.precision)
        sum.add(gradient, at: shard)
        return loss
      }
    } catch {
      return nil
    }
    self.stepNumber += 1
    guard let gradient = sum.take() else { return 0 }
    // A step that is cancelled loses the weights that it moves.
    var moved = weights
    let norm: Double
    do {
      norm = try await moved.step(
        along: gradient, ofMeanOver: shards.joined().reduce(0) { $0 + $1.count + 1 },
        limit: options.gradientNormLimit, options: update,
        learningRate: options.learningRate.rate(at: progress), threadCount: threadCount)
    } catch {
      return nil
    }
    guard norm.isFinite else {
      faultyStepCount += 1
      guard faultyStepCount < 10 else {
        throw .diverged(stepCount: faultyStepCount, clips: [])
      }
      return 0
    }
    faultyStepCount = 0
    weights = moved
    self.network.parameters = weights.parameters
    return losses.reduce(0, +)
  }

  /// The model with the averaged weights.
  func model(epoch: Int) -> NeuralLanguageModel {
    var averaged = network
    averaged.parameters = weights.average
    let provenance = Provenance(
      toolVersion: Provenance.currentToolVersion, seed: options.seed, epochCount: epoch,
      notes: ["training options": canonicalJSON(options)])
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
  /// - Parameter texts: the tokens of each, without begin and end.
  /// - Returns: the sum over all characters of −ln P(character | those before it), ends included,
  ///   and its gradient with respect to the weights.
  func textGradient(
    of texts: [[UInt16]], dropoutSeed: UInt64, precision: ProductPrecision
  ) -> (loss: Double, gradient: NetworkParameters) {
    let tokenCount = configuration.classCount
    let texts = texts.map { $0.map(Int.init) }
    let pass = forward(
      texts.map { NeuralLanguageModel.input($0, tokenCount: tokenCount) },
      dropoutSeed: dropoutSeed, precision: precision)
    var loss = 0.0
    var logitGradients: [Matrix] = []
    for (text, logits) in zip(texts, pass.logits) {
      var gradient = logits
      gradient.takeLogSoftmaxOfRows()
      // The gradient of −ln softmax is softmax − 1 at the target.
      var values = gradient.values
      for (row, target) in NeuralLanguageModel.targets(text).enumerated() {
        loss -= Double(values[row * tokenCount + target])
      }
      for index in values.indices { values[index] = expf(values[index]) }
      for (row, target) in NeuralLanguageModel.targets(text).enumerated() {
        values[row * tokenCount + target] -= 1
      }
      gradient.values = values
      logitGradients.append(gradient)
    }
    var gradient = NetworkParameters.zeros(for: configuration)
    backward(pass, logitGradients: logitGradients, into: &gradient)
    return (loss, gradient)
  }
}

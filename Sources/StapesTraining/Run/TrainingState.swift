internal import StapesKernels
internal import StapesNetwork
internal import StapesRecipe

/// All that a run has come to: what a checkpoint holds, and what the run goes on from.
///
/// Everything else, such as the order of the clips, follows from the options, the clips and the
/// numbers here.
struct TrainingState: Sendable, Equatable {
  /// The numbers of the state.
  struct Numbers: Codable, Sendable, Equatable {
    /// The epoch under way, counted from 0.
    var epoch = 0
    /// How many of its steps were taken.
    var step = 0
    /// The losses of those steps.
    var losses = LossSum()
    /// The norms of the gradients of those steps that had one, as in `EpochFigures`.
    var gradientNorms: [Double] = []
    /// What watches over the losses.
    var watch = DivergenceWatch()
    /// What the schedule's learning rate is multiplied by.
    var rateFactor = 1.0
    /// How often the run went back to earlier weights.
    var rollbackCount = 0
    /// The epoch, counted from 1, that the last halving by the schedule followed.
    var halvedEpoch = 0
    /// How many epochs in a row read nothing.
    var silentEpochCount = 0
    /// The background in which the model recognised most when it last looked, worst first.
    var hardClips: [Int]?
    /// The completed epochs.
    var history: [EpochFigures] = []
  }

  /// The numbers.
  var numbers = Numbers()
  /// The weights under way.
  var weights: TrainedWeights
  /// The weights after the last epoch that went well, to return to.
  var safe: TrainedWeights
  /// The best epochs, best first, as many as the options average.
  var best: [RankedModel] = []

  /// A run's beginning.
  init(weights: TrainedWeights) {
    self.weights = weights
    safe = weights
  }

  /// Counts an epoch as completed; the weights as they are can be gone back to.
  mutating func completeEpoch(_ figures: EpochFigures) {
    numbers.history.append(figures)
    safe = weights
    beginNextEpoch()
  }

  /// Goes on to the next epoch.
  mutating func beginNextEpoch() {
    numbers.epoch += 1
    numbers.step = 0
    numbers.losses = LossSum()
    numbers.gradientNorms = []
  }

  /// Returns to the last weights that went well, with half the learning rate.
  mutating func rollBack() {
    weights = safe
    numbers.rateFactor /= 2
    numbers.rollbackCount += 1
    numbers.watch = DivergenceWatch()
  }

  /// Puts a model among the best, if it is one of them.
  ///
  /// - Returns: whether it is the best of all.
  mutating func rank(_ model: RankedModel, keeping count: Int) -> Bool {
    let place = best.firstIndex { model.figures.isBetter(than: $0.figures) } ?? best.count
    best.insert(model, at: place)
    best = Array(best.prefix(count))
    return place == 0
  }
}

/// The weights after an epoch, and what they make of the validation clips.
struct RankedModel: Sendable, Equatable {
  /// The epoch, counted from 1.
  let epoch: Int
  /// What the weights make of the validation clips.
  let figures: ValidationFigures
  /// The averaged weights.
  let parameters: NetworkParameters
}

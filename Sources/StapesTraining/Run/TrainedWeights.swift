internal import StapesConcurrency
internal import StapesKernels
public import StapesNetwork
public import StapesRecipe
internal import Synchronization

/// A matrix of weights and all that moves with it, each of one shape.
struct TrainedTensor: Sendable, Equatable {
  /// The name in the model file.
  let name: String
  /// The weights.
  var weights: Matrix
  /// Adam's mean of gradients, or the velocity.
  var first: Matrix
  /// Adam's mean of squared gradients; of no use to other methods, and then empty.
  var second: Matrix
  /// The average of the weights.
  var average: Matrix
}

/// All weights of a run, and what moves with them: the optimiser's moments and the average.
///
/// The average is exponential and generalises better than the last step's weights. After step t:
/// a ← d·a + (1 − d)·w with d = min(decay, (1 + t) / (10 + t)), so that the first steps, far from
/// any optimum, are forgotten soon. Polyak and Juditsky, 1992; the ramp is TensorFlow's.
public struct TrainedWeights: Sendable, Equatable {
  /// How many steps were taken.
  public private(set) var stepCount = 0

  /// The matrices in the order of the network's.
  private(set) var tensors: [TrainedTensor]

  /// Starts from weights; moments are zero, and the average is the weights.
  public init(_ parameters: NetworkParameters, optimizer: OptimizerOptions) {
    tensors = parameters.tensors.map { tensor in
      let (rowCount, columnCount) = (tensor.matrix.rowCount, tensor.matrix.columnCount)
      let zero = Matrix(rowCount: rowCount, columnCount: columnCount)
      let hasSecond = optimizer.method != .sgd
      return TrainedTensor(
        name: tensor.name, weights: tensor.matrix, first: zero,
        second: hasSecond ? zero : Matrix(rowCount: 0, columnCount: columnCount),
        average: tensor.matrix)
    }
  }

  /// Takes over what a run had come to.
  init(tensors: [TrainedTensor], stepCount: Int) {
    self.tensors = tensors
    self.stepCount = stepCount
  }

  /// The weights.
  public var parameters: NetworkParameters {
    NetworkParameters(tensors: tensors.map { NamedMatrix(name: $0.name, matrix: $0.weights) })
  }

  /// The average of the weights.
  public var average: NetworkParameters {
    NetworkParameters(tensors: tensors.map { NamedMatrix(name: $0.name, matrix: $0.average) })
  }

  /// Takes one step along the gradient of a mean loss, clipped to a length, where it is finite.
  ///
  /// - Parameters:
  ///   - sum: the gradient of the sum of the losses.
  ///   - count: how many losses were added up, at least 1.
  ///   - limit: the length that a longer gradient of the mean is scaled down to.
  ///   - options: as below.
  ///   - learningRate: η.
  ///   - rateFactors: as below.
  ///   - threadCount: the number of child tasks.
  /// - Returns: the length of the gradient of the mean.
  /// - Throws: `CancellationError`; the weights are then lost.
  mutating func step(
    along sum: NetworkParameters, ofMeanOver count: Int, limit: Double, options: TrainingOptions,
    learningRate: Double, rateFactors: [Double] = [], threadCount: Int
  ) async throws -> Double {
    let norm = try await sum.norm(threadCount: threadCount) / Double(count)
    if norm.isFinite {
      try await update(
        gradient: sum, options: options, learningRate: learningRate,
        gradientScale: min(1, limit / norm) / Double(count), rateFactors: rateFactors,
        threadCount: threadCount)
    }
    return norm
  }

  /// Takes one step.
  ///
  /// Threads share the work by matrices. Networks have several large ones, and each element moves
  /// by itself, so the result is the same on any number of threads.
  ///
  /// - Parameters:
  ///   - gradient: of the loss with respect to each weight; every element finite.
  ///   - options: of the run: its optimiser, weight decay and the decay of the average count.
  ///   - learningRate: η.
  ///   - gradientScale: what the gradient is multiplied by first.
  ///   - rateFactors: for each matrix what the learning rate is multiplied by, 0 to leave it as it
  ///     is; none for 1 everywhere.
  ///   - threadCount: the number of child tasks.
  /// - Throws: `CancellationError`; the weights are then lost.
  public mutating func update(
    gradient: NetworkParameters, options: TrainingOptions, learningRate: Double,
    gradientScale: Double = 1, rateFactors: [Double] = [], threadCount: Int = 1
  ) async throws {
    precondition(
      gradient.tensors.count == tensors.count
        && (rateFactors.isEmpty || rateFactors.count == tensors.count),
      "\(tensors.count) matrices, \(gradient.tensors.count) gradients, \(rateFactors.count) factors"
    )
    stepCount += 1
    let ramp = (1 + Double(stepCount)) / (10 + Double(stepCount))
    let update = WeightUpdate(
      optimizer: options.optimizer, weightDecay: options.weightDecay, step: stepCount,
      learningRate: learningRate, gradientScale: Float(gradientScale),
      averageGain: Float(1 - min(options.averageDecay, ramp)))
    let waiting = WaitingTensors(tensors)
    let count = tensors.count
    // Whoever takes a matrix is its only holder, and changes it in place.
    tensors = []
    tensors = try await concurrentResults(count: count, threadCount: threadCount, makeTools: {}) {
      _, index in
      var tensor = waiting.take(index)
      update.apply(
        to: &tensor, gradient: gradient.tensors[index].matrix,
        rateFactor: rateFactors.isEmpty ? 1 : rateFactors[index])
      return tensor
    }
  }
}

extension NetworkParameters {
  /// The length of all weights as one vector, its squares added in a fixed order.
  ///
  /// - Parameter threadCount: the number of child tasks.
  func norm(threadCount: Int) async throws -> Double {
    let squares = try await concurrentResults(
      count: tensors.count, threadCount: threadCount, makeTools: {}
    ) { _, index in tensors[index].matrix.squaredNorm }
    return squares.reduce(0, +).squareRoot()
  }
}

/// Matrices that wait for a task to take them over.
private final class WaitingTensors: Sendable {
  private let tensors: Mutex<[TrainedTensor?]>

  init(_ tensors: [TrainedTensor]) {
    self.tensors = Mutex(tensors)
  }

  /// Hands over a matrix, each once.
  func take(_ index: Int) -> TrainedTensor {
    guard let tensor = tensors.withLock({ $0[index].take() }) else {
      preconditionFailure("matrix \(index) was taken before")
    }
    return tensor
  }
}

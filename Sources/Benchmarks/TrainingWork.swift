internal import StapesFeatures
internal import StapesKernels
internal import StapesNetwork
internal import StapesTraining

/// Steps of training as `StepWorker` takes them, without the optimiser: forward, CTC, and back to
/// the gradient of every weight.
struct TrainingWork: Sendable {
  private let network: Network
  private let worker: StepWorker
  private let batches: [[Utterance]]

  /// The labels of each clip.
  private static let labelCount = 40

  /// Lays batches ready.
  ///
  /// - Parameters:
  ///   - shape: the network, and the usual batch.
  ///   - lengths: the frames of the clips of each batch; nil for one batch of the usual.
  ///   - precision: how products are computed.
  ///   - threadCount: the number of child tasks.
  init(
    _ shape: NetworkShape, lengths: [[Int]]? = nil, precision: ProductPrecision = .float32,
    threadCount: Int
  ) throws {
    network = try shape.network()
    var options = TrainingOptions()
    options.precision = precision
    // The material is what features of a following batch are made of; there is none.
    worker = StepWorker(
      options: options,
      material: try TrainingMaterial(clips: [], joinsClips: false, normalization: .none),
      threadCount: threadCount)
    var random = SplitMix64(seed: 2)
    batches = (lengths?.map(shape.clips(ofLengths:)) ?? [shape.clips()]).map { clips in
      clips.map { features in
        let labels = [Int].randomLabels(
          count: Self.labelCount, classCount: shape.configuration.classCount, using: &random)
        return Utterance(views: [features], labels: labels, clips: [])
      }
    }
  }

  /// Takes one step with each batch.
  func take() async throws -> Duration {
    try await ContinuousClock().measure {
      for batch in batches {
        _ = try await worker.work(
          on: worker.batch(of: batch), with: network, preparing: [], epoch: 0, step: 0)
      }
    }
  }
}

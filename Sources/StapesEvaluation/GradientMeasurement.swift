internal import Glibc
internal import StapesAudio
internal import StapesAugmentation
internal import StapesConcurrency
public import StapesCorpus
internal import StapesFeatures
internal import StapesKernels
public import StapesModel
public import StapesNetwork
internal import StapesText
public import StapesTraining

/// Measures on labelled clips how far back in time gradients reach; see `GradientReach`.
///
/// The loss of output t alone is what the CTC loss of the clip says of it: its gradient is row t of
/// the gradient for the logits, and zero in all other rows. Where clips are told apart, it is the
/// cross-entropy of output t, as if the clip ended there with no pooling. There is no dropout.
public struct GradientMeasurement: Sendable {
  /// How many clips are measured.
  public var clipCount = 16
  /// How many outputs t are chosen in each clip.
  public var placeCount = 8
  /// The largest k, in outputs; clips are preferred that are longer.
  public var longestDistance = 100
  /// The seed of the choice of clips and outputs, and of fresh weights.
  public var seed: UInt64 = 1
  /// The length that training shortens a longer gradient of the weights to.
  public var gradientNormLimit = TrainingOptions().gradientNormLimit

  /// Makes the default measurement.
  public init() {}

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `TrainingError.settingOutOfRange`.
  public func validate() throws(TrainingError) {
    try TrainingError.check("number of clips", clipCount, within: 1...100_000)
    try TrainingError.check("number of places in a clip", placeCount, within: 1...1000)
    try TrainingError.check("largest distance", longestDistance, within: 1...10_000)
  }

  /// A model with fresh weights, for the characters of a corpus.
  ///
  /// - Parameters:
  ///   - architecture: its network.
  ///   - corpus: the clips; the front end suits them, and normalises each by itself.
  public func freshModel(
    of architecture: NetworkArchitecture, for corpus: Corpus
  ) throws(NetworkError) -> SpeechModel {
    let options = TrainingOptions.recommended(for: corpus)
    let texts = corpus.clips.map { options.text.normalized($0.text) }
    let outputs: ModelOutputs =
      architecture.pooling == nil
      ? .characters(Alphabet(transcripts: texts, rules: options.text.rules))
      : .classes(Set(texts).sorted())
    var random = SplitMix64(seed: seed, stream: RandomStream.weights.rawValue)
    let configuration = NetworkConfiguration(
      featureCount: options.features.columnCount, architecture: architecture,
      classCount: outputs.classCount)
    return SpeechModel(
      features: options.features, normalization: .perClip, outputs: outputs,
      textNormalization: options.text,
      network: try Network(configuration: configuration, using: &random))
  }

  /// Measures a model.
  ///
  /// - Parameters:
  ///   - model: the model, its weights as 32-bit floats.
  ///   - corpus: clips with their texts.
  ///   - threadCount: the number of child tasks; it does not change the result.
  /// - Throws: `NetworkError.notFloat32`; `TrainingError.settingOutOfRange`, and `.nothingToMeasure`
  ///   when no clip can hold its text; `AudioError`; `CancellationError`.
  public func reach(
    of model: SpeechModel, on corpus: Corpus, threadCount: Int
  ) async throws -> GradientReach {
    try validate()
    let network = try model.network.network().undisturbed
    let stride = Double(network.configuration.stride) * model.features.frames.hopSeconds
    let clips = chosenClips(of: corpus, seconds: stride * Double(longestDistance + 2))
    let features = model.features
    let task: TrainingOptions.Task = model.outputs.labels == nil ? .transcribe : .classify
    let found = try await concurrentResults(count: clips.count, threadCount: threadCount) {
      try FeatureExtractor(configuration: features)
    } body: { extractor, index in
      let clip = try clips[index].read(sampleRate: features.sampleRate)
      var rows = extractor.features(of: clip.samples)
      model.normalization.apply(to: &rows)
      guard
        let labels = model.outputs.classes(
          of: model.normalized(clips[index].text))
      else { return ClipGradients?.none }
      return gradients(of: network, task: task, features: rows, labels: labels, clip: index)
    }.compactMap(\.self)
    guard !found.isEmpty else { throw TrainingError.nothingToMeasure }
    let layers = found[0].courses.map { part in
      GradientReach.Layer(
        name: NetworkArchitecture(
          layers: [network.configuration.architecture.layers[part.layer]]
        ).description,
        position: part.layer + 1,
        courses: found.flatMap { $0.courses.first { $0.layer == part.layer }?.norms ?? [] },
        longest: longestDistance)
    }
    return GradientReach(
      layers: layers, secondsPerOutput: stride,
      weightGradientNorms: found.map(\.weightNorm).sorted(), gradientNormLimit: gradientNormLimit)
  }

  /// What one clip shows.
  private struct ClipGradients: Sendable {
    /// For each recurrent layer, and each place t, the norms at k = 0, 1, … t.
    let courses: [(layer: Int, norms: [[Double]])]
    let weightNorm: Double
  }

  /// Goes through a clip, once for each place; nil where it cannot hold its text.
  private func gradients(
    of network: Network, task: TrainingOptions.Task, features: Matrix, labels: [Int], clip: Int
  ) -> ClipGradients? {
    guard features.rowCount > 0, !labels.isEmpty else { return nil }
    let pass = network.forward([features], dropoutSeed: 0)
    let loss = task.loss(logits: pass.logits[0], labels: labels)
    guard loss.loss.isFinite else { return nil }
    var weights = NetworkParameters.zeros(for: network.configuration)
    network.backward(pass, logitGradients: [loss.gradient], into: &weights)
    let places = places(outputCount: loss.gradient.rowCount, clip: clip)
    let states = network.stateGradients(
      network.forward(places.map { _ in features }, dropoutSeed: 0),
      logitGradients: places.map { loss.gradient.onlyRow($0) })
    let weightNorm = weights.squaredNorm.squareRoot() / Double(labels.count)
    return ClipGradients(
      courses: states.map { layer in
        (
          layer.layer,
          zip(places, layer.clips).map { place, gradients in
            (0...place).map { gradients.norm(ofRow: place - $0) }
          }
        )
      },
      weightNorm: weightNorm.isFinite ? weightNorm : .infinity)
  }

  /// Draws clips that are long enough, or the longest where these are too few.
  private func chosenClips(of corpus: Corpus, seconds: Double) -> [LabelledClip] {
    var random = SplitMix64(seed: seed, stream: RandomStream.gradients.rawValue)
    let clips = corpus.clips.filter { $0.duration <= TrainingOptions().longestClipSeconds }
      .shuffled(using: &random)
    let long = clips.filter { $0.duration >= seconds }
    guard long.count < clipCount else { return Array(long.prefix(clipCount)) }
    let byLength = clips.enumerated().sorted {
      ($1.element.duration, $0.offset) < ($0.element.duration, $1.offset)
    }
    return byLength.prefix(clipCount).map(\.element)
  }

  /// Draws outputs that have as many before them as are measured, if there are such.
  private func places(outputCount: Int, clip: Int) -> [Int] {
    var random = SplitMix64(
      seed: seed, stream: RandomStream.gradients.rawValue, UInt64(clip) + 1)
    let first = outputCount > longestDistance ? longestDistance : outputCount / 2
    return (0..<placeCount).map { _ in Int.random(in: first..<outputCount, using: &random) }
  }
}

extension Network {
  /// The network without what training does at random, and without pooling.
  fileprivate var undisturbed: Network {
    get throws(NetworkError) {
      var configuration = configuration
      configuration.architecture.dropout = 0
      configuration.architecture.pooling = nil
      return try Network(configuration: configuration, parameters: parameters)
    }
  }
}

extension Matrix {
  /// A row scaled to length 1, where it has one, and zeros in all others.
  fileprivate func onlyRow(_ index: Int) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: columnCount)
    let norm = norm(ofRow: index)
    guard norm > 0 else { return result }
    for column in 0..<columnCount {
      result[index, column] = Float(Double(self[index, column]) / norm)
    }
    return result
  }

  fileprivate func norm(ofRow index: Int) -> Double {
    row(index).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}

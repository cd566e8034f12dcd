internal import StapesFeatures
package import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesStreaming
internal import StapesText

/// The log-probabilities of a recogniser's classes for sound that comes in pieces.
///
/// A network of one direction whose features are not normalised by the whole clip gives, to the
/// last bit, what it gives for the whole recording at once; any other is computed in windows that
/// overlap (`WindowedNetwork`). Neither depends on how the sound is cut into pieces, and the memory
/// does not depend on its length.
package struct PosteriorStream: ~Copyable {
  /// Whether nothing is processed in windows, so that the outputs are those for the whole
  /// recording.
  package var isExact: Bool { network != nil }
  /// The outputs that are not settled yet, [n × C]; none for a stream that is exact.
  var preview: Matrix { windows?.preview ?? Matrix(rowCount: 0, columnCount: classCount) }

  private var extractor: IncrementalFeatureExtractor
  private var normalizer: IncrementalNormalizer?
  private var network: NetworkStream?
  private var windows: WindowedNetwork?
  private let classCount: Int

  /// Begins a recording.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser, at whose rate the samples are.
  ///   - layout: how windows are laid where they are needed.
  init(_ recognizer: Recognizer, layout: WindowedNetwork.Layout) {
    let model = recognizer.model
    guard let extractor = try? IncrementalFeatureExtractor(configuration: model.features) else {
      preconditionFailure("a model whose front end is not valid")
    }
    self.extractor = extractor
    classCount = model.alphabet.classCount
    normalizer = try? IncrementalNormalizer(model.normalization)
    network = normalizer == nil ? nil : try? NetworkStream(recognizer.network)
    if network == nil {
      windows = WindowedNetwork(
        recognizer.network, normalization: model.normalization, layout: layout)
    }
  }

  /// Begins a recording that is not listened to while it comes.
  package init(_ recognizer: Recognizer) {
    self.init(recognizer, layout: StreamOptions.recording.windows(for: recognizer.model))
  }

  /// Processes the next samples, mono and in -1...1.
  ///
  /// - Returns: natural logs, [outputs × classes], of the outputs that are settled now.
  package mutating func append(_ samples: [Float]) -> Matrix {
    hear(extractor.append(samples))
  }

  /// Ends the recording.
  ///
  /// - Returns: the outputs that were still to come, [outputs × classes].
  package mutating func finish() -> Matrix {
    var outputs = hear(extractor.finish())
    if var rest = network?.finish() {
      rest.takeLogSoftmaxOfRows()
      outputs.appendRows(of: rest)
    }
    if let rest = windows?.finish() { outputs.appendRows(of: rest) }
    return outputs
  }

  private mutating func hear(_ features: Matrix) -> Matrix {
    if let outputs = windows?.logProbabilities(of: features) { return outputs }
    var features = features
    normalizer?.normalize(&features)
    var outputs =
      network?.logits(of: features) ?? Matrix(rowCount: 0, columnCount: classCount)
    outputs.takeLogSoftmaxOfRows()
    return outputs
  }
}

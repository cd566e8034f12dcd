internal import StapesCTC
public import StapesCorpus
internal import StapesFeatures
package import StapesKernels
public import StapesModel
internal import StapesNetwork
internal import StapesText

extension TrainingOptions {
  /// Makes sure that a model can be trained further with these options: that it has the network and
  /// the front end that they describe, or LSTM layers of fewer units.
  package func checkShape(of model: SpeechModel) throws(TrainingError) {
    guard features == model.features else { throw .otherShape(part: "front end") }
    var former = self
    if let layer = model.network.configuration.equalLSTMLayer {
      former.hiddenSize = min(hiddenSize, layer.cell.size)
    }
    guard former.fits(model) else { throw .otherShape(part: "network") }
  }

  /// Whether a model has the network and the front end that these options describe.
  public func fits(_ model: SpeechModel) -> Bool {
    let configuration = networkConfiguration(classCount: model.alphabet.classCount)
    return features == model.features && configuration.shape == model.network.configuration.shape
  }

  /// Whether a corpus is one for which a general model of speech is a better beginning than random
  /// weights: clips to transcribe, and less than 30 hours of them.
  public func mayStartFromGeneralModel(on corpus: Corpus) -> Bool {
    task == .transcribe && corpus.hours < 30
  }

  /// What a model that is trained with these options asks of its clips.
  public var clipRequirements: ClipRequirements {
    let (features, stride) = (features, outputStride)
    return ClipRequirements(
      text: text, sampleRate: features.sampleRate, longestClipSeconds: longestClipSeconds
    ) { (features.frameCount(forSampleCount: $0) + stride - 1) / stride }
  }

  /// Whether a text can be read from a clip: CTC needs an output for each character, and one more
  /// between equal neighbours; a class needs no more than any output.
  package func fits(_ labels: [Int], frameCount: Int) -> Bool {
    task == .classify
      || CTC.requiredFrameCount(labels: labels) <= outputCount(forFrames: frameCount)
  }

  /// The number of the network's outputs for a clip.
  package func outputCount(forFrames frameCount: Int) -> Int {
    (frameCount + outputStride - 1) / outputStride
  }

  /// How often each utterance goes through the network in a step, each time under other masks.
  package var viewCount: Int { consistency > 0 ? 2 : 1 }

  /// The number of mel bands, where each column of the features is one of them or its slope.
  package var maskableBandCount: Int? {
    features.cepstrum == nil && features.energy == nil ? features.mel.bandCount : nil
  }
}

extension TrainingOptions.Task {
  /// The loss of a clip, in nats, and its gradient; see `losses(logits:labels:)`.
  package func loss(logits: Matrix, labels: [Int]) -> (loss: Double, gradient: Matrix) {
    losses(logits: [logits], labels: [labels])[0]
  }

  /// The losses of some clips, in nats, and their gradients.
  ///
  /// - Parameters:
  ///   - logits: for each clip [outputs × classes]; each gradient takes the memory of its logits
  ///     where nothing else holds them.
  ///   - labels: for each clip those of the text, or the one class that all outputs are of.
  /// - Returns: for each clip the loss and ∂loss/∂logits, [outputs × classes].
  package func losses(
    logits: consuming [Matrix], labels: [[Int]]
  ) -> [(loss: Double, gradient: Matrix)] {
    switch self {
    case .transcribe, .spot:
      CTC.losses(logits: consume logits, labels: labels).map { ($0.loss, $0.gradient) }
    case .classify:
      zip(logits, labels).map { logits, labels in
        CrossEntropy.loss(
          logits: logits, labels: [Int?](repeating: labels[0], count: logits.rowCount))
      }
    }
  }
}

extension NetworkConfiguration {
  /// The network without what only training minds.
  fileprivate var shape: NetworkConfiguration {
    var shape = self
    shape.architecture = NetworkArchitecture(
      convolutions: architecture.convolutions, stackCount: architecture.stackCount,
      stackStride: architecture.stackStride, layers: architecture.layers)
    return shape
  }
}

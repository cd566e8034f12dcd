internal import Glibc
internal import StapesFeatures
public import StapesModel
internal import StapesKernels
package import StapesNetwork
internal import StapesText

/// How a model is trained further on other clips.
public struct FineTuning: Codable, Sendable, Equatable {
  /// Which weights stay as they are.
  public enum Frozen: Sendable, Equatable {
    /// None.
    case nothing
    /// Those before the first layer.
    case front
    /// Those before and in the first so many layers.
    case layers(Int)
    /// All but those of the output.
    case allLayers
  }

  /// Which weights stay as they are.
  public var frozen = Frozen.nothing
  /// What the learning rate is multiplied by for each layer further from the output, in 0...1
  /// (Howard and Ruder, "Universal language model fine-tuning for text classification", 2018).
  public var layerRateDecay = 1.0
  /// The share of each epoch's clips that comes from the clips to be replayed, so that they are not
  /// forgotten; in 0..<1.
  public var replayShare = 0.3

  /// Leaves all weights free.
  public init() {}

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `TrainingError.settingOutOfRange`.
  public func validate() throws(TrainingError) {
    if case .layers(let count) = frozen {
      try TrainingError.check("number of frozen layers", count, within: 0...1000)
    }
    try TrainingError.check("layer-wise learning rate decay", layerRateDecay, within: 0.01...1)
    try TrainingError.check("replayed share", replayShare, within: 0...0.95)
  }

  /// What the learning rate of each matrix is multiplied by; none where all rates are alike.
  package func rateFactors(for parameters: NetworkParameters) -> [Double] {
    guard frozen != .nothing || layerRateDecay != 1 else { return [] }
    let groups = parameters.tensors.map { WeightGroup(name: $0.name) }
    let layerCount = (groups.compactMap(\.layer).max() ?? -1) + 1
    let frozenLayerCount: Int? =
      switch frozen {
      case .nothing: nil
      case .front: 0
      case .layers(let count): count
      case .allLayers: layerCount
      }
    return groups.map { group in
      switch group {
      case .output: 1
      case .layer(let layer) where layer < frozenLayerCount ?? 0: 0
      case .layer(let layer): pow(layerRateDecay, Double(layerCount - layer))
      case .front: frozenLayerCount == nil ? pow(layerRateDecay, Double(layerCount + 1)) : 0
      }
    }
  }
}

/// Where a matrix stands in a network, by its name.
private enum WeightGroup {
  case front
  case layer(Int)
  case output

  init(name: String) {
    let parts = name.split(separator: ".")
    switch parts.first {
    case "output": self = .output
    case "layers" where parts.count > 1: self = Int(parts[1]).map(Self.layer) ?? .front
    default: self = .front
    }
  }

  /// The number of its layer.
  var layer: Int? {
    if case .layer(let layer) = self { layer } else { nil }
  }
}

extension FineTuning.Frozen: RawRepresentable, Codable {
  /// Reads `nothing`, `front`, `layers` for all of them, or a number of layers.
  public init?(rawValue: String) {
    switch rawValue {
    case "nothing": self = .nothing
    case "front": self = .front
    case "layers": self = .allLayers
    default:
      guard let count = Int(rawValue), count >= 0 else { return nil }
      self = .layers(count)
    }
  }

  /// The text that is read as this.
  public var rawValue: String {
    switch self {
    case .nothing: "nothing"
    case .front: "front"
    case .allLayers: "layers"
    case .layers(let count): "\(count)"
    }
  }
}

extension TrainingOptions {
  /// Takes over from a model the front end and the shape of the network, which further training
  /// cannot change, and how features and texts are normalised.
  ///
  /// The learning rate becomes a quarter of what it was, and so does the number of epochs, to 8 at
  /// the least: weights that are good already need neither large steps nor many.
  ///
  /// - Parameters:
  ///   - model: the model to train further.
  ///   - keepsObjective: whether the share of CTC-CRF is taken over as well, so that what it was
  ///     trained for, a language model beside it, still suits it.
  public mutating func adopt(_ model: SpeechModel, keepsObjective: Bool = false) {
    let configuration = model.network.configuration
    let architecture = configuration.architecture
    network = architecture
    if let layer = configuration.equalLSTMLayer {
      network = nil
      (stackCount, stride) = (architecture.stackCount, architecture.stackStride)
      (layerCount, hiddenSize) = (architecture.layers.count, layer.cell.size)
      (isBidirectional, dropout) = (layer.isBidirectional, architecture.dropout)
    }
    features = model.features
    text = model.textNormalization
    adopt(model.normalization)
    if keepsObjective, task == .transcribe,
      let recorded = try? TrainingOptions(
        writtenAs: model.provenance.notes[Provenance.optionsNote] ?? "")
    {
      crfShare = recorded.crfShare
    }
    learningRate.peak /= 4
    epochCount = min(epochCount, max(epochCount / 4, 8))
  }

  /// Whether the language model that is used with a model may be used with what it is trained to
  /// write: any words of the same language, with the same characters.
  public func mayKeepLanguageModel(of model: SpeechModel) -> Bool {
    let other = model.textNormalization
    return task == .transcribe && vocabulary == .open && text.language == other.language
      && (text.letterCase, text.punctuation, text.digits)
        == (other.letterCase, other.punctuation, other.digits)
  }

  /// Whether features are to be normalised as a model does it, and so with its statistics.
  package func keepsNormalization(of model: SpeechModel) -> Bool {
    var adopting = self
    adopting.adopt(model.normalization)
    return adopting == self
  }

  private mutating func adopt(_ normalization: FeatureNormalization) {
    switch normalization {
    case .none: self.normalization = .none
    case .perClip: self.normalization = .perClip
    case .smoothed(let frameCount, _, _):
      self.normalization = .smoothed
      priorFrameCount = frameCount
    case .global: self.normalization = .global
    case .sliding(let frameCount, _, _):
      self.normalization = .sliding
      slidingFrameCount = frameCount
    }
  }
}

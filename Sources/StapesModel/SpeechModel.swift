public import StapesDecoding
public import StapesFeatures
internal import StapesFiles
public import StapesKernels
public import StapesNetwork
public import StapesText

/// A trained recogniser: all that is needed to turn samples into text, in memory or as one file.
public struct SpeechModel: Sendable {
  /// How samples become features.
  public let features: FeatureConfiguration
  /// How features are normalised before the network sees them.
  public let normalization: FeatureNormalization
  /// What the network's classes stand for.
  public let outputs: ModelOutputs
  /// The only words that the model writes, in order; nil when it may write any.
  public let vocabulary: [String]?
  /// How the transcripts were written that the model learned from.
  public let textNormalization: TextNormalization
  /// The network: features to logits of classes.
  public internal(set) var network: StoredNetwork
  /// The network's label priors; nil until they were measured.
  public var labelPriors: LabelPriors?
  /// How much a language model counts beside this one; nil until that was tried out.
  public var languageWeights: LanguageWeights?
  /// The language model that is used with it; nil for none.
  public var languageModel: UsualLanguageModel?
  /// How its probabilities become confidences; nil until that was measured.
  public var calibration: ConfidenceCalibration?
  /// The same beside a language model of those weights.
  public var languageCalibration: ConfidenceCalibration?
  /// The phrases that it was trained to spot; nil for a model of another kind.
  public var spotting: SpottingSettings?
  /// Where the model comes from.
  public var provenance: Provenance

  /// The characters that the model writes; none where it tells clips apart.
  public var alphabet: Alphabet { outputs.alphabet }

  /// A text as the model writes it, to be compared with what it writes or to be written by it; in
  /// the usual forms of characters where the model lacks those that stand there.
  package func normalized(_ text: String) -> String {
    guard !alphabet.characters.isEmpty else { return textNormalization.normalized(text) }
    return textNormalization.normalizedInUsualForms(text, knowing: alphabet.characters)
  }

  /// The labels by which no text and no word begins; nil for none.
  public var dependents: DependentLabels? { outputs.dependents(under: textNormalization.rules) }

  /// Puts together a model that writes texts.
  ///
  /// - Precondition: the parts fit together, as
  ///   `init(features:normalization:outputs:vocabulary:textNormalization:network:provenance:)` has
  ///   it.
  public init(
    features: FeatureConfiguration, normalization: FeatureNormalization, alphabet: Alphabet,
    vocabulary: [String]? = nil, textNormalization: TextNormalization, network: Network,
    provenance: Provenance = Provenance()
  ) {
    self.init(
      features: features, normalization: normalization, outputs: .characters(alphabet),
      vocabulary: vocabulary, textNormalization: textNormalization, network: network,
      provenance: provenance)
  }

  /// Puts a model together.
  ///
  /// - Precondition: the parts fit together: each is valid, the normaliser and the network take as
  ///   many features as the front end gives, the network has as many classes as the outputs have,
  ///   the alphabet has the characters of the vocabulary, and the network of a model that tells
  ///   clips apart gives one output a clip.
  public init(
    features: FeatureConfiguration, normalization: FeatureNormalization, outputs: ModelOutputs,
    vocabulary: [String]? = nil, textNormalization: TextNormalization, network: Network,
    provenance: Provenance = Provenance()
  ) {
    self.features = features
    self.normalization = normalization
    self.outputs = outputs
    self.vocabulary = vocabulary
    self.textNormalization = textNormalization
    self.network = StoredNetwork(network)
    self.provenance = provenance
    do throws(ModelFault) {
      try checkParts()
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The model with quantised weights.
  ///
  /// - Throws: `ModelFault.rounded` when they are already.
  public func quantized(to precision: WeightPrecision) throws(ModelFault) -> SpeechModel {
    var model = self
    let exact = try rethrowing(
      network.network(),
      as: { (_: NetworkError) in ModelFault.rounded(precision: network.precision.rawValue) })
    model.network = StoredNetwork(exact, precision: precision)
    return model
  }

  /// Checks that the parts fit together.
  ///
  /// - Throws: `ModelFault.unusableSetting` or `.mismatch`.
  func checkParts() throws(ModelFault) {
    let unusable = ModelFault.unusable("features")
    try rethrowing(features.validate(), as: unusable)
    try rethrowing(normalization.validate(columnCount: features.columnCount), as: unusable)
    try Self.check(
      "features that the network takes", network.configuration.featureCount,
      is: features.columnCount)
    try Self.check(
      "classes of the network", network.configuration.classCount,
      is: outputs.classCount)
    if let labelPriors {
      try Self.check(
        "label priors", labelPriors.logProbabilities.count, is: outputs.classCount)
      guard labelPriors.logProbabilities.allSatisfy({ $0.isFinite && $0 <= 0 }) else {
        throw .unusableSetting(key: "label_priors", detail: "they are not logs of probabilities")
      }
    }
    try checkLabels()
    try checkVocabulary()
  }

  private func checkLabels() throws(ModelFault) {
    guard let labels = outputs.labels else { return }
    guard network.configuration.architecture.pooling != nil else {
      throw .unusableSetting(key: "classes", detail: "the network gives many outputs for each clip")
    }
    guard Set(labels).count == labels.count, !labels.contains("") else {
      throw .unusableSetting(key: "classes", detail: "they are not different labels")
    }
  }

  private func checkVocabulary() throws(ModelFault) {
    for word in vocabulary ?? [] {
      guard !word.isEmpty, !word.contains(" "), (try? alphabet.labels(of: word)) != nil else {
        throw .unusableSetting(
          key: "vocabulary", detail: "the alphabet cannot write the word \(word.debugDescription)")
      }
    }
  }

  private static func check(
    _ what: String, _ found: Int, is expected: Int
  ) throws(ModelFault) {
    guard found == expected else {
      throw .mismatch(what: what, expected: expected, found: found)
    }
  }
}

/// The language model that is used with a model where no other is given.
public struct UsualLanguageModel: Codable, Sendable, Equatable {
  /// The bundled model that it belongs to.
  public var bundledName: String
  /// Words that may be written though it does not know them.
  public var furtherWords: [String]

  /// Names a language model.
  public init(of bundledName: String, furtherWords: [String] = []) {
    (self.bundledName, self.furtherWords) = (bundledName, furtherWords)
  }
}

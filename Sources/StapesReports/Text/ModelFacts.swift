internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
package import StapesModel
internal import StapesNetwork
internal import StapesText

/// What there is to say about a model, as one JSON object.
package struct ModelFacts: Encodable {
  let provenance: Provenance
  let features: FeatureConfiguration
  let normalization: FeatureNormalization
  let alphabet: [String]
  let classes: [String]?
  let vocabulary: [String]?
  let text: TextNormalization
  let network: NetworkConfiguration
  let architecture: String
  let weightCount: Int
  let multiplyAddCountPerSecond: Double
  let weightPrecision: WeightPrecision
  let languageWeights: LanguageWeights?
  let languageModel: UsualLanguageModel?

  package init(_ model: SpeechModel) {
    provenance = model.provenance
    features = model.features
    normalization = model.normalization
    alphabet = model.alphabet.characters
    classes = model.outputs.labels
    vocabulary = model.vocabulary
    text = model.textNormalization
    network = model.network.configuration
    architecture = model.network.configuration.architecture.description
    weightCount = model.network.weightCount
    multiplyAddCountPerSecond = model.multiplyAddCountPerSecond
    weightPrecision = model.network.precision
    languageWeights = model.languageWeights
    languageModel = model.languageModel
  }
}

extension SpeechModel {
  /// What there is to say about the model, a line a topic, for people.
  package var summary: String {
    let facts = facts
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { name, lines in
      lines.enumerated().map { index, line in
        let label = (index == 0 ? name : "").escapedForTerminal
        let padding = String(repeating: " ", count: max(0, width + 2 - label.count))
        return "\(label)\(padding)\(line.escapedForTerminal)\n"
      }.joined()
    }.joined()
  }
}

import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesText

/// A front end with few features.
let smallFeatures: FeatureConfiguration = {
  var features = FeatureConfiguration(sampleRate: 8000)
  features.mel.bandCount = 10
  return features
}()

/// A small model with random weights and every part filled.
func smallModel(
  normalization: FeatureNormalization = .perClip, vocabulary: [String]? = ["a", "cé"]
) throws -> SpeechModel {
  var generator = SplitMix64(seed: 7)
  let alphabet = try Alphabet(characters: [" ", "a", "c", "é"])
  let network = try Network(
    configuration: NetworkConfiguration(
      featureCount: smallFeatures.columnCount, layerCount: 1, hiddenSize: 5,
      isBidirectional: false, classCount: alphabet.classCount),
    using: &generator)
  let figure = Provenance.Figure(
    name: "cer", clips: "held out", clipCount: 12, value: 0.1, lower: 0.05, upper: 0.15)
  return SpeechModel(
    features: smallFeatures, normalization: normalization, alphabet: alphabet,
    vocabulary: vocabulary, textNormalization: TextNormalization(letterCase: .keep),
    network: network,
    provenance: Provenance(
      summary: "A \"small\" model\nof nothing", licence: "CC0", toolVersion: "0.1", seed: .max,
      epochCount: 3, dataFingerprint: "abc", clipCount: 4, hours: 0.1, speakerCount: 2,
      figures: [figure], notes: ["z": "last", "a/b": "first"]))
}

extension Safetensors.Tensor {
  /// The values of a tensor of 32-bit floats; none for other types.
  var values: [Float] {
    get {
      guard case .float32(let values) = content else { return [] }
      return values
    }
    set { content = .float32(newValue) }
  }
}

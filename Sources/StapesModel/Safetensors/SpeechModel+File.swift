internal import StapesDecoding
internal import StapesFeatures
package import StapesFiles
internal import StapesKernels
internal import StapesNetwork
internal import StapesText

// The file is a safetensors file: the tensors are the network's weights, and everything else
// stands in its metadata, each part as a JSON text with sorted keys.

/// The keys of the metadata.
private enum Key: String {
  /// The version of this layout, a number.
  case format = "stapes_format"
  /// The checksum of everything else; see `Safetensors.checksum`.
  case checksum
  case features
  case normalization
  case alphabet
  /// Absent from a model that writes characters.
  case classes
  /// Absent from a model that may write any word.
  case vocabulary
  case text
  case network
  /// Absent from a model whose priors were not measured.
  case labelPriors = "label_priors"
  /// Absent from a model that was not tuned to a language model.
  case languageWeights = "language_weights"
  /// Absent from a model that is used without one.
  case languageModel = "language_model"
  /// Absent from a model whose confidences were not measured.
  case calibration
  /// The same for decoding with a language model.
  case languageCalibration = "language_calibration"
  /// Absent from a model that was not trained to spot phrases, and has no thresholds.
  case spotting
  case provenance
}

/// The versions of the layout; in the second, weights may be quantised, in the third the
/// network is described by a text, and in the fourth clips may be told apart.
///
/// A file is of the first version that can hold it, so that older tools read what they can.
private enum Format: String {
  case float32 = "1"
  case anyPrecision = "2"
  case anyNetwork = "3"
  case anyOutputs = "4"

  /// The first version that holds a model.
  init(for model: SpeechModel) {
    let network = model.network
    self =
      model.outputs.labels != nil
      ? .anyOutputs
      : network.configuration.equalLSTMLayer == nil
        ? .anyNetwork : network.precision == .float32 ? .float32 : .anyPrecision
  }
}

extension SpeechModel {
  /// Reads a model file.
  ///
  /// - Throws: `ModelError.file`, or `.refused` with what differs from a model: a file cut
  ///   or altered anywhere is refused.
  public init(contentsOf path: String) throws(ModelError) {
    self = try ModelFile.read(path) { bytes throws(ModelFault) in try Self(bytes: bytes) }
  }

  /// Reads a model from the bytes of its file.
  ///
  /// - Throws: `ModelFault`, for bytes that are not exactly those of a model.
  public init(serialized bytes: [UInt8]) throws(ModelFault) {
    try self.init(bytes: bytes.span)
  }

  /// Writes the model to a file.
  ///
  /// The bytes go to a temporary file beside it, which is renamed when it is complete: the path
  /// holds the whole model, or what was there before.
  ///
  /// - Throws: `ModelError.file`.
  public func write(to path: String) throws(ModelError) { try write(to: path, known: nil) }

  /// Writes the model to a file, but not over what another program has made of it since it was `known`.
  package func write(to path: String, known: FileNode?) throws(ModelError) {
    try ModelFile.write(serialized(), to: path, known: known)
  }

  /// The bytes of the model's file; the same model always gives the same bytes.
  public func serialized() -> [UInt8] {
    var metadata: [Key: String] = [
      .format: Format(for: self).rawValue,
      .features: canonicalJSON(features),
      .normalization: canonicalJSON(normalization),
      .alphabet: canonicalJSON(alphabet.characters),
      .text: canonicalJSON(textNormalization),
      .network: canonicalJSON(network.configuration),
      .provenance: canonicalJSON(provenance),
    ]
    metadata[.classes] = outputs.labels.map { canonicalJSON($0) }
    metadata[.vocabulary] = vocabulary.map { canonicalJSON($0) }
    metadata[.labelPriors] = labelPriors.map { canonicalJSON($0) }
    metadata[.languageWeights] = languageWeights.map { canonicalJSON($0) }
    metadata[.languageModel] = languageModel.map { canonicalJSON($0) }
    metadata[.calibration] = calibration.map { canonicalJSON($0) }
    metadata[.languageCalibration] = languageCalibration.map { canonicalJSON($0) }
    metadata[.spotting] = spotting.map { canonicalJSON($0) }
    var file = Safetensors(
      metadata: Dictionary(uniqueKeysWithValues: metadata.map { ($0.rawValue, $1) }),
      tensors: network.tensors)
    file.metadata[Key.checksum.rawValue] = file.checksum
    return file.serialized()
  }

  private init(bytes: Span<UInt8>) throws(ModelFault) {
    let file = try Safetensors(bytes: bytes)
    let format = try file.format()
    guard try file.text(.checksum) == file.checksum else { throw .altered }

    features = try file.setting(.features)
    normalization = try file.setting(.normalization)
    textNormalization = try file.setting(.text)
    provenance = try file.setting(.provenance)
    let characters: [String] = try file.setting(.alphabet)
    let alphabet = try rethrowing(
      Alphabet(characters: characters), as: ModelFault.unusable(Key.alphabet.rawValue))
    let labels: [String]? = try file.settingIfThere(.classes)
    outputs = labels.map { .classes($0) } ?? .characters(alphabet)
    for (key, texts) in [(Key.alphabet, characters), (.classes, labels ?? [])] {
      guard !texts.contains(where: \.holdsControl) else {
        throw .unusableSetting(key: key.rawValue, detail: "it holds a control character")
      }
    }
    vocabulary = try file.settingIfThere(.vocabulary)
    labelPriors = try file.settingIfThere(.labelPriors)
    let weights: LanguageWeights? = try file.settingIfThere(.languageWeights)
    try rethrowing(
      weights?.validate(), as: ModelFault.unusable(Key.languageWeights.rawValue))
    languageWeights = weights
    languageModel = try file.settingIfThere(.languageModel)
    calibration = try file.settingIfThere(.calibration)
    languageCalibration = try file.settingIfThere(.languageCalibration)
    spotting = try file.settingIfThere(.spotting)
    let configuration: NetworkConfiguration = try file.setting(.network)
    try rethrowing(configuration.validate(), as: ModelFault.unusable(Key.network.rawValue))
    network = try file.network(of: configuration)
    guard Format(for: self).rawValue <= format.rawValue else {
      throw .unusableSetting(key: Key.format.rawValue, detail: "the network is of a later one")
    }
    try checkParts()
  }
}

extension Safetensors {
  /// The checksum of everything in the file but the checksum itself.
  ///
  /// It takes the metadata by sorted keys, then each tensor's name, shape and values; how it takes
  /// them, see `Checksum`.
  package var checksum: String {
    var sum = Checksum()
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) where key != Key.checksum.rawValue {
      sum.add(key)
      sum.add(text)
    }
    for tensor in tensors {
      sum.add(tensor.name)
      for dimension in tensor.shape { sum.add(UInt64(dimension)) }
      tensor.content.add(to: &sum)
    }
    let digits = String(sum.value, radix: 16)
    return "fnv1a64-words:" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  fileprivate func format() throws(ModelFault) -> Format {
    let text = try text(.format)
    guard let format = Format(rawValue: text) else {
      let supported = "\(Format.float32.rawValue) to \(Format.anyOutputs.rawValue)"
      throw .unknownFormat(found: text, supported: supported)
    }
    return format
  }

  fileprivate func text(_ key: Key) throws(ModelFault) -> String { try text(key.rawValue) }

  fileprivate func settingIfThere<Setting: Decodable>(_ key: Key) throws(ModelFault) -> Setting? {
    metadata[key.rawValue] == nil ? nil : try setting(key)
  }

  fileprivate func setting<Setting: Decodable>(_ key: Key) throws(ModelFault) -> Setting {
    try setting(key.rawValue)
  }
}

extension String {
  /// Whether a control character is in it, which no text should hold and a terminal might obey.
  fileprivate var holdsControl: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

package import StapesFiles
internal import StapesKernels
internal import StapesNetwork
internal import StapesText

// The file is a safetensors file as that of a speech model: the tensors are the network's weights,
// and the rest stands in the metadata, each part as a JSON text with sorted keys.

/// The keys of the metadata.
private enum Key {
  /// The version of this layout, a number.
  static let format = "stapes_language_format"
  static let checksum = "checksum"
  static let characters = "characters"
  static let network = "network"
  static let provenance = "provenance"
}

private let format = "1"

extension NeuralLanguageModel {
  /// Reads a model file.
  ///
  /// - Throws: `ModelError.file`, or `.refused` with what differs from a model: a file cut
  ///   or altered anywhere is refused.
  public init(contentsOf path: String) throws(ModelError) {
    self = try ModelFile.read(path) { bytes throws(ModelFault) in try Self(bytes: bytes) }
  }

  /// Writes the model to a file.
  ///
  /// The bytes go to a temporary file beside it, which is renamed when it is complete.
  ///
  /// - Throws: `ModelError.file`.
  public func write(to path: String) throws(ModelError) { try write(to: path, known: nil) }

  /// Writes the model to a file, but not over what another program has made of it since it was `known`.
  package func write(to path: String, known: FileNode?) throws(ModelError) {
    try ModelFile.write(serialized(), to: path, known: known)
  }

  /// The bytes of the model's file; the same model always gives the same bytes.
  public func serialized() -> [UInt8] {
    var file = Safetensors(
      metadata: [
        Key.format: format, Key.characters: canonicalJSON(characters),
        Key.network: canonicalJSON(network.configuration),
        Key.provenance: canonicalJSON(provenance),
      ],
      tensors: StoredNetwork(network).tensors)
    file.metadata[Key.checksum] = file.checksum
    return file.serialized()
  }

  private init(bytes: Span<UInt8>) throws(ModelFault) {
    let file = try Safetensors(bytes: bytes)
    guard let found = file.metadata[Key.format] else { throw .notLanguageModel }
    guard found == format else { throw .unknownFormat(found: found, supported: format) }
    guard try file.text(Key.checksum) == file.checksum else { throw .altered }
    let configuration: NetworkConfiguration = try file.setting(Key.network)
    try rethrowing(configuration.validate(), as: ModelFault.unusable(Key.network))
    let stored = try file.network(of: configuration)
    let network = try rethrowing(
      stored.network(),
      as: { (_: NetworkError) in ModelFault.rounded(precision: stored.precision.rawValue) })
    try self.init(
      characters: try file.setting(Key.characters), network: network,
      provenance: try file.setting(Key.provenance))
  }
}

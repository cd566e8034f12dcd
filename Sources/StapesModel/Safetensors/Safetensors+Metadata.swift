internal import FoundationEssentials

extension Safetensors {
  /// A text of the metadata.
  ///
  /// - Throws: `ModelFault.missingMetadata`.
  func text(_ key: String) throws(ModelFault) -> String {
    guard let text = metadata[key] else { throw .missingMetadata(key: key) }
    return text
  }

  /// What a text of the metadata says in JSON.
  ///
  /// - Throws: `ModelFault.missingMetadata` and `.unusableSetting`.
  func setting<Setting: Decodable>(_ key: String) throws(ModelFault) -> Setting {
    let text = try text(key)
    do {
      return try JSONDecoder().decode(Setting.self, from: Data(text.utf8))
    } catch {
      throw .unusableSetting(key: key, detail: JSONFault(error).description)
    }
  }
}

public import StapesFiles

/// Why a model could not be read or written.
public enum ModelError: Error, Equatable {
  /// The file cannot be read or written; nothing half-written is left behind.
  case file(FileError)
  /// What the file holds is not a model that can be used.
  case refused(path: String, fault: ModelFault)
}

/// What is wrong with the content of a model file.
public enum ModelFault: Error, Equatable {
  /// The file is something else; `resembles` says what its first bytes look like.
  case notSafetensors(resembles: String)
  /// The header cannot be understood.
  case malformedHeader(detail: String)
  /// The file ends before, or goes on after, where its header says.
  case wrongLength(expected: Int, found: Int)
  /// A tensor is of a type that is not read.
  case unsupportedType(tensor: String, type: String)
  /// A tensor's place in the file does not agree with its shape or with the other tensors.
  case misplacedTensor(tensor: String)
  /// The metadata of a Stapes model is missing.
  case missingMetadata(key: String)
  /// The file is not one of a neural language model.
  case notLanguageModel
  /// The model was written in a format that this version does not know.
  case unknownFormat(found: String, supported: String)
  /// A setting in the metadata cannot be read, or is outside its range.
  case unusableSetting(key: String, detail: String)
  /// Two parts of the model do not fit together.
  case mismatch(what: String, expected: Int, found: Int)
  /// The tensors are not those that the network in the metadata has.
  case wrongTensor(name: String, expected: String, found: String)
  /// A weight is infinite or not a number.
  case notFinite(tensor: String)
  /// The weights are quantised where those of training are needed.
  case rounded(precision: String)
  /// The bytes are not those that were written.
  case altered

  /// A setting at fault, as what checks it says.
  static func unusable(_ key: String) -> (any Error) -> ModelFault {
    { .unusableSetting(key: key, detail: "\($0)") }
  }
  /// The model takes more bytes than a file of another format may have.
  case tooLarge(byteCount: Int, largest: Int)
}

extension ModelError: CustomStringConvertible {
  /// The file, the cause and the remedy in one sentence.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .refused(let path, let fault):
      "\(path): \(fault)"
    }
  }
}

extension ModelFault: CustomStringConvertible {
  /// The cause and the remedy in one sentence, without the file.
  public var description: String {
    switch self {
    case .notSafetensors(let resembles):
      "not a model but \(resembles); give a .safetensors file written by `stapes train`"
    case .malformedHeader(let detail):
      "the model's header is damaged (\(detail)); \(fetchAgain)"
    case .wrongLength(let expected, let found) where found < expected:
      "the model is cut short: \(found) bytes of \(expected); \(fetchAgain)"
    case .wrongLength(let expected, let found):
      "the model goes on after its end: \(found) bytes for \(expected); \(fetchAgain)"
    case .unsupportedType(let tensor, let type):
      "the weights `\(tensor)` are of type \(type), not F32; convert them to F32"
    case .rounded(let precision):
      "the model's weights are quantised (\(precision)); give the model that was quantised"
    case .misplacedTensor(let tensor):
      "the place of the weights `\(tensor)` does not agree with their shape; \(fetchAgain)"
    case .missingMetadata(let key):
      "a safetensors file, but not a Stapes model (no `\(key)` in its metadata); "
        + "give one written by `stapes train`"
    case .notLanguageModel:
      "a safetensors file, but not a language model; give one written by `stapes lm train --neural`"
    case .unknownFormat(let found, let supported):
      "the model is of format \(found), this version reads \(supported); "
        + "use the version of Stapes that wrote it, or train it again"
    case .unusableSetting(let key, let detail):
      "the model's `\(key)` cannot be used (\(detail)); \(fetchAgain)"
    case .mismatch(let what, let expected, let found):
      "the model's \(what): \(found) where \(expected) are needed; \(fetchAgain)"
    case .wrongTensor(let name, let expected, let found):
      "the weights `\(name)` should be \(expected) but are \(found); \(fetchAgain)"
    case .notFinite(let tensor):
      "the weights `\(tensor)` hold a value that is no finite number; train the model again"
    case .altered:
      "the model was changed after it was written (its checksum differs); \(fetchAgain)"
    case .tooLarge(let byteCount, let largest):
      "the model would take \(byteCount) bytes where ONNX allows \(largest); train a smaller one"
    }
  }

  private var fetchAgain: String { "copy or download the file again" }
}

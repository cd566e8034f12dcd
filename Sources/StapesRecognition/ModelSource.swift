internal import CModels
internal import FoundationEssentials
internal import StapesKernels
public import StapesModel

/// Where a recogniser's model comes from.
public enum ModelSource: Sendable {
  /// A model that comes with Stapes, by its name; see `bundledNames`.
  case bundled(String)
  /// A model file.
  case file(String)
  /// A model in memory.
  case model(SpeechModel)

  /// The names of the models that come with Stapes, the usual one first.
  public static var bundledNames: [String] { bundledFiles.map(\.name) }

  /// The bundled models, and where `CModels` has them; those it was built without are left out.
  private static let bundledFiles = [(name: "digits", file: stapes_digits_file)].filter {
    stapes_model_size($0.file) > 0
  }

  /// The model that a person names: a file or, where there is no such file, a bundled model.
  ///
  /// - Parameter name: the path or the name; nil for the usual bundled model.
  public init(named name: String?) {
    guard let name else {
      self = .bundled(Self.bundledNames.first ?? "digits")
      return
    }
    let isBundled =
      Self.bundledNames.contains(name) && !FileManager.default.fileExists(atPath: name)
    self = isBundled ? .bundled(name) : .file(name)
  }

  /// Loads the model.
  ///
  /// - Throws: `RecognitionError.noSuchBundledModel`, or `.model` with the fault of the file.
  public func load() throws(RecognitionError) -> SpeechModel {
    switch self {
    case .model(let model): return model
    case .bundled(let name):
      guard let file = Self.bundledFiles.first(where: { $0.name == name })?.file else {
        throw .noSuchBundledModel(name: name, available: Self.bundledNames)
      }
      do throws(ModelFault) {
        return try SpeechModel(serialized: Self.bytes(of: file))
      } catch {
        throw .model(.refused(path: name, fault: error))
      }
    case .file(let path):
      do throws(ModelError) {
        return try SpeechModel(contentsOf: path)
      } catch {
        throw .model(error)
      }
    }
  }

  private static func bytes(of file: stapes_model_file) -> [UInt8] {
    let size = stapes_model_size(file)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 7)
    let words = (0..<(size + 7) / 8).map { stapes_model_word(file, $0) }
    words.appendLittleEndianBytes(to: &bytes)
    bytes.removeLast(bytes.count - size)
    return bytes
  }
}

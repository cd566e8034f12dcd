internal import CModels
public import StapesModel

/// Where a recogniser's model comes from.
public enum ModelSource: Sendable {
  /// A model that comes with Stapes, by its name; see `bundledNames`.
  case bundled(String)
  /// A model file.
  case file(String)
  /// A model in memory.
  case model(SpeechModel)

  /// The names of the models that come with Stapes.
  public static var bundledNames: [String] {
    stapes_digits_model_count() > 0 ? [digitsName] : []
  }

  private static let digitsName = "digits"

  /// Loads the model.
  ///
  /// - Throws: `RecognitionError.noSuchBundledModel`, or `.model` with the fault of the file.
  public func load() throws(RecognitionError) -> SpeechModel {
    switch self {
    case .model(let model): return model
    case .bundled(let name):
      guard Self.bundledNames.contains(name) else {
        throw .noSuchBundledModel(name: name, available: Self.bundledNames)
      }
      do throws(ModelFault) {
        return try SpeechModel(serialized: Self.digitsBytes)
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

  private static var digitsBytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: stapes_digits_model_count())
    for index in bytes.indices { bytes[index] = stapes_digits_model_byte(index) }
    return bytes
  }
}

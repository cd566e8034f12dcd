internal import CModels
internal import StapesConcurrency
package import StapesFiles
internal import StapesKernels
internal import StapesLanguage
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
  public static var bundledNames: [String] { bundledModels.map(\.name) }

  /// A bundled model, and where `CModels` has it and its language model.
  private struct BundledModel {
    let name: String
    let file: stapes_model_file
    var language: stapes_model_file?
    var isForStreams = false
  }

  private static let bundledModels = [
    BundledModel(name: "english", file: stapes_english_file, language: stapes_english_words_file),
    BundledModel(
      name: "english-streaming", file: stapes_english_streaming_file,
      language: stapes_english_words_file, isForStreams: true),
    BundledModel(name: "digits", file: stapes_digits_file),
  ]

  /// The model that a person names: a file or, where there is no such file, a bundled model.
  ///
  /// - Parameters:
  ///   - name: the path or the name; nil for the usual bundled model.
  ///   - hearsStreams: whether the usual one is that for sound which is still coming.
  public init(named name: String?, hearsStreams: Bool = false) {
    if let name {
      let isBundled =
        Self.bundledNames.contains(name) && !(FileNode(at: name, followsLinks: true) != nil)
      self = isBundled ? .bundled(name) : .file(name)
    } else {
      let usual = Self.bundledModels.first { $0.isForStreams == hearsStreams }
      self = .bundled((usual ?? Self.bundledModels[0]).name)
    }
  }

  /// Loads the model.
  ///
  /// - Throws: `RecognitionError.noSuchBundledModel`, or `.model` with the fault of the file.
  public func load() throws(RecognitionError) -> SpeechModel {
    switch self {
    case .model(let model): return model
    case .bundled(let name):
      let bundled = try Self.bundledModel(name)
      var model = try rethrowing(
        SpeechModel(serialized: Self.bytes(of: bundled.file)),
        as: { RecognitionError.model(.refused(path: name, fault: $0)) })
      // Those with the same one name the same.
      model.languageModel = Self.bundledModels.first {
        $0.language != nil && $0.language == bundled.language
      }.map { UsualLanguageModel(of: $0.name) }
      return model
    case .file(let path):
      return try rethrowing(SpeechModel(contentsOf: path), as: RecognitionError.model)
    }
  }

  /// Loads the model and the language model that is used with it where no other is given.
  ///
  /// - Throws: as `load()` and `SpeechModel.usualLanguageModel()`.
  public func loadWithLanguageModel() throws(RecognitionError) -> (SpeechModel, LanguageModel?) {
    guard case .bundled(let name) = self else {
      let model = try load()
      return (model, try model.usualLanguageModel())
    }
    let (model, language) = together {
      Result { () throws(RecognitionError) in try load() }
    } _: {
      Result { () throws(RecognitionError) in try Self.languageModel(of: name) }
    }
    return (try model.get(), try language.get())
  }

  /// Adds the bytes of the model to a hash, and those of a language model that belongs to a bundled
  /// one; a model in memory has none.
  ///
  /// - Throws: `RecognitionError.noSuchBundledModel`, or `.file` for a file that cannot be read.
  package func addBytes(
    to hash: inout ContentHash, with language: UsualLanguageModel?
  ) throws(RecognitionError) {
    switch self {
    case .model: break
    case .file(let path):
      try rethrowing(hash.addFile(path, role: "model"), as: RecognitionError.file)
    case .bundled(let name): hash.add(words: Self.words(of: try Self.bundledModel(name).file))
    }
    if let language, let file = try Self.bundledModel(language.bundledName).language {
      hash.add(words: Self.words(of: file))
    }
  }

  /// Loads the language model that belongs to a bundled model; nil where none does.
  fileprivate static func languageModel(
    of name: String
  ) throws(RecognitionError) -> LanguageModel? {
    guard let file = try bundledModel(name).language else { return nil }
    return .ngrams(
      try rethrowing(
        NGramModel(binary: words(of: file), name: name), as: RecognitionError.languageModel))
  }

  private static func bundledModel(_ name: String) throws(RecognitionError) -> BundledModel {
    guard let model = bundledModels.first(where: { $0.name == name }) else {
      throw .noSuchBundledModel(name: name, available: bundledNames)
    }
    return model
  }

  private static func bytes(of file: stapes_model_file) -> [UInt8] {
    let size = stapes_model_size(file)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 7)
    words(of: file).appendLittleEndianBytes(to: &bytes)
    bytes.removeLast(bytes.count - size)
    return bytes
  }

  /// A file's bytes, eight to a word, the least significant first; zeros fill the last one.
  private static func words(of file: stapes_model_file) -> [UInt64] {
    (0..<(stapes_model_size(file) + 7) / 8).map { stapes_model_word(file, $0) }
  }
}

extension SpeechModel {
  /// Loads the language model that is used with it where no other is given; nil for none.
  ///
  /// - Throws: `RecognitionError.noSuchBundledModel`, or `.languageModel` with the fault of the file.
  public func usualLanguageModel() throws(RecognitionError) -> LanguageModel? {
    guard let languageModel else { return nil }
    return try ModelSource.languageModel(of: languageModel.bundledName)
  }
}
